"""One path of a comparison: a call built by a compiler, made a few times, timed. Says each step as it is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import torch

from playground.contracts.request import Compiler
from playground.measure import timing
from playground.measure.outputs import Outputs, take_apart
from playground.measure.randomness import Randomness
from playground.measure.statistics import Summary
from playground.pipeline.calls import Call
from playground.pipeline.compilers import BUILDERS

EAGER = "eager"
WARM_UP_CALLS = 3
"""TorchScript's profiling executor runs its optimized code from the third call on."""
StageName = Literal["compile", "execute", "check", "benchmark"]


@dataclass(frozen=True)
class Reached:
    """What the path does from now on."""

    stage: StageName


@dataclass(frozen=True)
class Built:
    """Compiling took this long."""

    wall_ns: int


@dataclass(frozen=True)
class Called:
    """One of the first calls, all under the same random state; ``outputs`` of the first and of the last."""

    wall_ns: int
    outputs: Outputs | None


@dataclass(frozen=True)
class Failed:
    """The path ended here."""

    stage: StageName
    message: str


Step = Reached | Built | Called | Summary | Failed


def walk(path: str, call: Call, min_run_s: float) -> Iterator[Step]:
    """Walk a path; what fails ends it as a ``Failed``."""
    stage: StageName = "compile"
    try:
        for step in _walk(path, call, min_run_s):
            stage = step.stage if isinstance(step, Reached) else stage
            yield step
    except Exception as error:  # noqa: BLE001 - compilers raise whatever they like
        yield Failed(stage, f"{type(error).__name__}: {error}")


def _walk(path: str, call: Call, min_run_s: float) -> Iterator[Step]:
    randomness = Randomness()
    yield Reached("compile")
    if path == EAGER:
        callee, took = call.target, 0
    else:
        callee, took = timing.once(lambda: BUILDERS[Compiler(path)](call))
    yield Built(took)
    yield Reached("execute")
    for number in range(WARM_UP_CALLS):
        randomness.restore()
        args, kwargs = call.fresh()
        with torch.set_grad_enabled(call.grad):
            result, took = timing.once(lambda: callee(*args, **kwargs))  # noqa: B023 - called at once
        kept = number in {0, WARM_UP_CALLS - 1}
        yield Called(took, take_apart((result, args, kwargs)) if kept else None)
    yield Reached("benchmark")
    args, kwargs = call.fresh()
    with torch.set_grad_enabled(call.grad):
        yield timing.repeated(callee, args, kwargs, min_run_s)
