"""One call of the C++ loader: a saved program, loaded and called by libtorch in a process without Python."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch.utils import _pytree as pytree

from playground.contracts.sentences import say
from playground.pipeline import warming
from playground.pipeline.calls import Call

Kind = Literal["torchscript", "aoti"]
NO_LOADER = say(
    "The C++ loader is not built on this machine: see 'compilers' in the server's log, and playground doctor."
)


class NotLoadedError(Exception):
    """The loader is missing, or could not do it; the text says why."""


@dataclass(frozen=True)
class Program:
    """A file, and what saved it."""

    kind: Kind
    path: Path


@dataclass(frozen=True)
class Found:
    """What the loader said, and the values that the call gave, without their nesting."""

    load_ns: int
    first_call_ns: int
    times_ns: tuple[float, ...]
    number_per_run: int
    libraries: tuple[str, ...]
    """All that its process had mapped, by name."""
    values: list[Any]


def called(program: Program, call: Call, directory: Path, *, min_run_s: float, limit_s: float) -> Found:
    """Load a program and call it.

    Args:
        program: what was saved.
        call: what it is called with, and whether gradients are recorded.
        directory: where what it is given and gives may lie.
        min_run_s: the least time that its calls are timed for.
        limit_s: how long all of it may take, in seconds.

    Raises:
        NotLoadedError: the loader is missing, or could not do it.
    """
    loader = require_loader()
    inputs, outputs = directory / "inputs", directory / "outputs"
    torch.save(_given(program.kind, call), inputs)
    words = ("grad" if call.grad else "no_grad", str(torch.get_num_threads()), str(max(1, round(min_run_s * 1000))))
    command = [str(loader), program.kind, *map(str, (program.path, inputs, outputs)), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=limit_s, check=False)  # noqa: S603 - our own program, with our own words
    except subprocess.TimeoutExpired:
        message = say("the loader was not done within {seconds} s", seconds=f"{limit_s:.1f}")
        raise NotLoadedError(message) from None
    if done.returncode:
        raise NotLoadedError(done.stderr.strip() or say("the loader ended with code {code}", code=done.returncode))
    said = json.loads(done.stdout)
    values = pytree.tree_leaves(torch.load(outputs, weights_only=False))  # TorchScript's lists are types of its own
    return Found(
        load_ns=said["load_ns"],
        first_call_ns=said["first_call_ns"],
        times_ns=tuple(said["times_ns"]),
        number_per_run=said["number_per_run"],
        libraries=tuple(map(str, said["libraries"])),
        values=values,
    )


def require_loader() -> Path:
    """Where it is.

    Raises:
        NotLoadedError: it is not built.
    """
    loader = warming.loader()
    if loader is None:
        raise NotLoadedError(NO_LOADER)
    return loader


def _given(kind: Kind, call: Call) -> tuple[Any, ...]:
    """AOTInductor takes tensors in a row, TorchScript arguments."""
    args, kwargs = call.fresh()
    if kind == "torchscript":
        return args, kwargs
    return tuple(leaf for leaf in pytree.tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor))
