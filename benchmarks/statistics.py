"""Samples of durations, and what is said about them."""

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Summary:
    """The middle, the tail and the number of samples, in milliseconds."""

    p50_ms: float
    p95_ms: float
    min_ms: float
    n: int


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest sample that at least ``share`` of all samples do not exceed (the nearest-rank method)."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def summary(samples_ns: Sequence[int]) -> Summary:
    """Sum up samples."""
    ordered = [sample / 1e6 for sample in sorted(samples_ns)]
    return Summary(percentile(ordered, 0.5), percentile(ordered, 0.95), ordered[0], len(ordered))


@dataclass(frozen=True)
class Pairs:
    """Two ways of doing the same, measured as often, in each round within seconds of each other; any unit of time."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratios(self) -> list[float]:
        """Of each round: what disturbs a whole round is in both, and falls out."""
        return [ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of them."""
        return statistics.median(self.ratios)

    @property
    def interval(self) -> tuple[float, float]:
        """Where that median lies, at 95 % (by ranks; Hahn and Meeker, Statistical Intervals, 5.2)."""
        ordered, n = sorted(self.ratios), len(self.ratios)
        reach = round(0.98 * n**0.5)
        return ordered[max(0, n // 2 - reach)], ordered[min(n - 1, n // 2 + reach)]

    @property
    def noise(self) -> float:
        """The median change of theirs from a round to the next: what nothing of ours has caused."""
        return statistics.median(abs(after / before - 1) for before, after in itertools.pairwise(self.theirs))

    def conclusion(self, least: float, most: float) -> str:
        """Whether the ratio lies between these, as far as so many rounds on this machine can say."""
        low, high = self.interval
        if low >= least and high <= most:
            return "reached"
        return "MISSED" if high < least or low > most else "not decided: the machine is too uneven"
