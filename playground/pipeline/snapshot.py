"""A copy of this process as it was at one moment, which waits until it is asked to go on from there.

Whatever a program changes afterwards (names, objects, random numbers, the place in its input), the copy has it as it
was before. It is a fork: making one costs some milliseconds, its memory only what is changed later.
"""

import contextlib
import os
import pickle
import select
import signal
import stat
import time
from collections.abc import Callable, Iterator
from typing import Any, Generic, NoReturn, TypeVar

from playground.contracts.sentences import say

T = TypeVar("T")
LAST_STANDARD = 2
_SIZE = 4
_CHUNK = 1 << 16


class LostError(Exception):
    """The copy ended before it had said everything."""


class LateError(Exception):
    """The copy did not say everything in time."""


class Snapshot(Generic[T]):
    """A waiting copy. ``steps`` is what it will do, in the copy; what that yields comes here.

    Args:
        steps: called in the copy, when it is asked.
        adopted: let the copy be no child of this process, which may wait for any child there is. Costs another fork.
    """

    def __init__(self, steps: Callable[[], Iterator[T]], *, adopted: bool) -> None:
        order, self._order = os.pipe()
        self._answer, answer = os.pipe()
        child = os.fork()
        if child == 0:
            if adopted and os.fork():
                os._exit(0)
            _be_copy(steps, order, answer)
        os.close(order)
        os.close(answer)
        if adopted:
            os.waitpid(child, 0)
        self._child = None if adopted else child

    def ask(self, within_s: float) -> Iterator[T]:
        """Let the copy go on, once; it is gone afterwards.

        Raises:
            LateError: it took longer than this.
            LostError: it ended too early, or cannot be reached.
        """
        copy = None
        try:
            os.write(self._order, b"!")
            messages = _messages(self._answer, time.monotonic() + within_s)
            copy = next(messages, None)
            yield from messages
        except OSError as error:  # the program closed what it did not open
            message = say("The process that waited cannot be reached any more.")
            raise LostError(message) from error
        finally:
            if copy:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(copy, signal.SIGKILL)  # and what it has started
            self.drop()

    def drop(self) -> None:
        """Let go of the copy; one that was never asked then ends by itself."""
        for descriptor in (self._order, self._answer):
            with contextlib.suppress(OSError):
                os.close(descriptor)
        self._order = self._answer = -1
        if self._child:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._child, 0)
            self._child = None


def _messages(descriptor: int, deadline: float) -> Iterator[Any]:
    buffer = bytearray()
    while True:
        while (end := _end_of_message(buffer)) is not None:
            yield pickle.loads(bytes(buffer[_SIZE:end]))  # noqa: S301 - what runs in the copy may run here too
            del buffer[:end]
        if not _wait(descriptor, deadline):
            raise LateError
        data = os.read(descriptor, _CHUNK)
        if not data:
            return
        buffer += data


def _end_of_message(buffer: bytearray) -> int | None:
    if len(buffer) < _SIZE:
        return None
    end = _SIZE + int.from_bytes(buffer[:_SIZE])
    return end if end <= len(buffer) else None


def _wait(descriptor: int, deadline: float) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(max(0.0, deadline - time.monotonic()) * 1000))


def _be_copy(steps: Callable[[], Iterator[T]], order: int, answer: int) -> NoReturn:
    """Never returns: the rest of the program is its first process's."""
    try:
        os.setpgid(0, 0)
        _close_pipes({order, answer})
        if os.read(order, 1):
            _send(answer, os.getpid())
            for step in steps():
                _send(answer, step)
    finally:
        os._exit(0)


def _send(descriptor: int, step: object) -> None:
    data = pickle.dumps(step)
    data = len(data).to_bytes(_SIZE) + data
    while data:
        data = data[os.write(descriptor, data) :]


def _close_pipes(kept: set[int]) -> None:
    """Somebody may wait for the end of what is read from a pipe, which comes only when nobody can write any more.

    The standard streams become the null device instead: a new pipe must not get one of their numbers.
    """
    null = os.open(os.devnull, os.O_RDWR)
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - pathlib is slow, and this runs beside the program
        descriptor = int(name)
        with contextlib.suppress(OSError):
            mode = os.fstat(descriptor).st_mode
            if descriptor in kept or not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
                continue
            if descriptor <= LAST_STANDARD:
                os.dup2(null, descriptor)
            else:
                os.close(descriptor)
