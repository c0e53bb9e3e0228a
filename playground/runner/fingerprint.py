"""The machine's fingerprint: what a time depends on beside the program. Read by the runner, outside of any sandbox.

Sources: Documentation/admin-guide/cputopology.rst, Documentation/admin-guide/pm/cpufreq.rst, proc(5).
"""

import functools
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from playground.contracts.events import Machine
from playground.runner import hardware

CPUS = Path("/sys/devices/system/cpu")
LIBRARIES = ("numpy",)
VERSION_WITHIN_S = 10


def now() -> Machine:
    """The machine, and how busy it is now; all but that is read once, for the start of a run waits for this."""
    return _lasting().model_copy(update={"load": os.getloadavg()[0]})


@functools.cache
def _lasting() -> Machine:
    return Machine(
        processor=hardware.processor_name()[:200],
        architecture=platform.machine(),
        cores=cores(CPUS),
        processors=len(os.sched_getaffinity(0)),
        governor=governor(CPUS),
        kernel=platform.release()[:200],
        memory_bytes=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        load=0.0,
        versions=_versions(),
    )


def cores(directory: Path) -> int:
    """Physical cores: what of one core has several numbers counts once."""
    siblings = {_read(path) for path in directory.glob("cpu[0-9]*/topology/thread_siblings_list")} - {None}
    return len(siblings) or os.cpu_count() or 1


def governor(directory: Path) -> str | None:
    """Who decides on the clock rate; several, where processors differ."""
    found = {_read(path) for path in directory.glob("cpu[0-9]*/cpufreq/scaling_governor")}
    return ", ".join(sorted(name for name in found if name))[:200] or None


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return None


def _versions() -> Mapping[str, str]:
    found = {name: metadata.version(name) for name in LIBRARIES}
    library, version = platform.libc_ver()
    found[library or "libc"] = version or "unknown"
    compiler = shutil.which("g++")
    if compiler:
        found["g++"] = _compiler_version(compiler)
    return found


def _compiler_version(compiler: str) -> str:
    """What Inductor compiles with; one that does not say its version has none."""
    try:
        said = subprocess.run(  # noqa: S603 - the machine's own compiler
            [compiler, "-dumpfullversion"], capture_output=True, text=True, timeout=VERSION_WITHIN_S, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return said.strip() if re.fullmatch(r"[\d.]+\s*", said) else "unknown"
