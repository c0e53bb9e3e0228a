"""A runner without root becomes root of namespaces of its own: then it can build the same walls as one with root.

Only its own uid exists there, so all runs share it outside; user namespaces still part them (user_namespaces(7)).
"""

import os
import signal
import sys
from typing import NoReturn

from playground.sandbox import kernel
from playground.sandbox.kernel import Mount, Namespace


def enter() -> None:
    """Go on as a child that is root and PID 1 of new user, PID and mount namespaces; this process waits for it.

    Raises:
        OSError: the kernel or the distribution does not allow unprivileged user namespaces.
    """
    uid, gid = os.geteuid(), os.getegid()
    kernel.unshare(Namespace.USER | Namespace.PID | Namespace.MOUNT)
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)
    child = os.fork()
    if child:
        _wait(child)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    kernel.mount("none", "/", None, Mount.REC | Mount.PRIVATE)
    kernel.mount("proc", "/proc", "proc", Mount.NOSUID | Mount.NODEV | Mount.NOEXEC)


def _wait(child: int) -> NoReturn:
    """Pass signals on and end as the child ends."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: os.kill(child, received))
    _, status = os.waitpid(child, 0)
    sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)
