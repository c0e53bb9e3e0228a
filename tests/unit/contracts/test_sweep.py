"""What a sweep's line says, and what is refused before anything runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from playground.contracts import sweep
from playground.contracts.request import RunOptions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("batch=1,8,64", {"batch": (1, 8, 64)}),
        ("batch = 1 , 8; width=2**4..2**6 ", {"batch": (1, 8), "width": (16, 32, 64)}),
        ("n=10**2..10**4, 5", {"n": (100, 1000, 10_000, 5)}),
        ("n=1..4", {"n": (1, 2, 3, 4)}),
        ("n=2*3..2**3", {"n": (6, 7, 8)}),
        ("p=0.25,1/2,-1", {"p": (0.25, 0.5, -1)}),
        ("n=4, 2+2", {"n": (4,)}),
        ("threads=1,2;", {"threads": (1, 2)}),
        ("scale=2**-1..2**1", {"scale": (0.5, 1, 2)}),
    ],
)
def test_values_are_numbers_and_ranges_of_them(text: str, found: dict[str, tuple[float, ...]]) -> None:
    assert sweep.parameters(text) == found


def test_two_parameters_meet_in_every_combination() -> None:
    assert sweep.points("a=1,2; b=3,4") == [{"a": 1, "b": 3}, {"a": 1, "b": 4}, {"a": 2, "b": 3}, {"a": 2, "b": 4}]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("batch", "gives batch no values"),
        ("batch=", "gives batch no values"),
        ("for=1", "'for', which is no Python name"),
        ("2x=1", "no Python name"),
        ("a=1; a=2", "names a twice"),
        ("a=1; b=1; c=1", "has 3 parameters"),
        (";", "has 0 parameters"),
        ("a=1..100", "points; at most 32"),
        ("a=1..8; b=1..8", "has 64 points"),
        ("a=x", "'x', which is no number"),
        ("a=print(1)", "which is no number"),
        ("a=True", "which is no number"),
        ("a=1,,2", "which is no number"),
        ("a=1/0", "cannot be worked out"),
        ("a=2**9999999", "cannot be worked out"),
        ("a=((2**64)**64)**64", "no number up to"),
        ("a=1e999", "no number up to"),
        ("a=(-1)**0.5", "no number up to"),
        ("a=8..1", "smaller end first"),
        ("a=0.5..2", "no whole numbers"),
        ("threads=0", "no number of threads"),
        ("threads=1.5", "no number of threads"),
    ],
)
def test_what_is_wrong_is_refused_by_field_and_reason(text: str, reason: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        RunOptions(sweep=text)
    (error,) = refusal.value.errors()
    assert error["loc"] == ("sweep",)
    assert reason in error["msg"]


@given(st.text("abn=.,;*+-/ 0123456789()e", max_size=40))
def test_any_text_is_read_or_refused_at_once(text: str) -> None:
    try:
        points = sweep.points(text)
    except ValueError:
        return
    assert 1 <= len(points) <= sweep.MAX_POINTS
    assert all(abs(value) <= sweep.MAX_VALUE for point in points for value in point.values())
