"""The fork server: torch imported once, forked once for every run. Single-threaded; parses nothing a child wrote.

The runner asks over a socket, with descriptors: the run's PID 1 (pidfd), the channel, the request, stdout, stderr and
the entrances of its control group. The answer is ``{"pid"}``; later ``{"exit", "status"}`` as waitpid(2) gives it.
Before it is ready it says each ``{"step"}``.
"""

import gc
import os
import platform
import select
import signal
import socket
import sys
from importlib import metadata
from pathlib import Path
from typing import Any, NoReturn

from playground import pipeline
from playground.runner import inside
from playground.sandbox import kernel, wire
from playground.sandbox.kernel import Namespace
from playground.sandbox.policy import Place, Policy

MAX_PROBLEM = 2_000
LIBRARIES = ("torch", "numpy", "matplotlib")


def main() -> None:
    """Serve the runner until it closes the socket, whose descriptor is ``argv[1]``; the policy comes first."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl+C at the terminal is the runner's to handle
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)  # a run's orphans are reaped here where it has no PID 1
    runner = socket.socket(fileno=int(sys.argv[1]))
    first, _ = wire.receive(runner)
    plan = inside.Plan(
        policy=Policy.from_json(first["policy"]),
        filters=tuple(bytes.fromhex(program) for program in first["filters"]),
        environment=first["environment"],
    )
    place = Path(first["compilers"]) if first["compilers"] else None
    problem = pipeline.prepare(place, lambda step: wire.send(runner, {"step": step}))
    _check_single_threaded()
    _check_cuda_untouched()
    gc.collect()
    gc.freeze()  # a collection in a child then leaves the shared pages alone
    wire.send(
        runner,
        {
            "ready": True,
            "python": platform.python_version(),
            "libraries": _versions(),
            "problem": problem[:MAX_PROBLEM],
        },
    )
    Zygote(runner, plan).serve()


class Zygote:
    """The loop of the fork server."""

    def __init__(self, runner: socket.socket, plan: inside.Plan) -> None:
        self._runner = runner
        self._plan = plan
        self._children: set[int] = set()
        self._home = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        self._wake, waker = socket.socketpair()
        self._wake.setblocking(False)
        waker.setblocking(False)
        self._waker = waker
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> None:
        """Fork on request, tell of exits, until the runner is gone."""
        poll = select.poll()
        poll.register(self._runner, select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll()}
            if self._wake.fileno() in ready:
                self._wake.recv(4096)
                self._reap()
            if self._runner.fileno() in ready:
                try:
                    request, descriptors = wire.receive(self._runner)
                except EOFError:
                    return
                self._spawn(request, descriptors)

    def _spawn(self, request: dict[str, Any], descriptors: list[int]) -> None:
        place = self._plan.policy.place(request["slot"], request["name"])
        pid = self._fork(descriptors[0])
        if pid == 0:
            self._become_sandbox(place, descriptors, warm=request["warm"])
        self._children.add(pid)
        for descriptor in descriptors:
            os.close(descriptor)
        wire.send(self._runner, {"pid": pid, "name": request["name"]})

    def _fork(self, init: int) -> int:
        """Fork into the PID namespace of a run's PID 1, if it has one."""
        if not self._plan.policy.rules.namespaced:
            return os.fork()
        kernel.setns(init, Namespace.PID)
        pid = os.fork()
        if pid:
            kernel.setns(self._home, Namespace.PID)
        return pid

    def _become_sandbox(self, place: Place, descriptors: list[int], *, warm: bool) -> NoReturn:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        inside.live(self._plan, place, descriptors, warm=warm)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self._children:  # the others are orphans of a run, adopted
                self._children.remove(pid)
                wire.send(self._runner, {"exit": pid, "status": status})


def _check_single_threaded() -> None:
    """One parallel torch operation here would hang every one in the children, for ever."""
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        message = f"the fork server has {threads} threads; it must have one"
        raise RuntimeError(message)


def _check_cuda_untouched() -> None:
    """A CUDA context does not survive a fork: each run makes its own."""
    if sys.modules["torch"].cuda.is_initialized():
        message = "the fork server has initialised CUDA; it must not touch it"
        raise RuntimeError(message)


def _versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in LIBRARIES}


if __name__ == "__main__":
    main()
