"""One path, walked in a process of its own: built, called for the first time, checked, timed. Says each step."""

import contextlib
import io
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch

from playground.measure import disturbance, instructions, timing
from playground.measure.agreement import compare
from playground.measure.imports import ImportClock
from playground.measure.outputs import Outputs, take_apart
from playground.measure.randomness import Randomness
from playground.pipeline.comparison import outside, refusal
from playground.pipeline.comparison.checks import Checks
from playground.pipeline.comparison.state import State
from playground.pipeline.comparison.steps import (
    AGAIN,
    INPUTS,
    LATER,
    Answer,
    Built,
    Failed,
    First,
    LeftOut,
    Reached,
    Step,
    Timed,
)
from playground.pipeline.comparison.subject import Callee, Subject

WATCHED_CALLS = 3
"""TorchScript's profiling executor runs its optimized code from the third call on."""
FIRST_SHARE, LEAST_SHARE, MOST_SHARE = 0.1, 0.2, 0.5
"""Of the time that a path has left: for its first calls, and for its timing, at the least and at the most."""
SMALL_BYTES = 1 << 20
COUNTED_NS = 10_000_000
"""Instructions are counted over about so much time."""


@dataclass(frozen=True)
class Terms:
    """What a path is timed under."""

    min_run_s: float
    until: float
    """On the monotonic clock: when its time is up."""

    @property
    def left_s(self) -> float:
        """How much of it there is still."""
        return self.until - time.monotonic()


def walk(name: str, subject: Subject, terms: Terms) -> Iterator[Step]:
    """Walk a path; what fails ends it as a ``Failed``."""
    reached = Reached("compile")
    try:
        for step in _steps(name, subject, terms):
            reached = step if isinstance(step, Reached) else reached
            yield step
    except Exception as error:  # noqa: BLE001 - compilers raise whatever they like
        yield Failed(reached.stage, refusal.words(error), refusal.line(error), reached.check)


def _steps(name: str, subject: Subject, terms: Terms) -> Iterator[Step]:
    if name in outside.KINDS:
        return outside.steps(name, subject, terms.min_run_s, terms.until)
    return _Walk(subject, terms).steps(name)


class _Walk:
    def __init__(self, subject: Subject, terms: Terms) -> None:
        self._subject = subject
        self._call = subject.call
        self._terms = terms
        self._state = State(subject.call.target)
        self._randomness = Randomness()
        self._imports = ImportClock()

    def steps(self, name: str) -> Iterator[Step]:
        yield Reached("compile")
        is_reference = name == self._subject.reference
        self._before = take_apart((*self._call.fresh(), self._state.now(self._call.target)))
        if is_reference:
            yield Answer("mutations", "before", self._small(self._before))
        with self._imports.running():
            callee, took = timing.once(lambda: self._subject.builders[name](self._call))
        yield Built(0 if is_reference else took, 0 if is_reference else self._imports.total_ns)
        yield Reached("execute")
        calls: list[int] = []
        yield from self._first(callee, calls)
        checks = Checks(self._subject, callee, self._state, self._randomness)
        yield from checks.make(self._terms.until, statistics.median(calls[WATCHED_CALLS - 1 :]) / 1e9)
        yield Reached("benchmark", "timing")
        yield self._timed(callee) if self._terms.left_s > 0 else LeftOut("timing")

    def _first(self, callee: Callee, calls: list[int]) -> Iterator[Step]:
        """The calls that a reader would make first, each seen; then more, to see what becomes of them."""
        imported, compiled = self._imports.total_ns, _compiled_ns()
        for variant in (INPUTS, AGAIN, LATER):
            if variant != AGAIN:
                self._randomness.restore()
            self._state.restore(callee)
            args, kwargs = self._call.fresh()
            result, took = self._watched(callee, args, kwargs)
            calls.append(took)
            outputs = take_apart(result)
            if variant == INPUTS:
                first = outputs
                lazily = min(_compiled_ns() - compiled, took)
                yield Answer("inputs", variant, outputs)
                yield Answer("mutations", "", self._small(take_apart((args, kwargs, self._state.now(callee)))))
            elif compare(outputs, first).outcome == "same":
                yield Answer("inputs", variant, None, as_first=True)
            else:
                yield Answer("inputs", variant, outputs)
        calls += self._more(callee)
        yield First(tuple(calls), lazily, self._imports.total_ns - imported)

    def _small(self, outputs: Outputs) -> Outputs:
        """Inputs that nobody changed are not sent where they are large."""
        if outputs.nbytes <= SMALL_BYTES or compare(outputs, self._before).outcome != "same":
            return outputs
        return take_apart("unchanged")

    def _watched(self, callee: Callee, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[object, int]:
        with self._imports.running(), torch.set_grad_enabled(self._call.grad):
            if not self._subject.prints:
                return timing.once(lambda: callee(*args, **kwargs))
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                _, took = timing.once(lambda: callee(*args, **kwargs))
            return printed.getvalue().splitlines(keepends=True), took

    def _more(self, callee: Callee) -> list[int]:
        args, kwargs = self._call.fresh()
        budget_s = min(self._terms.min_run_s, FIRST_SHARE * self._terms.left_s)
        with torch.set_grad_enabled(self._call.grad):
            return timing.one_by_one(lambda: callee(*args, **kwargs), timing.FIRST_CALLS - WATCHED_CALLS, budget_s)

    def _timed(self, callee: Callee) -> Timed:
        args, kwargs = self._call.fresh()
        least_s = min(self._terms.min_run_s, LEAST_SHARE * self._terms.left_s)
        most_s = min(timing.PATIENCE * least_s, MOST_SHARE * self._terms.left_s)
        before = disturbance.look()
        with torch.set_grad_enabled(self._call.grad):
            summary = timing.repeated(callee, args, kwargs, least_s, most_s)
            disturbed = disturbance.between(before, disturbance.look())
            number = round(min(1000, max(1, COUNTED_NS / summary.median_ns)))
            counted = instructions.per_call(lambda: callee(*args, **kwargs), number)
        return Timed(summary, timing.noop_ns(args, kwargs), torch.get_num_threads(), counted, disturbed)


def _compiled_ns() -> int:
    """What Dynamo and its backend took so far for all that they compiled, by their own account."""
    utils: Any = sys.modules.get("torch._dynamo.utils")
    if utils is None:
        return 0
    return round(sum((m.entire_frame_compile_time_s or 0) for m in utils.get_compilation_metrics()) * 1e9)
