import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from torch import nn

from playground.contracts.request import Compiler, RunOptions
from playground.measure.randomness import Randomness
from playground.pipeline.calls import remember
from playground.pipeline.comparison import subject
from playground.pipeline.comparison.follow import here
from playground.pipeline.comparison.plan import Plan
from playground.pipeline.comparison.steps import Answer, Built, Failed, First, LeftOut, Reached, Step
from playground.pipeline.comparison.walk import Terms, walk
from playground.pipeline.isolation import DiedError, LateError, apart
from tests.support.runner import wait_until


def steps_of(target: Callable[..., object], *args: torch.Tensor) -> list[Step]:
    what = subject.of_call(remember(target, args, {}), RunOptions(compilers=(Compiler.TRACE,)))
    return list(walk("eager", what, Terms(0.001, time.monotonic() + 60)))


def test_a_path_says_each_step_as_it_is_done() -> None:
    said = steps_of(torch.relu, torch.ones(2))
    kinds = [type(step).__name__ for step in said if not isinstance(step, Answer | Reached)]
    assert kinds == ["Built", "First", "Timed"]
    assert list(dict.fromkeys(step.stage for step in said if isinstance(step, Reached))) == [
        "compile",
        "execute",
        "check",
        "benchmark",
    ]
    assert {step.check for step in said if isinstance(step, Answer)} == {
        "inputs",
        "mutations",
        "gradients",
        "perturbed",
        "seed",
    }


def test_a_path_that_fails_says_in_which_stage() -> None:
    def refuse(x: torch.Tensor) -> torch.Tensor:
        message = f"not today, {x.shape}"
        raise ValueError(message)

    assert steps_of(refuse, torch.ones(1))[-1] == Failed("execute", "ValueError: not today, torch.Size([1])")


def test_a_path_without_time_leaves_out_what_it_has_no_time_for() -> None:
    what = subject.of_call(remember(torch.relu, (torch.ones(2),), {}), RunOptions())
    said = list(walk("eager", what, Terms(0.001, time.monotonic())))
    left = [step.what for step in said if isinstance(step, LeftOut)]
    assert left == [
        "gradients",
        "perturbed: near",
        "perturbed: negated",
        "perturbed: fresh",
        "seed: 1",
        "seed: 2",
        "timing",
    ]
    assert [step.variant for step in said if isinstance(step, Answer) and step.check == "inputs"] == [
        "first",
        "again",
        "later",
    ]


def test_paths_share_the_time_that_is_left_by_what_they_have_to_do() -> None:
    plan = Plan(["eager", "trace", "compile"], 13)
    assert plan.share_s() == pytest.approx(2, abs=0.01)
    assert plan.share_s() == pytest.approx(12 / 5, abs=0.01)
    assert plan.share_s() == pytest.approx(12, abs=0.01)


def test_in_this_process_a_path_leaves_module_inputs_and_random_numbers_as_they_were() -> None:
    net, x = nn.Sequential(nn.BatchNorm1d(2), nn.Dropout()), torch.randn(4, 2)
    call = remember(net, (x,), {})
    state = {name: value.clone() for name, value in net.state_dict().items()}
    before = torch.get_rng_state()
    what = subject.of_call(call, RunOptions(compilers=(Compiler.TRACE,)))
    assert First in {type(step) for step in here("eager", what, Terms(0.001, time.monotonic() + 60))}
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


def test_a_child_that_hangs_is_ended_with_what_it_started() -> None:
    def steps() -> Iterator[int]:
        yield subprocess.Popen(["sleep", "1000"]).pid
        signal.pause()

    arriving = apart(steps, limit_s=3)
    started = next(arriving)
    with pytest.raises(LateError, match="not done within 3 s"):
        next(arriving)
    wait_until(lambda: not is_running(started))


def test_a_child_is_gone_when_nobody_wants_more_of_it() -> None:
    def steps() -> Iterator[int]:
        yield os.getpid()
        signal.pause()

    arriving = apart(steps)
    child = next(arriving)
    arriving.close()  # type: ignore[attr-defined]
    assert not is_running(child)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_random_numbers_go_on_from_a_remembered_state() -> None:
    state = Randomness()
    first = torch.rand(3)
    state.restore()
    assert torch.equal(torch.rand(3), first)
