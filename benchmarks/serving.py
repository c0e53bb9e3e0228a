"""A whole ``playground serve`` of one's own, and the processes it consists of; for benchmarks and for tests."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playground.settings import Settings

PROC = Path("/proc")
STOP_WITHIN_S = 60.0


@dataclass(frozen=True)
class Served:
    """Web server, runner and real sandboxes, and the environment in which another command finds them."""

    url: str
    process: "subprocess.Popen[str]"
    environment: dict[str, str]

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_WITHIN_S)


@contextmanager
def serve(data_dir: Path, **settings: str) -> Iterator[Served]:
    """Serve on a free port, with no rate limit unless one is given, and end it on the way out.

    Raises:
        RuntimeError: it did not start.
    """
    own = {"PLAYGROUND_DATA_DIR": str(data_dir), "PLAYGROUND_RATE_LIMIT": ""}
    shared = {"PLAYGROUND_CACHE_DIR": str(Settings().workshops)}  # what takes half a minute is not done for each
    environment = os.environ | own | shared | settings
    command = [sys.executable, "-m", "playground", "serve", "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, env=environment, cwd=data_dir, stdout=subprocess.PIPE, text=True) as process:
        served = Served(_address(process), process, environment)
        try:
            yield served
        finally:
            served.stop()


def _address(process: "subprocess.Popen[str]") -> str:
    said = process.stdout.readline() if process.stdout else ""
    found = re.search(r"http://\S+", said)
    if not found:
        message = f"playground serve did not start: exit code {process.wait(STOP_WITHIN_S)}, said {said!r}"
        raise RuntimeError(message)
    return found.group()


def family(root: int) -> list[int]:
    """A process and all below it, parents first."""
    parents = {pid: parent(pid) for pid in (int(path.name) for path in PROC.iterdir() if path.name.isdigit())}
    found = [root]
    for pid in found:
        found += [child for child, above in parents.items() if above == pid]
    return found


def parent(pid: int) -> int:
    """The parent of a process; 0 when it has none, or is gone."""
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(stat.rpartition(")")[2].split()[1])


def running(root: int, module: str) -> list[int]:
    """The processes below ``root`` that run a module, parents first; forked children have its command line too."""
    return [pid for pid in family(root) if module.encode() in _words(pid)]


def _words(pid: int) -> list[bytes]:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return []
