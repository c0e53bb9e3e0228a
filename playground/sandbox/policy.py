"""What a sandbox may see, write and use: the reviewed data that everything else here obeys.

Plain data without imports of weight: the warden, which stays small, reads it too. It travels to warden and fork server
as JSON.
"""

import importlib.util
import json
import os
import sys
import sysconfig
from dataclasses import asdict, dataclass
from typing import Any

SNIPPET_UID = 1000
BASE_UID = 1_879_048_192
"""0x70000000: above what distributions, systemd and containers hand out (systemd.io/UIDS-GIDS)."""
HOME = "/home/snippet"
HOSTNAME = "playground"
WRITABLE = ("/tmp", HOME, "/dev/shm")
DEVICES = ("null", "zero", "full", "random", "urandom")

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32")
"""Read-only; symbolic links among them stay links."""
SYSTEM_FILES = (
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/ssl/certs",
)

NOTICE = "This is a sandbox. Nothing here is worth stealing, and all of it is gone after the run."
PASSWD = f"""root:x:0:0:{NOTICE}:/:/usr/sbin/nologin
snippet:x:{SNIPPET_UID}:{SNIPPET_UID}:The program you sent:{HOME}:/bin/sh
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
"""
ETC = {
    "passwd": PASSWD,
    "group": f"root:x:0:\nsnippet:x:{SNIPPET_UID}:\nnogroup:x:65534:\n",
    "hosts": f"127.0.0.1 localhost {HOSTNAME}\n::1 localhost\n",
    "hostname": f"{HOSTNAME}\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}


@dataclass(frozen=True)
class Policy:
    """The data that depends on this machine and on the settings."""

    visible: tuple[str, ...]
    """Directories and files of Python and of this package, read-only at their own paths."""
    readable: tuple[str, ...]
    """What else may be read at its own path, if it is there."""
    writable: tuple[str, ...]
    """What else Landlock lets be written, where permissions allow it."""
    devices: tuple[str, ...]
    disk_bytes: int
    memory_bytes: int
    processes: int
    files: int
    """Inodes of a run's scratch space."""
    groups: tuple[str, ...]
    """The controllers whose control groups hold: what they count needs no other limit."""
    base_uid: int
    """Run ``slot`` is ``base_uid + slot`` outside; unprivileged: -1, there is one uid only."""

    def to_json(self) -> str:
        """As JSON, for the warden and the fork server."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Policy":
        """Back from ``to_json``."""
        fields: dict[str, Any] = json.loads(text)
        lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
        return cls(**{**fields, **lists})


def environment() -> dict[str, str]:
    """All environment variables that a snippet starts with; nothing of the server's leaks in."""
    path = ("/usr/local/bin", "/usr/bin", "/bin")
    binaries = os.path.dirname(sys.executable)
    return {
        "HOME": HOME,
        "USER": "snippet",
        "LANG": "C.UTF-8",
        "PATH": ":".join((binaries, *path)),
        "TMPDIR": "/tmp",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": "/tmp/.matplotlib",
        "OPENBLAS_NUM_THREADS": "1",
        "TORCHINDUCTOR_COMPILE_THREADS": "1",
        "TORCHINDUCTOR_CACHE_DIR": "/tmp/.inductor",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": ":".join((*_library_paths(), os.path.dirname(_package()))),
    }


def python_paths() -> tuple[str, ...]:
    """Where this Python, its libraries and this package live; the shortest set of directories."""
    package = _package()
    install = sysconfig.get_paths()
    candidates = {sys.prefix, sys.base_prefix, install["purelib"], install["platlib"], install["stdlib"], package}
    candidates |= set(_library_paths())
    inside_system = tuple(path for path in SYSTEM if not os.path.islink(path))
    return tuple(
        path for path in sorted(candidates) if not _below(path, inside_system) and not _below(path, candidates - {path})
    )


def _package() -> str:
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def _library_paths() -> tuple[str, ...]:
    """Where the libraries are that a snippet imports; for a user's own installation this is nowhere near Python."""
    origins = (spec.origin for name in ("torch", "numpy", "pydantic") if (spec := importlib.util.find_spec(name)))
    return tuple(dict.fromkeys(os.path.dirname(os.path.dirname(origin)) for origin in origins if origin))


def _below(path: str, parents: tuple[str, ...] | set[str]) -> bool:
    return any(path == parent or path.startswith(parent + "/") for parent in parents)
