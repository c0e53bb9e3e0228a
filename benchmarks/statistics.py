"""Samples of durations, and what is said about them."""

import math
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
