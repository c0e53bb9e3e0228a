"""A copy of this process as it was at one moment, which waits until it is asked to go on from there.

Whatever a program changes afterwards (names, objects, random numbers, the place in its input), the copy has it as it
was before. It is a fork: making one costs some milliseconds, its memory only what is changed later.
"""

import contextlib
import os
import signal
import stat
import time
from collections.abc import Callable, Iterator
from typing import Generic, NoReturn, TypeVar

from playground.contracts.sentences import say
from playground.pipeline import messages

T = TypeVar("T")
LAST_STANDARD = 2


class LostError(Exception):
    """The copy ended before it had said everything."""


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
            messages.LateError: it took longer than this.
            LostError: it ended too early, or cannot be reached.
        """
        copy = None
        try:
            os.write(self._order, b"!")
            answers = messages.received(self._answer, time.monotonic() + within_s)
            copy = next(answers, None)
            yield from answers
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


def _be_copy(steps: Callable[[], Iterator[T]], order: int, answer: int) -> NoReturn:
    """Never returns: the rest of the program is its first process's."""
    try:
        os.setpgid(0, 0)
        _close_pipes({order, answer})
        if os.read(order, 1):
            messages.send(answer, os.getpid())
            for step in steps():
                messages.send(answer, step)
    finally:
        os._exit(0)


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
