"""How the full tier starts a run: namespaces, a root, and a PID 1 in them.

PID 1 stays outside the run's control group: it runs nothing of the snippet's.
"""

import contextlib
import os
import socket
from typing import NoReturn

from playground.sandbox import init, kernel, root, walls
from playground.sandbox.kernel import Namespace
from playground.sandbox.policy import HOSTNAME, SNIPPET_UID, Policy

_OWN = Namespace.MOUNT | Namespace.NET | Namespace.IPC | Namespace.UTS | Namespace.CGROUP


class Namespaced:
    """Starts runs. What building one needs is opened before the root changes."""

    def __init__(self, policy: Policy, filters: tuple[bytes, ...], base: str) -> None:
        self._policy = policy
        self._filters = filters
        self._proc = os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        self._home = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        kernel.unshare(Namespace.MOUNT)
        root.build_base(policy, base)

    def start(self, slot: int, name: str, control: int) -> tuple[int, int]:
        """Start PID 1 of the run; returns its pid and a pidfd.

        Raises:
            OSError: a wall could not be built; nothing is left of the run.
        """
        del name
        uid = self._policy.outer_uid(slot)
        mapped, built = socket.socketpair()
        kernel.unshare(Namespace.PID)
        pid = os.fork()
        if pid == 0:
            mapped.close()
            self._become_init(uid, built, control)
        kernel.setns(self._home, Namespace.PID)
        built.close()
        pidfd = kernel.pidfd_open(pid)
        try:
            self._follow(mapped, pid, uid)
        except OSError:
            os.close(pidfd)
            raise
        finally:
            mapped.close()
        return pid, pidfd

    def _follow(self, mapped: socket.socket, pid: int, uid: int) -> None:
        """Map the run's user when its namespace stands, and wait until the last wall does."""
        _heard(mapped)
        self._map_user(pid, uid)
        mapped.send(b"mapped")
        _heard(mapped)

    def _map_user(self, pid: int, uid: int) -> None:
        """The snippet is uid 1000 inside, this run's own outside. No other id exists there: user_namespaces(7)."""
        for file, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{SNIPPET_UID} {uid} 1"),
            ("gid_map", f"{SNIPPET_UID} {uid} 1"),
        ):
            descriptor = os.open(f"{pid}/{file}", os.O_WRONLY | os.O_CLOEXEC, dir_fd=self._proc)
            try:
                os.write(descriptor, text.encode())
            finally:
                os.close(descriptor)

    def _become_init(self, uid: int, built: socket.socket, control: int) -> NoReturn:
        """Never returns: build the walls, go inside, serve. A failure is reported to the warden, which waits."""
        place = self._policy.place(0, "")
        try:
            os.setsid()
            kernel.unshare(_OWN)
            socket.sethostname(HOSTNAME)
            root.complete(self._policy, uid)
            walls.set_oom_score(walls.OOM_NEVER)
            walls.leave_groups()
            kernel.unshare(Namespace.USER)
            built.send(b"built")
            built.recv(16)
            walls.lock_up(self._filters, self._policy, place, scoped=False)
            built.send(b"locked")
            built.close()
            walls.keep_only(control)
            init.serve(socket.socket(fileno=0), place.home, place.temporary)
        except OSError as error:
            with contextlib.suppress(OSError):  # the warden is gone, or heard before that all was well
                built.send(b"!" + str(error).encode())
        finally:
            os._exit(0)


def _heard(mapped: socket.socket) -> None:
    answer = mapped.recv(4096)
    if not answer or answer.startswith(b"!"):
        raise OSError(answer[1:].decode() or "the run's first process ended")
