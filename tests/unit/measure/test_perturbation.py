"""Perturbed inputs are of the same kind, and other ones."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from playground.measure.perturbation import VARIANTS, Variant, perturb

variants = st.sampled_from(VARIANTS)
shapes = st.lists(st.integers(0, 4), max_size=3)


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@given(variants, shapes, st.sampled_from([torch.float16, torch.bfloat16, torch.float32, torch.float64]))
def test_floats_keep_shape_type_and_what_is_not_finite(variant: Variant, shape: list[int], dtype: torch.dtype) -> None:
    tensor = torch.randn(shape).to(dtype)
    if tensor.numel():
        tensor.flatten()[0] = float("inf")
    other = perturb(tensor, variant, generator())
    assert (other.shape, other.dtype) == (tensor.shape, tensor.dtype)
    assert torch.equal(other.isfinite(), tensor.isfinite())


@given(
    variants,
    st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=20),
    st.sampled_from([torch.int8, torch.uint8, torch.int32, torch.int64]),
)
def test_integers_stay_within_the_range_that_was_seen(variant: Variant, values: list[int], dtype: torch.dtype) -> None:
    tensor = torch.tensor(values).to(dtype)
    other = perturb(tensor, variant, generator())
    assert (other.shape, other.dtype) == (tensor.shape, tensor.dtype)
    assert int(tensor.min()) <= int(other.min()) <= int(other.max()) <= int(tensor.max())


@pytest.mark.parametrize(
    ("tensor", "variant", "expected"),
    [
        (torch.tensor([1.0, -2.0]), "negated", torch.tensor([-1.0, 2.0])),
        (torch.tensor([0, 5, 9]), "negated", torch.tensor([9, 4, 0])),
        (torch.tensor([True, False]), "negated", torch.tensor([False, True])),
        (torch.tensor([True, False]), "near", torch.tensor([True, False])),
        (torch.tensor([1 + 2j]), "negated", torch.tensor([-1 - 2j])),
        (torch.tensor([7, 7]), "fresh", torch.tensor([7, 7])),
    ],
)
def test_each_kind_has_its_other_values(tensor: torch.Tensor, variant: Variant, expected: torch.Tensor) -> None:
    assert torch.equal(perturb(tensor, variant, generator()), expected)


def test_near_values_are_near_and_fresh_ones_are_not() -> None:
    tensor = 100 + torch.randn(10_000)
    near, fresh = (perturb(tensor, variant, generator()) - tensor for variant in ("near", "fresh"))
    assert float(near.std()) == pytest.approx(0.1, rel=0.1)
    assert float(fresh.std()) == pytest.approx(2**0.5, rel=0.1)
    assert float(fresh.mean()) == pytest.approx(0, abs=0.1)


def test_a_constant_becomes_another_number() -> None:
    assert not torch.equal(perturb(torch.zeros(3), "near", generator()), torch.zeros(3))
    assert not torch.equal(perturb(torch.ones(3), "fresh", generator()), torch.ones(3))


@pytest.mark.parametrize("tensor", [torch.eye(2).to_sparse(), torch.zeros(0), torch.zeros(2).to(torch.float8_e4m3fn)])
def test_what_has_no_other_values_stays(tensor: torch.Tensor) -> None:
    assert perturb(tensor, "fresh", generator()) is tensor


def test_random_numbers_of_the_program_are_not_used_up() -> None:
    state = torch.get_rng_state()
    perturb(torch.randn(3), "fresh", generator())
    after = torch.get_rng_state()
    torch.set_rng_state(state)
    torch.randn(3)
    assert torch.equal(torch.get_rng_state(), after)
