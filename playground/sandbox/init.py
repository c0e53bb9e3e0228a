"""PID 1 of one run: holds its namespaces, reaps what nobody waits for, and hands out the files left behind.

It stands inside the same walls as the snippet, without privileges, and is no descendant or ancestor of the snippet's
process. Its control socket leads to the runner: when that closes, PID 1 ends, and with it everything in the run.
"""

import json
import os
import signal
import socket

from playground.sandbox import collector


def serve(control: socket.socket, home: str, temporary: str) -> None:
    """Wait for the runner's word: ``{"files", "bytes"}`` sends that many at most; end of file ends the run."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps orphans by itself then
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # PID 1 gets no signal that it does not handle
    while request := control.recv(4096):
        bounds = json.loads(request)
        _kill_everything_else()
        collector.collect(control, home, temporary, bounds["files"], bounds["bytes"])


def _kill_everything_else() -> None:
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        return
