"""The way in: what a process does to itself before it may run a snippet. Each step only takes away.

Order matters: descriptors and groups while the outside is still visible, namespaces while privileges last, then
privileges, then Landlock and seccomp, which need ``no_new_privs``.
"""

import contextlib
import os
import resource

from playground.sandbox import kernel, landlock
from playground.sandbox.kernel import Namespace
from playground.sandbox.policy import HOME, SNIPPET_UID, WRITABLE, Policy

OOM_NEVER, OOM_FIRST = -1000, 500
_NICENESS = 10
_OPEN_FILES = 1024
_LOCKED_BYTES = 65_536
_READABLE = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/proc")
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


def lock_up(filters: tuple[bytes, ...], policy: Policy, *, scoped: bool = True) -> None:
    """Become the snippet's user, without any capability, and let Landlock and seccomp fall shut.

    With ``scoped`` nobody outside can be sent a signal; PID 1 goes without, for it ends the snippet.
    """
    kernel.drop_bounding_set()
    os.setresgid(SNIPPET_UID, SNIPPET_UID, SNIPPET_UID)
    os.setresuid(SNIPPET_UID, SNIPPET_UID, SNIPPET_UID)
    kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if landlock.abi():
        readable = (*_READABLE, *policy.visible, *policy.readable)
        landlock.restrict(readable, (*WRITABLE, "/dev", "/scratch", *policy.writable), scoped=scoped)
    for program in filters:
        kernel.set_seccomp_filter(program)


def limit_resources(policy: Policy) -> None:
    """The limits of setrlimit(2): what no control group counts, and what it would, where it is missing."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (_LOCKED_BYTES, _LOCKED_BYTES))
    resource.setrlimit(resource.RLIMIT_MSGQUEUE, (_LOCKED_BYTES, _LOCKED_BYTES))
    if "cpu" not in policy.groups:
        os.nice(_NICENESS)  # the server answers while snippets burn
    if "pids" not in policy.groups:
        resource.setrlimit(resource.RLIMIT_NPROC, (policy.processes, policy.processes))
    if "memory" not in policy.groups:
        # RLIMIT_AS breaks torch, which reserves far more than it uses; RLIMIT_DATA counts what it really maps.
        budget = _data_bytes() + policy.memory_bytes
        resource.setrlimit(resource.RLIMIT_DATA, (budget, budget))


def go_home() -> None:
    """The private, empty working directory."""
    os.umask(0o022)
    os.chdir(HOME)


def _data_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        data_pages = int(file.read().split()[5])
    return data_pages * os.sysconf("SC_PAGE_SIZE")
