"""Work done in a forked child: what it changes, prints or breaks stays there; what it finds comes back step by step."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from playground.contracts.sentences import say
from playground.pipeline import messages

T = TypeVar("T")


class DiedError(Exception):
    """The child ended without saying so."""


class LateError(DiedError):
    """The child was ended, for its time was up."""


def apart(steps: Callable[[], Iterable[T]], limit_s: float | None = None) -> Iterator[T]:
    """Iterate over ``steps()`` in a child, which is gone when the iteration ends, however it ends.

    Args:
        steps: what the child does.
        limit_s: how long it may take, in seconds; None: as long as it likes.

    Raises:
        LateError: the time was up.
        DiedError: the child was killed, or left by ``os._exit``.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_child(steps, writing)
    os.close(writing)
    status = None
    try:
        yield from _read(reading, limit_s)
        _, status = os.waitpid(child, 0)
    finally:
        os.close(reading)
        if status is None:
            _end(child)
    if status:
        raise DiedError(_how(status))


def _read(pipe: int, limit_s: float | None) -> Iterator[T]:
    try:
        yield from messages.received(pipe, None if limit_s is None else time.monotonic() + limit_s)
    except messages.LateError as late:
        message = say("It was not done within {seconds} s, its share of this run's time.", seconds=f"{limit_s:.3g}")
        raise LateError(message) from late


def _be_child(steps: Callable[[], Iterable[T]], writing: int) -> None:
    """Never returns: the snippet's exit handlers are its first process's."""
    code = 1
    try:
        os.setpgid(0, 0)  # so that a compiler it starts ends with it
        silence()
        for step in steps():
            messages.send(writing, step)
        code = 0
    finally:
        os._exit(code)


def _end(child: int) -> None:
    """End a child and what it started, unless it left its group."""
    for kill, whom in ((os.killpg, child), (os.kill, child)):
        try:
            kill(whom, signal.SIGKILL)
        except ProcessLookupError:
            continue
    os.waitpid(child, 0)


def silence() -> None:
    """Print nowhere from now on: a call that is made a thousand times must not print a thousand times."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.stdout = sys.stderr = os.fdopen(nowhere, "w", encoding="utf-8")


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        return say("The process was ended by {signal}.", signal=signal.Signals(-code).name)
    return say("The process ended with code {code}.", code=code)
