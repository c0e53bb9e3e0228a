"""What a row of measured times says: the typical time, its spread, and when a preparation has paid for itself."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

STABLE_SPREAD = 0.1
"""A quarter to three quarters of the runs lie within a tenth of the median: the line torch's own timer draws."""
STABLE_RUNS = 5
"""Fewer runs than this have no spread worth the name."""


@dataclass(frozen=True)
class Summary:
    """Times per call, over several runs of ``number_per_run`` calls each."""

    median_ns: float
    iqr_ns: float
    runs: int
    number_per_run: int

    @property
    def stable(self) -> bool:
        """Whether the median means something."""
        return self.runs >= STABLE_RUNS and self.iqr_ns <= STABLE_SPREAD * self.median_ns


def summarize(times_ns: Sequence[float], number_per_run: int) -> Summary:
    """Sum up times per call, one for each run.

    Raises:
        ValueError: no times.
    """
    if not times_ns:
        message = "no times to sum up"
        raise ValueError(message)
    if len(times_ns) == 1:
        return Summary(times_ns[0], 0.0, 1, number_per_run)
    first, median, third = statistics.quantiles(times_ns, n=4, method="inclusive")
    return Summary(median, third - first, len(times_ns), number_per_run)


def preparation_ns(build_ns: float, warm_up_ns: Sequence[float], steady_ns: float) -> float:
    """What a path costs before it runs at its own speed: its build, and what the first calls took beyond a steady one.

    ``torch.compile`` compiles in its first call, TorchScript's profiling executor in its first and second.
    """
    return build_ns + sum(max(0.0, call - steady_ns) for call in warm_up_ns)


def break_even_calls(prepared_ns: float, path: Summary, baseline: Summary) -> int | None:
    """After how many calls a path has earned its preparation; ``None``: never.

    A gain that drowns in the spread of either is none: the boxes from first to third quartile must stand apart.
    """
    gain = baseline.median_ns - path.median_ns
    if gain <= (baseline.iqr_ns + path.iqr_ns) / 2:
        return None
    return math.ceil(prepared_ns / gain)
