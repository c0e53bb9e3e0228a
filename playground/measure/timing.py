"""Times of one call, again and again, as torch's own benchmark takes them."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch.utils import benchmark

from playground.measure.statistics import STABLE_RUNS, Summary, summarize

DEFAULT_MIN_RUN_S = 0.2


def repeated(
    target: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], min_run_s: float = DEFAULT_MIN_RUN_S
) -> Summary:
    """Time calls for at least ``min_run_s``, in blocks long enough for the clock not to matter."""
    timer = benchmark.Timer(
        stmt="target(*args, **kwargs)" if kwargs else "target(*args)",
        globals={"target": target, "args": tuple(args), "kwargs": dict(kwargs)},
        num_threads=torch.get_num_threads(),
    )
    measured = timer.blocked_autorange(min_run_time=min_run_s)
    times, number = list(measured.times), measured.number_per_run
    times += [timer.timeit(number).mean for _ in range(missing_runs([t * number for t in times], min_run_s))]
    return summarize([seconds * 1e9 for seconds in times], number)


def missing_runs(runs_s: Sequence[float], budget_s: float) -> int:
    """How many more runs make a spread to speak of, where few were so long that they filled the time; 0 if too long."""
    missing = max(0, STABLE_RUNS - len(runs_s))
    return missing if missing * max(runs_s) <= budget_s else 0


def once(action: Callable[[], Any]) -> tuple[Any, int]:
    """Call once; returns the result and how long it took, work that a GPU still does included."""
    began = time.perf_counter_ns()
    result = action()
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        torch.cuda.synchronize()
    return result, time.perf_counter_ns() - began
