"""A tier made concrete for this machine and these settings: what travels to the warden and the fork server, as JSON.

What a snippet may see, write and call is in ``tiers``, one page each. Without imports of weight: the warden, which
stays small, reads this too.
"""

import importlib.util
import json
import os
import sys
import sysconfig
from dataclasses import asdict, dataclass
from typing import Any

from playground.sandbox.tiers import TIERS, Tier, full

SNIPPET_UID = 1000
BASE_UID = 1_879_048_192
"""0x70000000: above what distributions, systemd and containers hand out (systemd.io/UIDS-GIDS)."""
SMALL_BASE_UID, SMALL_RANGES = 40_000, 32
"""Where only the first 65,536 ids exist."""
UIDS = 512
"""For each runner, so that no two on a host share one: two for each slot, the snippet's and its reaper's."""
SLOTS = UIDS // 2
HOSTNAME = "playground"
NOTICE = "This is a sandbox. Nothing here is worth stealing, and all of it is gone after the run."
PASSWD = f"""root:x:0:0:{NOTICE}:/:/usr/sbin/nologin
snippet:x:{SNIPPET_UID}:{SNIPPET_UID}:The program you sent:{full.TIER.home}:/bin/sh
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
class Place:
    """One run's user and directories, as the run sees them."""

    uid: int
    run: str
    """The run's own directory on the host; empty where it has a root of its own."""
    home: str
    temporary: str
    shared: str

    @property
    def writable(self) -> tuple[str, ...]:
        """The directories that the run owns."""
        return tuple(path for path in (self.temporary, self.home, self.shared) if path)


@dataclass(frozen=True)
class Policy:
    """A tier, and the data that depends on this machine and on the settings."""

    tier: str
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
    inodes: int
    """Files and directories of a run's scratch space."""
    active: tuple[str, ...]
    """The layers of ``doctor`` that stand here: what they hold needs no other limit."""
    base_uid: int
    """Run ``slot`` is ``base_uid + slot`` outside; -1 where there is one uid only."""
    scratch: str
    """Where runs have their directories, in tiers without a root of their own."""

    @property
    def rules(self) -> Tier:
        """The reviewed part."""
        return TIERS[self.tier]

    def place(self, slot: int, name: str) -> Place:
        """Where the run ``name`` lives; of two runs at a time no two have the same slot."""
        run = "" if self.rules.namespaced else f"{self.scratch}/{name}"
        home, temporary = (path.format(run=run) for path in (self.rules.home, self.rules.temporary))
        return Place(self._uid(slot), run, home, temporary, self.rules.shared)

    def outer_uid(self, slot: int) -> int:
        """Who the run is outside: the owner of its files on this host. The next id is its reaper's, see ``keeper``."""
        return os.geteuid() if self.base_uid < 0 else self.base_uid + 2 * slot

    def _uid(self, slot: int) -> int:
        return SNIPPET_UID if self.rules.namespaced else self.outer_uid(slot)

    def to_json(self) -> str:
        """As JSON, for the warden and the fork server."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Policy":
        """Back from ``to_json``."""
        fields: dict[str, Any] = json.loads(text)
        lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
        return cls(**{**fields, **lists})


def base_uid(runner: int, ids: int) -> int:
    """Where the uids of a runner begin, by its pid, in a namespace that has ``ids`` ids."""
    if ids > BASE_UID + (runner + 1) * UIDS:
        return BASE_UID + runner * UIDS
    return SMALL_BASE_UID + runner % SMALL_RANGES * UIDS


def base_of(uid: int) -> int:
    """The ``base_uid`` to which a run's uid belongs; -1 when it is nobody's."""
    return uid - (uid - BASE_UID) % UIDS if uid >= BASE_UID else -1


def environment() -> dict[str, str]:
    """All environment variables of every run, but for ``directories``; nothing of the server's leaks in."""
    path = ("/usr/local/bin", "/usr/bin", "/bin")
    binaries = os.path.dirname(sys.executable)
    return {
        "USER": "snippet",
        "LANG": "C.UTF-8",
        "PATH": ":".join((binaries, *path)),
        "MPLBACKEND": "Agg",
        "OPENBLAS_NUM_THREADS": "1",
        "TORCHINDUCTOR_COMPILE_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": ":".join((*_library_paths(), os.path.dirname(_package()))),
    }


def directories(home: str, temporary: str) -> dict[str, str]:
    """The environment variables that name directories of one run."""
    return {
        "HOME": home,
        "TMPDIR": temporary,
        "MPLCONFIGDIR": f"{temporary}/.matplotlib",
        "TORCHINDUCTOR_CACHE_DIR": f"{temporary}/.inductor",
    }


def python_paths() -> tuple[str, ...]:
    """Where this Python, its libraries and this package live; the shortest set of directories."""
    package = _package()
    install = sysconfig.get_paths()
    candidates = {sys.prefix, sys.base_prefix, install["purelib"], install["platlib"], install["stdlib"], package}
    candidates |= set(_library_paths())
    inside_system = tuple(path for path in full.TIER.directories if not os.path.islink(path))
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
