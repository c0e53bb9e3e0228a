"""The way in: what a process does to itself before it may run a snippet. Each step only takes away.

Order matters: descriptors and groups while the outside is still visible, namespaces while privileges last, then
privileges, then Landlock and seccomp, which need ``no_new_privs``.
"""

import contextlib
import os
import resource

from playground.sandbox import kernel, landlock
from playground.sandbox.kernel import Namespace
from playground.sandbox.policy import Place, Policy

OOM_NEVER, OOM_FIRST = -1000, 500
_NICENESS = 10
_KIB = 1024
_JOINED = Namespace.MOUNT | Namespace.NET | Namespace.IPC | Namespace.UTS | Namespace.CGROUP


def join(init: int) -> None:
    """Join the namespaces of a run's PID 1 (a pidfd); its user namespace last, for it takes the privileges away."""
    kernel.setns(init, _JOINED)
    leave_groups()
    kernel.setns(init, Namespace.USER)


def leave_groups() -> None:
    """Leave all supplementary groups. A runner without privileges can't, and says so in ``doctor``."""
    with contextlib.suppress(PermissionError):
        os.setgroups([])


def set_oom_score(score: int) -> None:
    """Whom the kernel kills first when memory ends (proc(5), oom_score_adj). Lowering it needs a privilege."""
    with contextlib.suppress(PermissionError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write(str(score))


def lock_up(filters: tuple[bytes, ...], policy: Policy, place: Place, *, scoped: bool = True) -> None:
    """Become the run's user, without any capability, and let Landlock and seccomp fall shut.

    With ``scoped`` nobody outside can be sent a signal; PID 1 goes without, for it ends the snippet.
    """
    with contextlib.suppress(PermissionError):  # no_new_privs keeps what is in the set out of reach all the same
        kernel.drop_bounding_set()
    if place.uid != os.getuid():
        os.setresgid(place.uid, place.uid, place.uid)
        os.setresuid(place.uid, place.uid, place.uid)
    kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if landlock.abi():
        landlock.restrict(_readable(policy), _writable(policy, place), scoped=scoped)
    for program in filters:
        kernel.set_seccomp_filter(program)


def _readable(policy: Policy) -> tuple[str, ...]:
    """Where a run has a root of its own, its whole ``/etc``: the host's is not there."""
    rules = policy.rules
    etc = ("/etc",) if rules.namespaced else rules.files
    return (*rules.directories, *etc, "/proc", *policy.visible, *policy.readable)


def _writable(policy: Policy, place: Place) -> tuple[str, ...]:
    """``/dev`` of its own, or the nodes that the policy names; ``/proc/self/fd`` stands behind ``/dev/stdout``."""
    own = ("/dev", "/scratch") if policy.rules.namespaced else tuple(f"/dev/{name}" for name in policy.devices)
    return (*place.writable, *own, *policy.writable)


def limit_resources(policy: Policy) -> None:
    """The limits of setrlimit(2): what no control group counts, and what it would, where it is missing."""
    rules = policy.rules
    _limit(resource.RLIMIT_CORE, rules.amount("core dumps"))
    _limit(resource.RLIMIT_NOFILE, rules.amount("open files"))
    _limit(resource.RLIMIT_MEMLOCK, rules.amount("locked memory") * _KIB)
    _limit(resource.RLIMIT_MSGQUEUE, rules.amount("message queues") * _KIB)
    if "cpu cgroup" not in policy.active:
        os.nice(_NICENESS)  # the server answers while snippets burn
    if "pids cgroup" not in policy.active:
        _limit(resource.RLIMIT_NPROC, policy.processes)
    if "memory cgroup" not in policy.active:
        # RLIMIT_AS breaks torch, which reserves far more than it uses; RLIMIT_DATA counts what it really maps.
        _limit(resource.RLIMIT_DATA, _data_bytes() + policy.memory_bytes)
    if not rules.namespaced:
        _limit(resource.RLIMIT_FSIZE, policy.disk_bytes)


def _limit(what: int, most: int) -> None:
    resource.setrlimit(what, (most, most))


def go_home(place: Place) -> None:
    """The private, empty working directory."""
    os.umask(0o022)
    os.chdir(place.home)


def keep_only(control: int, *, stderr: bool = False) -> None:
    """A run's first process holds its control socket, as descriptor 0, and of the warden's at most ``stderr``."""
    os.dup2(control, 0)
    os.close(1)
    kernel.close_from(3 if stderr else 1)


def _data_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        data_pages = int(file.read().split()[5])
    return data_pages * os.sysconf("SC_PAGE_SIZE")
