import os
import signal
from collections.abc import Iterator

import pytest
import torch
from torch import nn

from playground.measure.randomness import Randomness
from playground.pipeline import compare, paths
from playground.pipeline.calls import remember
from playground.pipeline.isolation import DiedError, apart
from playground.pipeline.paths import Built, Called, Failed, Reached


def test_a_path_says_each_step_as_it_is_done() -> None:
    call = remember(torch.relu, (torch.ones(2),), {})
    kinds = [type(step).__name__ for step in paths.walk("eager", call, 0.001)]
    assert kinds == ["Reached", "Built", "Reached", "Called", "Called", "Called", "Reached", "Summary"]


def test_a_path_that_fails_says_in_which_stage() -> None:
    def refuse(x: torch.Tensor) -> torch.Tensor:
        message = f"not today, {x.shape}"
        raise ValueError(message)

    steps = list(paths.walk("eager", remember(refuse, (torch.ones(1),), {}), 0.001))
    assert steps[-1] == Failed("execute", "ValueError: not today, torch.Size([1])")


def test_in_this_process_a_path_leaves_module_inputs_and_random_numbers_as_they_were() -> None:
    net, x = nn.Sequential(nn.BatchNorm1d(2), nn.Dropout()), torch.randn(4, 2)
    call = remember(net, (x,), {})
    state = {name: value.clone() for name, value in net.state_dict().items()}
    before = torch.get_rng_state()
    assert Called in {type(step) for step in list(compare._here("eager", call, 0.001))}
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(value, state[name]) for name, value in net.state_dict().items())


def test_arguments_come_back_as_they_were_with_their_part_in_gradients() -> None:
    leaf = torch.ones(2, requires_grad=True)
    call = remember(torch.add, (leaf, leaf * 2), {"alpha": 3})
    with torch.no_grad():
        leaf += 1
    (first, second), kwargs = call.fresh()
    assert (first.tolist(), second.tolist(), kwargs) == ([1, 1], [2, 2], {"alpha": 3})
    assert (first.is_leaf, second.is_leaf, first.requires_grad, second.requires_grad) == (True, False, True, True)
    (other, _), _ = call.fresh()
    assert other is not first


def test_steps_of_a_child_arrive_and_what_it_changes_does_not() -> None:
    seen: list[int] = []

    def steps() -> Iterator[int]:
        for number in range(3):
            seen.append(number)
            print("nobody reads this")  # noqa: T201 - on purpose
            yield number

    assert list(apart(steps)) == [0, 1, 2]
    assert seen == []


@pytest.mark.parametrize(("number", "name"), [(signal.SIGKILL, "SIGKILL"), (signal.SIGTERM, "SIGTERM")])
def test_what_a_child_said_before_it_died_arrives(number: int, name: str) -> None:
    def steps() -> Iterator[Reached | Built]:
        yield Reached("compile")
        yield Built(7)
        os.kill(os.getpid(), number)

    arriving = apart(steps)
    assert [next(arriving), next(arriving)] == [Reached("compile"), Built(7)]
    with pytest.raises(DiedError, match=name):
        next(arriving)


def test_random_numbers_go_on_from_a_remembered_state() -> None:
    state = Randomness()
    first = torch.rand(3)
    state.restore()
    assert torch.equal(torch.rand(3), first)
