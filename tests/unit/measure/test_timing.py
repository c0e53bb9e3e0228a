import pytest
import torch

from playground.measure import timing


def test_calls_are_timed_in_runs_of_several() -> None:
    calls = 0

    def target(x: torch.Tensor, *, by: int) -> torch.Tensor:
        nonlocal calls
        calls += 1
        return x * by

    summary = timing.repeated(target, (torch.ones(1),), {"by": 2}, min_run_s=0.01)
    assert summary.median_ns > 0
    assert calls >= summary.runs * summary.number_per_run


def test_the_number_of_threads_stays() -> None:
    before = torch.get_num_threads()
    timing.repeated(torch.add, (torch.ones(1), 1), {}, min_run_s=0.001)
    assert torch.get_num_threads() == before


def test_one_call_gives_its_result_and_its_time() -> None:
    result, took = timing.once(lambda: 42)
    assert result == 42
    assert took > 0


@pytest.mark.parametrize(
    ("runs_s", "missing"),
    [([0.08, 0.08, 0.08], 2), ([0.04] * 5, 0), ([0.01] * 20, 0), ([0.3], 0), ([0.05, 0.11, 0.05], 0)],
)
def test_long_runs_are_followed_by_as_many_as_a_spread_needs_if_there_is_time(
    runs_s: list[float], missing: int
) -> None:
    assert timing.missing_runs(runs_s, budget_s=0.2) == missing
