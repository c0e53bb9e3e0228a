"""What paired rounds say of a goal."""

import pytest

from benchmarks.statistics import Pairs

EVEN = tuple(100.0 + n % 3 for n in range(20))


def test_what_disturbs_both_of_a_round_falls_out() -> None:
    pairs = Pairs(tuple(2.0 * n for n in range(1, 10)), tuple(1.0 * n for n in range(1, 10)))
    assert (pairs.ratio, pairs.interval) == (2.0, (2.0, 2.0))
    assert pairs.noise > 0.1


@pytest.mark.parametrize(("factor", "said"), [(1.0, "reached"), (1.1, "MISSED"), (0.9, "MISSED")])
def test_an_even_machine_decides(factor: float, said: str) -> None:
    assert Pairs(tuple(factor * time for time in EVEN), EVEN).conclusion(0.97, 1.03) == said


def test_an_uneven_machine_does_not() -> None:
    pairs = Pairs(tuple(time * (0.8 if n % 2 else 1.2) for n, time in enumerate(EVEN)), EVEN)
    assert pairs.conclusion(0.97, 1.03).startswith("not decided")
