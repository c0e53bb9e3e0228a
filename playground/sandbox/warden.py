"""The warden: a small process without torch that builds the walls of each run and starts its PID 1.

It holds the privileges that building namespaces needs, in a root of its own that is the sandbox's base root, and does
nothing else. The runner asks over a socket: ``{"uid"}`` with the control socket of the new PID 1; the answer is
``{"pid"}`` with a pidfd. PID 1 stays outside the run's control group: it runs nothing of the snippet's.
Forking here copies 9 MB, not torch's page tables.
"""

import os
import signal
import socket
import sys

from playground.sandbox import init, kernel, root, walls, wire
from playground.sandbox.kernel import Namespace
from playground.sandbox.policy import HOSTNAME, SNIPPET_UID, Policy

_OWN = Namespace.MOUNT | Namespace.NET | Namespace.IPC | Namespace.UTS | Namespace.CGROUP


class Warden:
    """What building a run needs, opened before the root changed."""

    def __init__(self, policy: Policy, filters: tuple[bytes, ...]) -> None:
        self.policy = policy
        self.filters = filters
        self.proc = os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        self.home = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)


def main() -> None:
    """Serve the runner until it closes the socket, whose descriptor is ``argv[1]``; the policy comes first."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl+C at the terminal is the runner's to handle
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    runner = socket.socket(fileno=int(sys.argv[1]))
    first, _ = wire.receive(runner)
    warden = Warden(Policy.from_json(first["policy"]), tuple(bytes.fromhex(program) for program in first["filters"]))
    kernel.unshare(Namespace.MOUNT)
    root.build_base(warden.policy, first["base"])
    wire.send(runner, {"ready": True})
    while True:
        try:
            request, descriptors = wire.receive(runner)
        except EOFError:
            return
        _start(runner, warden, request, descriptors)


def _start(runner: socket.socket, warden: Warden, request: dict[str, int], descriptors: list[int]) -> None:
    (control,) = descriptors
    mapped, built = socket.socketpair()
    kernel.unshare(Namespace.PID)
    pid = os.fork()
    if pid == 0:
        mapped.close()
        _become_init(warden, request["uid"], built, control)
    kernel.setns(warden.home, Namespace.PID)
    built.close()
    pidfd = kernel.pidfd_open(pid)
    try:
        error = mapped.recv(4096)
        if not error.startswith(b"!"):
            _map_user(warden.proc, pid, request["uid"])
            mapped.send(b"mapped")
            error = mapped.recv(4096)
        failure = {"error": error[1:].decode()} if error.startswith(b"!") else {}
        wire.send(runner, {"pid": pid, **failure}, [pidfd])
    finally:
        mapped.close()
        for descriptor in (control, pidfd):
            os.close(descriptor)


def _map_user(proc: int, pid: int, uid: int) -> None:
    """Inside, the snippet is uid 1000; outside it is this run's own. No other id exists there (user_namespaces(7))."""
    for file, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{SNIPPET_UID} {uid} 1"),
        ("gid_map", f"{SNIPPET_UID} {uid} 1"),
    ):
        descriptor = os.open(f"{pid}/{file}", os.O_WRONLY | os.O_CLOEXEC, dir_fd=proc)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


def _become_init(warden: Warden, uid: int, built: socket.socket, control: int) -> None:
    """Never returns: build the walls, go inside, serve. A failure is reported to the warden, which waits."""
    try:
        os.setsid()
        kernel.unshare(_OWN)
        socket.sethostname(HOSTNAME)
        root.complete(warden.policy, uid)
        walls.set_oom_score(walls.OOM_NEVER)
        walls.leave_groups()
        kernel.unshare(Namespace.USER)
        built.send(b"built")
        built.recv(16)
        walls.lock_up(warden.filters, warden.policy, scoped=False)
        built.send(b"locked")
        built.close()
    except OSError as error:
        built.send(b"!" + str(error).encode())
        os._exit(1)
    _keep_only(control)
    init.serve(socket.socket(fileno=0))
    os._exit(0)


def _keep_only(control: int) -> None:
    """PID 1 holds its control socket and nothing of the warden's: it becomes descriptor 0."""
    os.dup2(control, 0)
    kernel.close_from(1)


if __name__ == "__main__":
    main()
