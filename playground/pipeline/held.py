"""A program run once more, line by line, to see how many bytes its names hold: a run of its own, which costs time.

What happens is the program's own doing, so it happens in a process that is thrown away (see ``isolation``).
"""

import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

from playground.lowering.lifetimes import Life
from playground.measure.holding import Storages, storages

MAX_EVENTS = 50_000
"""Lines that are followed; about a second of them."""
MAX_S = 1.0
Binding = tuple[str, str, int]
"""Scope, name, and the line where it is bound."""


class _Enough(BaseException):
    """The program has been followed for long enough."""


@dataclass
class Held:
    """What was seen: bytes per binding, the most at a time and where; ``complete`` if the program came to its end."""

    sizes: dict[Binding, int] = field(default_factory=dict)
    peak_bytes: int = 0
    line: int | None = None
    complete: bool = False


def follow(code: CodeType, namespace: dict[str, object], lives: Iterable[Life]) -> Held:
    """Run a program in this process and see what its names hold. Whatever it raises ends it, and is not told."""
    seen = Held()
    follower = _Follower(code.co_filename, lives, seen)
    signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, MAX_S)
    sys.settrace(follower.enter)
    try:
        exec(code, namespace)  # noqa: S102 - the sandbox is for this
        seen.complete = True
    except BaseException:  # noqa: BLE001, S110 - that a program fails is told by the run that is shown
        pass
    finally:
        sys.settrace(None)
        signal.setitimer(signal.ITIMER_REAL, 0)
    return seen


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _Enough


class _Follower:
    """Told by the interpreter of each line (``sys.settrace``): looks at what the line before it bound."""

    def __init__(self, filename: str, lives: Iterable[Life], seen: Held) -> None:
        self._filename = filename
        self._seen = seen
        self._left = MAX_EVENTS
        self._until = time.monotonic() + MAX_S
        self._bound: dict[tuple[str, int], list[str]] = {}
        self._parameters: dict[str, int] = {}
        self._names: dict[str, set[str]] = {}
        for life in lives:
            self._names.setdefault(life.scope, set()).add(life.name)
            self._bound.setdefault((life.scope, life.first), []).append(life.name)
            self._parameters.setdefault(life.scope, life.first)
        self._at: dict[FrameType, int] = {}
        self._holding: dict[FrameType, Storages] = {}

    def enter(self, frame: FrameType, _event: str, _argument: object) -> Callable[..., Any] | None:
        """A call: of the program's own functions the lines are wanted."""
        if frame.f_code.co_filename != self._filename:
            return None
        scope = frame.f_code.co_qualname
        self._at[frame] = self._parameters.get(scope, 0) if scope != "<module>" else 0
        return self._step

    def _step(self, frame: FrameType, event: str, _argument: object) -> Callable[..., Any]:
        """A line is about to run, or a function to return: what was bound before is there now."""
        self._left -= 1
        if self._left < 0 or time.monotonic() > self._until:
            sys.settrace(None)
            raise _Enough
        if event == "exception":
            return self._step
        scope, line = frame.f_code.co_qualname, self._at.get(frame, 0)
        values = frame.f_locals
        for name in self._bound.get((scope, line), ()):
            self._note((scope, name, line), values.get(name))
        self._look(frame, [values[name] for name in self._names.get(scope, ()) if name in values], line)
        self._at[frame] = frame.f_lineno
        if event == "return":
            self._holding.pop(frame, None)
            self._at.pop(frame, None)
        return self._step

    def _note(self, binding: Binding, value: object) -> None:
        size = sum(storages(value).values())
        if size:
            self._seen.sizes[binding] = max(size, self._seen.sizes.get(binding, 0))

    def _look(self, frame: FrameType, values: Iterable[object], line: int) -> None:
        """Is this more than was ever held?"""
        mine: dict[object, int] = {}
        for value in values:
            mine |= storages(value)
        if mine:
            self._holding[frame] = mine
        else:
            self._holding.pop(frame, None)
        if not self._holding:
            return
        together: dict[object, int] = {}
        for held in self._holding.values():
            together |= held
        total = sum(together.values())
        if total > self._seen.peak_bytes:
            self._seen.peak_bytes, self._seen.line = total, line or frame.f_lineno
