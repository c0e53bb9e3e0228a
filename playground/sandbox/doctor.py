"""Which walls stand on this host, and what would raise the others. For the start, ``playground doctor`` and the page.

Every layer is tried for real in a process of its own, never guessed from versions.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playground.sandbox import cgroups, kernel, landlock
from playground.sandbox.kernel import Namespace
from playground.settings import Settings


@dataclass(frozen=True)
class Layer:
    """One wall: whether it stands here, what was seen, and how to raise it if it does not."""

    name: str
    active: bool
    required: bool
    detail: str
    remedy: str | None = None


_NAMESPACES = {
    "user": Namespace.USER,
    "pid": Namespace.PID,
    "mount": Namespace.MOUNT,
    "net": Namespace.NET,
    "ipc": Namespace.IPC,
    "uts": Namespace.UTS,
    "cgroup": Namespace.CGROUP,
}
_NAMESPACE_REMEDY = "run as root, or allow unprivileged user namespaces; in Docker add --cap-add SYS_ADMIN"
_GROUP_REMEDY = "run as root on a host with control groups, or in a systemd service with Delegate=yes"


def examine(settings: Settings) -> tuple[Layer, ...]:
    """Every layer, in the order in which a sandbox raises them."""
    del settings  # no setting weakens the full tier
    return _examine()


def require(settings: Settings) -> None:
    """Refuse to serve below the full tier.

    Raises:
        SystemExit: a required layer does not stand; the message names it and the remedy.
    """
    missing = [layer for layer in examine(settings) if layer.required and not layer.active]
    if missing:
        rows = "\n".join(f"  {layer.name}: {layer.detail}. To raise it: {layer.remedy}" for layer in missing)
        sys.exit(f"Refusing to run snippets without these walls:\n{rows}")


def in_user_namespace() -> bool:
    """Whether root here is not root outside (user_namespaces(7): the first namespace maps every id to itself)."""
    return Path("/proc/self/uid_map").read_text().split() != ["0", "0", "4294967295"]


@cache
def _examine() -> tuple[Layer, ...]:
    return (*(_namespace(name, flag) for name, flag in _NAMESPACES.items()), _landlock(), _seccomp(), *_groups())


def _namespace(name: str, flag: Namespace) -> Layer:
    problem = _attempt(lambda: kernel.unshare(flag if os.geteuid() == 0 else flag | Namespace.USER))
    return Layer(f"{name} namespace", not problem, True, problem or "unshare(2) works", problem and _NAMESPACE_REMEDY)


def _landlock() -> Layer:
    version = landlock.abi()
    remedy = None if version else "boot a kernel of 5.13 or later with landlock among its lsm= list"
    return Layer("landlock", version > 0, False, f"ABI {version}", remedy)


def _seccomp() -> Layer:
    allow_all = bytes.fromhex("060000000000ff7f")  # BPF_RET, SECCOMP_RET_ALLOW

    def load() -> None:
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        kernel.set_seccomp_filter(allow_all)

    problem = _attempt(load)
    return Layer("seccomp", not problem, True, problem or "a filter loads", problem and "use a kernel with seccomp")


def _groups() -> tuple[Layer, ...]:
    name = f"playground-doctor-{os.getpid()}"
    hierarchies = cgroups.discover(name)
    for parent in set(hierarchies.parents.values()):
        cgroups.remove_tree(parent)
    fallback = {"memory": "RLIMIT_DATA holds instead", "pids": "RLIMIT_NPROC holds instead", "cpu": "no CPU quota"}
    return tuple(
        Layer(
            f"{controller} cgroup",
            controller in hierarchies.active,
            False,
            f"version {hierarchies.version}" if controller in hierarchies.active else text,
            None if controller in hierarchies.active else _GROUP_REMEDY,
        )
        for controller, text in fallback.items()
    )


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
