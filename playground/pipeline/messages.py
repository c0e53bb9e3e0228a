"""Objects sent through a pipe between a process and its fork: each arrives whole, or not at all.

Both sides are the same sandbox: what the other one sends may run here too, so that pickles are as good as any form.
"""

import os
import pickle
import select
import struct
import time
from collections.abc import Iterator
from typing import Any

_SIZE = struct.Struct("<Q")
_CHUNK = 1 << 20


class LateError(Exception):
    """The other side did not say everything in time."""


def send(pipe: int, message: object) -> None:
    """Send one object.

    Raises:
        OSError: nobody reads, or the pipe is closed.
    """
    data = pickle.dumps(message)
    for part in (_SIZE.pack(len(data)), data):
        view = memoryview(part)
        while view:
            view = view[os.write(pipe, view) :]


def received(pipe: int, until: float | None = None) -> Iterator[Any]:
    """What is sent, until the other side has closed the pipe; one that was cut off in the middle, by a death, is none.

    Args:
        pipe: to read from.
        until: when to wait no longer, on the monotonic clock; None: wait as long as it takes.

    Raises:
        LateError: the time was up.
        OSError: the pipe is closed on this side.
    """
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    buffer = bytearray()
    while True:
        if not poll.poll(None if until is None else max(0.0, until - time.monotonic()) * 1000):
            raise LateError
        data = os.read(pipe, _CHUNK)
        if not data:
            return
        buffer += data
        yield from _whole(buffer)


def _whole(buffer: bytearray) -> Iterator[Any]:
    while len(buffer) >= _SIZE.size:
        (size,) = _SIZE.unpack_from(buffer)
        if len(buffer) < _SIZE.size + size:
            return
        with memoryview(buffer) as view:  # a copy of a large result would be one too many
            message = pickle.loads(view[_SIZE.size : _SIZE.size + size])  # noqa: S301 - see above
        del buffer[: _SIZE.size + size]
        yield message
