import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.measure.statistics import Summary, break_even_calls, preparation_ns, summarize

times = st.lists(st.floats(1, 1e12), min_size=1, max_size=50)


def test_the_median_and_the_middle_half_sum_up_the_times() -> None:
    assert summarize([5, 1, 2, 3, 4], 10) == Summary(median_ns=3, iqr_ns=2, runs=5, number_per_run=10)


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
    assert preparation_ns(1_000, [500, 300, 90], steady_ns=100) == 1_000 + 400 + 200


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


@given(st.floats(0, 1e12), st.floats(1, 1e9), st.floats(1, 1e9))
def test_at_the_break_even_the_total_is_no_longer_higher(prepared: float, path: float, baseline: float) -> None:
    calls = break_even_calls(prepared, calm(path), calm(baseline))
    if calls is not None:
        assert prepared + calls * path <= calls * baseline * (1 + 1e-9)
        assert calls == 0 or prepared + (calls - 1) * path > (calls - 1) * baseline * (1 - 1e-9)
