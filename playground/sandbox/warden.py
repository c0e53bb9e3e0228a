"""The warden: a small process without torch that starts each run's first process, PID 1 or keeper.

It holds the privileges that building walls needs and does nothing else. The runner asks over a socket: ``{"slot",
"name"}`` with the control socket of the new run; the answer is ``{"pid"}`` with a pidfd, or ``{"error"}``. Forking here
copies 9 MB, not torch's page tables.
"""

import os
import signal
import socket
import sys

from playground.sandbox import kernel, wire
from playground.sandbox.keeper import Kept
from playground.sandbox.namespaced import Namespaced
from playground.sandbox.policy import Policy


def main() -> None:
    """Serve the runner until it closes the socket, whose descriptor is ``argv[1]``; the policy comes first."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl+C at the terminal is the runner's to handle
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    runner = socket.socket(fileno=int(sys.argv[1]))
    first, _ = wire.receive(runner)
    policy = Policy.from_json(first["policy"])
    filters = tuple(bytes.fromhex(program) for program in first["filters"])
    starter = Namespaced(policy, filters, first["base"]) if policy.rules.namespaced else Kept(policy)
    wire.send(runner, {"ready": True})
    while True:
        try:
            request, descriptors = wire.receive(runner)
        except EOFError:
            return
        _start(runner, starter, request, descriptors)


def _start(runner: socket.socket, starter: Namespaced | Kept, request: dict[str, str], descriptors: list[int]) -> None:
    (control,) = descriptors
    try:
        pid, pidfd = starter.start(int(request["slot"]), request["name"], control)
    except OSError as error:
        wire.send(runner, {"error": str(error)})
        return
    finally:
        os.close(control)
    wire.send(runner, {"pid": pid}, [pidfd])
    os.close(pidfd)


if __name__ == "__main__":
    main()
