"""PID 1 of one run: holds its namespaces, reaps what nobody waits for, and hands out the files left behind.

It stands inside the same walls as the snippet, without privileges, and is no descendant or ancestor of the snippet's
process. Its control socket leads to the runner: when that closes, PID 1 ends, and with it everything in the run.
"""

import json
import os
import signal
import socket
import stat
from collections.abc import Iterator

from playground.sandbox.policy import HOME

CHUNK = 65_536
MAX_DEPTH = 8
MAX_ENTRIES = 10_000


def serve(control: socket.socket) -> None:
    """Wait for the runner's word: ``collect`` sends files; end of file ends the run."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps orphans by itself then
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # PID 1 gets no signal that it does not handle
    while request := control.recv(4096):
        _collect(control, json.loads(request))


def _collect(control: socket.socket, bounds: dict[str, int]) -> None:
    """Send each regular file below the home: a ``file`` message, its bytes in ``CHUNK`` pieces, at last ``end``.

    By then the snippet is dead, so nothing moves: everything else in this PID namespace is killed first.
    """
    _kill_everything_else()
    left = bounds["bytes"]
    skipped = 0
    files = _walk()
    for count, (name, descriptor) in enumerate(files):
        with open(descriptor, "rb", buffering=0) as file:
            size = os.fstat(descriptor).st_size
            if count >= bounds["files"] or size > left:
                skipped += 1
                continue
            left -= size
            _say(control, {"name": name, "size_bytes": size})
            _send_bytes(control, file.fileno(), size)
    _say(control, {"end": True, "skipped": skipped})


def _kill_everything_else() -> None:
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        return


def _send_bytes(control: socket.socket, descriptor: int, size: int) -> None:
    while size > 0 and (chunk := os.read(descriptor, min(CHUNK, size))):
        control.send(chunk)
        size -= len(chunk)


def _say(control: socket.socket, message: dict[str, object]) -> None:
    control.send(json.dumps(message).encode())


def _walk() -> Iterator[tuple[str, int]]:
    """Names relative to the home and open descriptors of regular files; links and special files are not followed."""
    pending = [("", os.open(HOME, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW))]
    entries = 0
    while pending:
        prefix, directory = pending.pop()
        try:
            for name in sorted(os.listdir(directory)):
                entries += 1
                if name.startswith(".") or name == "__pycache__" or entries > MAX_ENTRIES:
                    continue
                descriptor = _open(name, directory)
                if descriptor is None:
                    continue
                mode = os.fstat(descriptor).st_mode
                if stat.S_ISREG(mode):
                    yield prefix + name, descriptor
                elif stat.S_ISDIR(mode) and prefix.count("/") < MAX_DEPTH:
                    pending.append((prefix + name + "/", descriptor))
                else:
                    os.close(descriptor)
        finally:
            os.close(directory)


def _open(name: str, directory: int) -> int | None:
    """Open without following links and without waiting for the other end of a FIFO."""
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=directory)
    except OSError:
        return None
