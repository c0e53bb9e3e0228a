"""Which walls stand on this host, which tier they make, and what would raise the others.

For the start, ``playground doctor`` and the page. Every layer is tried for real in a process of its own, never guessed
from versions.
"""

import os
import shutil
import stat
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playground.sandbox import cgroups, kernel, landlock, policy, root
from playground.sandbox.kernel import Mount, Namespace
from playground.sandbox.policy import Policy
from playground.sandbox.remedies import Surroundings, remedy, surroundings
from playground.sandbox.tiers import TIERS, Name
from playground.settings import Settings


@dataclass(frozen=True)
class Layer:
    """One wall: whether it stands here, what was seen, and how to raise it if it does not."""

    name: str
    active: bool
    detail: str
    remedy: str | None = None


@dataclass(frozen=True)
class Report:
    """What stands, and what follows."""

    surroundings: Surroundings
    tier: Name | None
    """The tier in which snippets run; None: nothing is served."""
    wanted: tuple[Name, ...]
    """The tiers that the settings allow, the strongest first."""
    layers: tuple[Layer, ...]

    @property
    def active(self) -> tuple[str, ...]:
        """The layers that the tier in force uses and that stand."""
        rules = TIERS[self.tier or self.wanted[0]]
        return tuple(layer.name for layer in self.layers if layer.active and layer.name in rules.walls + rules.extras)

    def missing(self, tier: Name) -> tuple[Layer, ...]:
        """The layers that keep a tier from standing."""
        return tuple(layer for layer in self.layers if layer.name in TIERS[tier].walls and not layer.active)


WITHOUT_WALLS = """\
PLAYGROUND_RUN_SNIPPETS_WITHOUT_WALLS=true serves all the same: then whoever sends a snippet can take it over."""
CAPABILITIES = ("compilers",)
"""Rows that are no walls: what some snippets want to call."""
COMPILERS = ("g++", "ld", "openssl", "objdump")
"""Inductor compiles with the first two, names precompiled headers by the third; objdump shows the machine code."""
NAMESPACES = {
    "user namespace": Namespace.USER,
    "pid namespace": Namespace.PID,
    "mount namespace": Namespace.MOUNT,
    "net namespace": Namespace.NET,
    "ipc namespace": Namespace.IPC,
    "uts namespace": Namespace.UTS,
    "cgroup namespace": Namespace.CGROUP,
}


def examine(settings: Settings) -> Report:
    """Try every layer, and name the tier that they make."""
    where = surroundings()
    found = _examine(settings.scratch_dir)
    layers = tuple(Layer(*row, None if row[1] else remedy(row[0], where, row[2])) for row in found)
    standing = {layer.name for layer in layers if layer.active}
    wanted: tuple[Name, ...] = ("full", "container") if settings.sandbox == "auto" else (settings.sandbox,)
    last: tuple[Name, ...] = ("unconfined",) if settings.run_snippets_without_walls else ()
    tier = next((name for name in wanted + last if standing.issuperset(TIERS[name].walls)), None)
    return Report(where, tier, wanted, layers)


def require(settings: Settings) -> Report:
    """Refuse to serve below the container tier, unless the operator's setting says so.

    Raises:
        SystemExit: no tier stands; the message names what is missing and the remedies.
    """
    report = examine(settings)
    if report.tier is None:
        sys.exit("\n".join(("Refusing to run snippets without walls.", *_lacking(report), WITHOUT_WALLS)))
    return report


def ids() -> int:
    """How many user ids exist in this user namespace, from 0 (user_namespaces(7))."""
    rows = (map(int, line.split()) for line in Path("/proc/self/uid_map").read_text().splitlines())
    return max(inside + length for inside, _, length in rows)


def _lacking(report: Report) -> Iterator[str]:
    for tier in report.wanted:
        yield f"The {tier} tier lacks:"
        yield from (f"  {layer.name} ({layer.detail}). To raise it: {layer.remedy}" for layer in report.missing(tier))


Row = tuple[str, bool, str]
"""A layer's name, whether it stands, and what was seen."""


@cache
def _examine(scratch: Path) -> tuple[Row, ...]:
    return (
        *(_namespace(name, flag) for name, flag in NAMESPACES.items()),
        _private_root(),
        _user_per_run(),
        _readable_interpreter(),
        _landlock(),
        _seccomp(),
        _executable(scratch),
        _compilers(),
        *_groups(),
    )


def _namespace(name: str, flag: Namespace) -> Row:
    problem = _attempt(lambda: kernel.unshare(_with_user(flag)))
    return name, not problem, problem or "unshare(2) works"


