"""Work done in a forked child: what it changes, prints or breaks stays there; what it finds comes back step by step."""

import contextlib
import io
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


class DiedError(Exception):
    """The child ended without saying so."""


def apart(steps: Callable[[], Iterable[T]]) -> Iterator[T]:
    """Iterate over ``steps()`` in a child.

    Raises:
        DiedError: the child was killed, or left by ``os._exit``.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_child(steps, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        yield from _read(pipe)
    _, status = os.waitpid(child, 0)
    if status:
        raise DiedError(_how(status))


def _read(pipe: io.BufferedReader) -> Iterator[T]:
    with contextlib.suppress(EOFError, pickle.UnpicklingError):  # also cut off in the middle, when it was killed
        while True:
            yield pickle.load(pipe)  # noqa: S301 - what runs in the child may run here too


def _be_child(steps: Callable[[], Iterable[T]], writing: int) -> None:
    """Never returns: the snippet's exit handlers are its first process's."""
    code = 1
    try:
        silence()
        with os.fdopen(writing, "wb") as pipe:
            for step in steps():
                pickle.dump(step, pipe)
                pipe.flush()
        code = 0
    finally:
        os._exit(code)


def silence() -> None:
    """Print nowhere from now on: a call that is made a thousand times must not print a thousand times."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.stdout = sys.stderr = os.fdopen(nowhere, "w", encoding="utf-8")


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        return f"The process was ended by {signal.Signals(-code).name}."
    return f"The process ended with code {code}."
