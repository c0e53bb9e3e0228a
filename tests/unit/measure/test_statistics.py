import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.measure import statistics
from playground.measure.statistics import Summary, break_even_calls, curve, median_interval, preparation_ns, summarize

times = st.lists(st.floats(1, 1e12), min_size=1, max_size=50)


def test_the_median_and_the_middle_half_sum_up_the_times() -> None:
    assert summarize([5, 1, 2, 3, 4], 10) == Summary(3, 2, 5, 10, quartiles_ns=(2, 4))


def test_one_run_has_no_spread_and_is_not_stable() -> None:
    one = summarize([7], 1)
    assert (one.median_ns, one.iqr_ns, one.runs, one.stable) == (7, 0, 1, False)


def test_no_times_are_refused() -> None:
    with pytest.raises(ValueError, match="no times"):
        summarize([], 1)


@given(times)
def test_a_summary_lies_within_its_times(values: list[float]) -> None:
    summary = summarize(values, 1)
    slack = 1e-9 * max(values)
    assert min(values) - slack <= summary.median_ns <= max(values) + slack
    assert -slack <= summary.iqr_ns <= max(values) - min(values) + slack


@pytest.mark.parametrize(("iqr", "runs", "stable"), [(10, 5, True), (10.1, 5, False), (0, 4, False)])
def test_stable_means_enough_runs_close_together(iqr: float, runs: int, stable: bool) -> None:  # noqa: FBT001 - a case
    assert Summary(100, iqr, runs, 1).stable is stable


def test_preparation_is_the_build_and_what_first_calls_took_too_long() -> None:
    assert preparation_ns(1_000, [500, 300, 90], steady_ns=100) == 1_000 + 400 + 200 - 10


def test_a_quick_start_is_no_negative_preparation() -> None:
    assert preparation_ns(0, [50, 50], steady_ns=100) == 0


@pytest.mark.parametrize(
    ("samples", "interval"),
    [(5, None), (6, (1, 6)), (9, (2, 8)), (10, (2, 9)), (25, (8, 18)), (50, (18, 33)), (100, (40, 61))],
)
def test_the_interval_of_the_median_has_the_ranks_that_the_tables_give(
    samples: int, interval: tuple[int, int] | None
) -> None:
    assert median_interval(range(1, samples + 1)) == interval


@given(st.integers(6, 400))
def test_the_interval_covers_the_median_in_95_of_100_cases_and_is_the_shortest_that_does(samples: int) -> None:
    low, high = median_interval(range(samples)) or (0, 0)
    assert low == samples - 1 - high
    below = sum(math.comb(samples, k) for k in range(int(low) + 1)) / 2**samples
    assert 1 - 2 * below >= 0.95
    assert 1 - 2 * (below + math.comb(samples, int(low) + 1) / 2**samples) < 0.95


@given(st.integers(0, 10**9), st.lists(st.integers(1, 10**6), max_size=30), st.floats(1, 1e6))
def test_a_curve_rises_through_what_was_measured(build: int, first: list[int], steady: float) -> None:
    points = dict(curve(build, first, steady))
    assert points[0] == build
    assert points[len(first)] == build + sum(first)
    assert list(points) == sorted(points)
    assert list(points.values()) == sorted(points.values())


def test_a_curve_goes_on_with_the_steady_pace_as_far_as_readers_can_count() -> None:
    points = dict(curve(10, [5, 5, 5], 2))
    assert (points[2], points[3], points[5], points[10**7]) == (20, 25, 29, 25 + 2 * (10**7 - 3))
    assert max(dict(curve(0, [], 1e12)).values()) <= statistics.MAX_TOTAL_NS


def test_a_path_that_was_ready_sooner_pays_from_the_first_call() -> None:
    assert break_even_calls(-500, calm(70), calm(100)) == 0


def calm(median: float, iqr: float = 0) -> Summary:
    return Summary(median, iqr, 10, 1)


def test_a_faster_path_earns_its_preparation_after_some_calls() -> None:
    assert break_even_calls(1_000, calm(70), calm(100)) == 34


@pytest.mark.parametrize("median", [100, 101, 500])
def test_a_path_that_is_not_faster_never_does(median: float) -> None:
    assert break_even_calls(0, calm(median), calm(100)) is None


def test_a_gain_within_the_noise_is_none() -> None:
    assert break_even_calls(1_000, calm(95, iqr=10), calm(100, iqr=2)) is None
    assert break_even_calls(1_000, calm(93, iqr=10), calm(100, iqr=2)) == 143


@given(st.integers(0, 10**12), st.floats(1, 1e9), st.floats(1, 1e9))
def test_at_the_break_even_the_total_is_no_longer_higher(prepared: float, path: float, baseline: float) -> None:
    calls = break_even_calls(prepared, calm(path), calm(baseline))
    if calls is not None:
        assert prepared + calls * path <= calls * baseline * (1 + 1e-9)
        assert calls == 0 or prepared + (calls - 1) * path > (calls - 1) * baseline * (1 - 1e-9)