def _with_user(flag: Namespace) -> Namespace:
    return flag if os.geteuid() == 0 else flag | Namespace.USER


def _private_root() -> Row:
    with tempfile.TemporaryDirectory(prefix="playground-doctor-") as base:
        problem = _attempt(lambda: _build_root(base))
    return "private root", not problem, problem or "a read-only root and a /proc of its own can be mounted"


def _build_root(base: str) -> None:
    """Go through what the warden does for a run; the caller is a process of its own."""
    made = Policy("full", (), (), (), TIERS["full"].devices, 1 << 20, 0, 0, 64, (), -1, "")
    uid = os.geteuid()
    kernel.unshare(_with_user(Namespace.MOUNT | Namespace.PID))
    if uid:
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {os.getegid()} 1")):
            Path("/proc/self", name).write_text(text)
    if pid := os.fork():
        os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    kernel.mount("none", "/", None, Mount.REC | Mount.PRIVATE)
    root.build_base(made, base)
    root.complete(made, 0)


def _user_per_run() -> Row:
    uid = policy.base_uid(os.getpid(), ids())
    with tempfile.TemporaryDirectory(prefix="playground-doctor-") as directory:
        problem = _attempt(lambda: _become(uid, directory))
    return "user per run", not problem, problem or f"uid {uid} and above can be taken"


def _become(uid: int, directory: str) -> None:
    """Give a closed directory away and look into it still, then become its owner."""
    os.chmod(directory, 0)
    os.chown(directory, uid, uid)
    os.listdir(directory)
    os.chown(directory, os.getuid(), os.getgid())
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def _readable_interpreter() -> Row:
    paths = (sys.executable, os.__file__, *policy.python_paths())
    problem = next((problem for path in paths if (problem := closed_to_others(path))), "")
    return "readable interpreter", not problem, problem or "every user may read Python and this package"


def closed_to_others(path: str) -> str:
    """The first directory on the way to ``path`` that others may not pass, as the command that opens it."""
    real = Path(path).resolve()
    for step in (*reversed(real.parents), real):
        mode = step.stat().st_mode
        needed = stat.S_IXOTH if step.is_dir() else stat.S_IROTH
        if not mode & needed:
            return f"chmod o+{'x' if step.is_dir() else 'r'} {step}"
    return ""


def _landlock() -> Row:
    version = landlock.abi()
    return "landlock", version > 0, f"ABI {version}" if version else "this kernel has none"


def _seccomp() -> Row:
    allow_all = bytes.fromhex("060000000000ff7f")  # BPF_RET, SECCOMP_RET_ALLOW

    def load() -> None:
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        kernel.set_seccomp_filter(allow_all)

    problem = _attempt(load)
    return "seccomp", not problem, problem or "a filter loads"


def _executable(scratch: Path) -> Row:
    try:
        flags = os.statvfs(scratch).f_flag
    except OSError as error:
        return "executable scratch", False, str(error)
    if flags & os.ST_NOEXEC:
        return "executable scratch", False, f"{scratch} is mounted noexec: torch.compile can't load what it built"
    return "executable scratch", True, f"{scratch} may hold programs"


def _compilers() -> Row:
    """No wall, but what torch.compile and AOTInductor call: without it all else works."""
    header = os.path.join(sysconfig.get_paths()["include"], "Python.h")
    missing = [name for name in COMPILERS if shutil.which(name) is None]
    missing += [] if os.path.exists(header) else ["Python.h"]
    if missing:
        return "compilers", False, f"without {', '.join(missing)} Inductor and AOTInductor compile nothing"
    return "compilers", True, f"{', '.join(COMPILERS)} and Python.h are there"


def _groups() -> Iterator[Row]:
    hierarchies = cgroups.discover(f"playground-doctor-{os.getpid()}")
    for parent in set(hierarchies.parents.values()):
        cgroups.remove_tree(parent)
    instead = {
        "memory": "RLIMIT_DATA and PSS hold instead",
        "pids": "RLIMIT_NPROC holds instead",
        "cpu": "nice instead",
    }
    for controller, text in instead.items():
        active = controller in hierarchies.active
        yield f"{controller} cgroup", active, f"version {hierarchies.version}" if active else text


def _attempt(action: Callable[[], None]) -> str:
    """Try something irrevocable in a child; the error's text, empty when it worked."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            action()
        except OSError as error:
            os.write(write, str(error).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(pid, 0)
    with open(read, encoding="utf-8") as file:
        return file.read()
