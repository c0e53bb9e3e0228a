"""What a row of measured times says: the typical time, its spread, and when a preparation has paid for itself."""

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

STABLE_SPREAD = 0.1
"""A quarter to three quarters of the runs lie within a tenth of the median: the line torch's own timer draws."""
STABLE_RUNS = 5
"""Fewer runs than this have no spread worth the name."""
TAIL_ODDS = 40
"""One in so many on either side is left out: what lies between is the 95 % confidence interval."""
CURVE_CALLS = 10**7
MAX_TOTAL_NS = 2**53 - 1
"""What every reader of JSON can count up to (RFC 7493): 104 days."""


@dataclass(frozen=True)
class Summary:
    """Times per call, over several runs of ``number_per_run`` calls each."""

    median_ns: float
    iqr_ns: float
    runs: int
    number_per_run: int
    quartiles_ns: tuple[float, float] | None = None
    interval_ns: tuple[float, float] | None = None
    """95 % confidence interval of the median; ``None`` where there are too few runs for one."""

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
    interval = median_interval(sorted(times_ns))
    return Summary(median, third - first, len(times_ns), number_per_run, (first, third), interval)


def median_interval(ordered: Sequence[float]) -> tuple[float, float] | None:
    """The 95 % confidence interval of the median, by order statistics: it assumes no shape of the distribution.

    How many of n samples lie below the true median is binomial with n and 1/2, so the sample of rank r is above it
    in P(B < r) of all cases (Conover, Practical Nonparametric Statistics, 3.2). Below six samples there is none.
    """
    count = len(ordered)
    ways, below, rank = 1, 1, -1
    while below * TAIL_ODDS <= 2**count and rank + 1 < count // 2:
        rank += 1
        ways = ways * (count - rank) // (rank + 1)
        below += ways
    return (ordered[rank], ordered[-1 - rank]) if rank >= 0 else None


def preparation_ns(build_ns: float, first_ns: Sequence[float], steady_ns: float) -> float:
    """What a path costs before it runs at its own speed: its build, and what the first calls took beyond steady ones.

    ``torch.compile`` compiles in its first call, TorchScript's profiling executor in its first and second.
    """
    return build_ns + max(0.0, sum(first_ns) - len(first_ns) * steady_ns)


def break_even_calls(prepared_ns: float, path: Summary, baseline: Summary) -> int | None:
    """After how many calls a path has earned its preparation; ``None``: never.

    A gain that drowns in the spread of either is none: the boxes from first to third quartile must stand apart.

    Args:
        prepared_ns: what the path's preparation takes beyond the baseline's.
        path: how long a call takes along the path.
        baseline: how long it takes without it.
    """
    gain = baseline.median_ns - path.median_ns
    if gain <= (baseline.iqr_ns + path.iqr_ns) / 2:
        return None
    return max(0, math.ceil(prepared_ns / gain))


def curve(build_ns: int, first_ns: Sequence[int], steady_ns: float) -> tuple[tuple[int, int], ...]:
    """The time until so many calls are done, build included: measured while there are calls, then at the steady pace.

    The numbers of calls are 0, 1, 2, 5, 10, 20, 50 and so on, and the last one measured.
    """
    totals = list(accumulate(first_ns, initial=build_ns))
    last = len(first_ns)
    counts = sorted({*_one_two_five(CURVE_CALLS), last})
    points = ((n, totals[n] if n <= last else round(totals[last] + (n - last) * steady_ns)) for n in counts)
    return tuple((calls, total) for calls, total in points if total <= MAX_TOTAL_NS)


def _one_two_five(until: int) -> Iterator[int]:
    yield 0
    decade = 1
    while decade <= until:
        yield from (n for n in (decade, 2 * decade, 5 * decade) if n <= until)
        decade *= 10
