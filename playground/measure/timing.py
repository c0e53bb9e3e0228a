"""Times of one call, again and again, as torch's own benchmark takes them: with its clock, which waits for a GPU."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch.utils import benchmark

from playground.measure.statistics import STABLE_RUNS, STABLE_SPREAD, Summary, summarize

DEFAULT_MIN_RUN_S = 0.2
PATIENCE = 5
"""Times that do not settle are measured for so many times the least time, and then said as they are."""
NOOP_S = 0.02
FIRST_CALLS = 1_000
"""So many calls are timed one by one: the chapter's own benchmark makes as many."""


def repeated(
    target: Callable[..., Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    min_run_s: float = DEFAULT_MIN_RUN_S,
    max_run_s: float | None = None,
) -> Summary:
    """Time calls, in blocks long enough for the clock not to matter, until the times settle.

    Args:
        target: what is called.
        args: what with.
        kwargs: what else with.
        min_run_s: the least time in all, the warm-up before it apart.
        max_run_s: the most, for times that do not settle; by default ``PATIENCE`` times the least.
    """
    statement, names = _written_out(target, args, kwargs)
    timer = benchmark.Timer(stmt=statement, globals=names, num_threads=torch.get_num_threads())
    most_s = PATIENCE * min_run_s if max_run_s is None else max_run_s
    measured = timer.adaptive_autorange(STABLE_SPREAD, min_run_time=min_run_s, max_run_time=most_s)
    times, number = list(measured.times), measured.number_per_run
    times += [timer.timeit(number).mean for _ in range(missing_runs([t * number for t in times], most_s))]
    return summarize([seconds * 1e9 for seconds in times], number)


def _written_out(
    target: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """The call as a program would write it: ``*args`` takes tens of nanoseconds more, half of the shortest calls."""
    names = {"target": target, "kwargs": dict(kwargs), **{f"a{number}": value for number, value in enumerate(args)}}
    words = [f"a{number}" for number in range(len(args))]
    return f"target({', '.join([*words, *(['**kwargs'] if kwargs else [])])})", names


def missing_runs(runs_s: Sequence[float], budget_s: float) -> int:
    """How many more runs make a spread to speak of, where few were so long that they filled the time; 0 if too long."""
    missing = max(0, STABLE_RUNS - len(runs_s))
    return missing if missing * max(runs_s) <= budget_s else 0


def noop_ns(args: Sequence[Any], kwargs: Mapping[str, Any]) -> float:
    """An empty Python function, called with the same arguments and timed the same way: the least any call costs."""
    return repeated(_nothing, args, kwargs, NOOP_S).median_ns


def _nothing(*_args: object, **_kwargs: object) -> None:
    """Do nothing, in Python."""


def one_by_one(action: Callable[[], Any], most: int, budget_s: float) -> list[int]:
    """Time calls one at a time, in nanoseconds, until there are ``most`` or the budget is used up."""
    took: list[int] = []
    end = time.perf_counter_ns() + budget_s * 1e9
    while len(took) < most and time.perf_counter_ns() < end:
        took.append(once(action)[1])
    return took


def once(action: Callable[[], Any]) -> tuple[Any, int]:
    """Call once; returns the result and how long it took, work that a GPU still does included."""
    began = time.perf_counter_ns()
    result = action()
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        torch.cuda.synchronize()
    return result, time.perf_counter_ns() - began
