"""Hands out the files that a run left: by descriptor, never by path, bounded in number, depth and bytes.

By then everything of the run is dead, so nothing moves.
"""

import json
import os
import socket
import stat
from collections.abc import Iterator
from itertools import chain

CHUNK = 65_536
LEVELS, SHOWN_AS = ".levels", "levels/"
"""Beside the temporary files: what the pipeline keeps there is shown in a directory of the snippet's. As it has it."""
MAX_DEPTH = 8
MAX_ENTRIES = 10_000


def collect(control: socket.socket, home: str, temporary: str, max_files: int, max_bytes: int) -> None:
    """Send each regular file below ``home``: a ``name`` message, its bytes in ``CHUNK`` pieces, at last ``end``.

    Then what the pipeline kept below ``temporary``.
    """
    found = chain(_walk(home), _walk(os.path.join(temporary, LEVELS), SHOWN_AS))
    left = max_bytes
    skipped = 0
    for count, (name, descriptor) in enumerate(found):
        with open(descriptor, "rb", buffering=0) as file:
            size = os.fstat(descriptor).st_size
            if count >= max_files or size > left:
                skipped += 1
                continue
            left -= size
            say(control, {"name": name, "size_bytes": size})
            _send_bytes(control, file.fileno(), size)
    say(control, {"end": True, "skipped": skipped})


def say(control: socket.socket, message: dict[str, object]) -> None:
    """Send one message."""
    control.send(json.dumps(message).encode())


def _send_bytes(control: socket.socket, descriptor: int, size: int) -> None:
    while size > 0 and (chunk := os.read(descriptor, min(CHUNK, size))):
        control.send(chunk)
        size -= len(chunk)


def _walk(home: str, shown_as: str = "") -> Iterator[tuple[str, int]]:
    """Names relative to the home and open descriptors of regular files; links and special files are not followed."""
    try:
        pending = [(shown_as, os.open(home, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW))]
    except OSError:
        return  # closed by its own user, or not there any more: nothing was left
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
