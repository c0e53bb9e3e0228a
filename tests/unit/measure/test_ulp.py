import math

import torch
from hypothesis import given
from hypothesis import strategies as st

from playground.measure import ulp

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite, st.integers(0, 100))
def test_so_many_steps_to_the_next_number_are_so_many_units(value: float, steps: int) -> None:
    other = value
    for _ in range(steps):
        other = math.nextafter(other, math.inf)
    ours, theirs = (torch.tensor([number], dtype=torch.float64) for number in (other, value))
    assert ulp.furthest(ours, theirs) == (steps if math.isfinite(other) else 0)


def test_numbers_of_other_signs_are_as_far_as_both_from_zero() -> None:
    tiny = torch.tensor([2.0**-149])
    assert ulp.furthest(tiny, -tiny) == 2
    assert ulp.furthest(torch.tensor([0.0]), torch.tensor([-0.0])) == 0


def test_every_floating_type_has_its_own_units() -> None:
    for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
        one = torch.ones(1, dtype=dtype)
        assert ulp.furthest(one + torch.finfo(dtype).eps, one) == 1
    assert ulp.furthest(torch.tensor([1j]), torch.tensor([1j]) * (1 + 2**-23)) == 1
    assert ulp.furthest(torch.ones(1, dtype=torch.int32), torch.ones(1, dtype=torch.int32)) is None


def test_what_is_not_finite_has_no_distance() -> None:
    assert ulp.furthest(torch.tensor([math.nan, math.inf, 1.0]), torch.tensor([1.0, 1.0, 1.0])) == 0
