"""What a waiting copy does with a program and its rewritten form: runs both, compares, times both.

Everything happens in further forks, each from the same moment: names, objects, random numbers and input are the same.
"""

import ast
import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playground.contracts.events import Code
from playground.lowering import bytecode
from playground.lowering.lifetimes import lifetimes
from playground.measure.interleaved import Turns, interleaved
from playground.pipeline import disturbance
from playground.pipeline.behaviour import Behaviour, Surroundings, furnish, observe, settle
from playground.pipeline.differences import differences
from playground.pipeline.form import Form
from playground.pipeline.held import Held, follow
from playground.pipeline.isolation import DiedError, apart

PATIENCE_S = 2.0
SLOWER = 3
"""A form may take so many times as long as the original took, and some seconds more."""
MAX_TIMED_S = 0.5
"""A program that takes longer is not run again and again."""


NOTHING = 10
"""An empty program is timed for a part of the time."""


@dataclass(frozen=True)
class Compared:
    """The two forms, and what differs; ``unsteady`` says what differs between two runs of the original."""

    original: Behaviour
    rewritten: Behaviour
    found: tuple[str, ...]
    unsteady: tuple[str, ...] = ()


@dataclass(frozen=True)
class Timed:
    """Both forms, timed in turns, and an empty program; ``first_ns`` of the original and of the rewritten form."""

    turns: tuple[Turns, ...]
    first_ns: tuple[int, int]


Which = Literal["original", "rewritten"]
Step = Compared | Timed | tuple[Which, Code] | tuple[Which, Held]


@dataclass(frozen=True)
class Experiment:
    """A program, its rewritten form, where both begin, and how much time there is."""

    original: Form
    rewritten: Form | None
    """None: it is the original, and nothing is to be compared."""
    place: Surroundings
    min_run_s: float
    specialized: bool
    """Whether the specialised bytecode is wanted."""
    followed: bool
    """Whether it is wanted what names hold."""

    def steps(self, deadline: float) -> Iterator[Step]:
        """Run it, in the copy."""
        with self.place.room() as home:
            if self.rewritten is None:
                yield from self._follow("original", self.original, home)
            else:
                yield from self._against(self.rewritten, home, deadline)

    def _against(self, rewritten: Form, home: Path, deadline: float) -> Iterator[Step]:
        compared = self._compare(rewritten, home, deadline)
        yield compared
        if _is_worth_timing(compared):
            yield from self._time(rewritten, home, deadline)
        if compared.original.ended:
            yield from self._follow("original", self.original, home)
            yield from self._follow("rewritten", rewritten, home)

    def _follow(self, which: Which, form: Form, home: Path) -> Iterator[Step]:
        """See what names hold, in a run that is only for that."""
        if not self.followed:
            return
        furnish(self.place, home)
        with contextlib.suppress(DiedError):  # nothing is known of it then
            yield from ((which, held) for held in apart(lambda: self._held(home, form)))

    def _held(self, home: Path, form: Form) -> Iterator[Held]:
        settle(self.place, home, _Nowhere())
        yield follow(form.code, dict(form.namespace), lifetimes(ast.parse(form.text)))

    def _compare(self, form: Form, home: Path, deadline: float) -> Compared:
        def run(form: Form, before: Callable[[], None] | None = None) -> Behaviour:
            within = min(patience, deadline - time.monotonic())
            return observe(_after(before, form.run), self.place, home, within)

        patience = deadline - time.monotonic()
        original = run(self.original)
        if original.ended:
            patience = PATIENCE_S + SLOWER * original.ended.wall_ns / 1e9
        rewritten = run(form)
        found = differences(original, rewritten)
        for disturb in (disturbance.move_objects, disturbance.slow_down) if found else ():
            again = run(self.original, disturb)
            if again.stopped is None and (unsteady := differences(original, again)):
                return Compared(original, rewritten, found, unsteady)
        return Compared(original, rewritten, found)

    def _time(self, rewritten: Form, home: Path, deadline: float) -> Iterator[Step]:
        furnish(self.place, home)
        if deadline - time.monotonic() < self.min_run_s * 4:
            return
        with contextlib.suppress(DiedError):  # who repeats a program may find that it can run only once
            yield from apart(lambda: self._take_times(rewritten, home))

    def _take_times(self, rewritten: Form, home: Path) -> Iterator[Step]:
        settle(self.place, home, _Nowhere())
        actions = [_repeatable(form) for form in (self.original, rewritten)]
        try:
            first = tuple(_time_once(action) for action in actions)
            turns = interleaved(actions, self.min_run_s)
            nothing = interleaved([_nothing()], self.min_run_s / NOTHING)
            yield Timed((*turns, *nothing), (first[0], first[1]))
        except BaseException:  # noqa: BLE001 - a program may be unable to run twice, and say so in any way
            return
        if self.specialized:
            forms: tuple[tuple[Which, Form], ...] = (("original", self.original), ("rewritten", rewritten))
            for which, form in forms:
                if code := bytecode.specialized([form.code], form.text):
                    yield which, code


class _Nowhere:
    def output(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        """Print nothing."""


def _is_worth_timing(compared: Compared) -> bool:
    """Only programs that agree and come to their end; not those that read input, or whose one run tells enough."""
    ended = compared.original.ended
    if compared.found or ended is None or ended.exception or ended.exit_code:
        return False
    return not ended.read_input and ended.wall_ns <= MAX_TIMED_S * 1e9


def _repeatable(form: Form) -> Callable[[], object]:
    code, namespace = form.code, form.namespace
    return lambda: exec(code, dict(namespace))  # noqa: S102 - the sandbox is for this


def _nothing() -> Callable[[], object]:
    code = compile("", "<nothing>", "exec")
    return lambda: exec(code, {})  # noqa: S102


def _time_once(action: Callable[[], object]) -> int:
    began = time.perf_counter_ns()
    action()
    return time.perf_counter_ns() - began


def _after(before: Callable[[], None] | None, run: Callable[[], object]) -> Callable[[], object]:
    def both() -> object:
        if before:
            before()
        return run()

    return both
