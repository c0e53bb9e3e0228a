import sys

import numpy as np
import pytest
import torch
from torch import nn

from playground.measure.holding import storages


def held(value: object) -> int:
    return sum(storages(value).values())


@pytest.mark.parametrize(
    ("value", "size"),
    [
        (torch.ones(1000), 4000),
        (torch.ones(1000)[::2], 4000),
        (torch.ones(3, dtype=torch.float64), 24),
        (torch.ones(1000, device="meta"), 4000),
        (np.ones(1000), 8000),
        (np.ones((10, 10))[2:4], 800),
        (nn.Linear(10, 5), 220),
        (3, 0),
        ("short", 0),
        (None, 0),
        (len, 0),
        (sys, 0),
        ([1, 2, 3], 0),
        (object(), 0),
    ],
    ids=str,
)
def test_what_a_value_holds(value: object, size: int) -> None:
    assert held(value) == size


@pytest.mark.parametrize(
    "value",
    ["a" * 5_000, b"a" * 5_000, 10**5_000, list(range(1_000)), {n: n for n in range(99)}],
    ids=["str", "bytes", "int", "list", "dict"],
)
def test_other_values_count_where_they_are_large(value: object) -> None:
    assert held(value) == sys.getsizeof(value)


def test_what_two_names_share_is_held_once() -> None:
    x = torch.ones(1000)
    assert len({**storages(x), **storages(x[1:]), **storages([x, x.view(10, 100)])}) == 1
    assert len({**storages(x), **storages(x.clone())}) == 2
    array = np.ones(10)
    assert len({**storages(array), **storages(array[1:]), **storages({"a": array.reshape(2, 5)})}) == 1


def test_a_programs_own_containers_and_sizes_are_not_asked() -> None:
    class Odd(list[int]):
        def __sizeof__(self) -> int:
            raise AssertionError

        def __iter__(self) -> None:  # type: ignore[override]
            raise AssertionError

    assert held(Odd([1])) == 0
