"""A path that leaves Python: the target saved, then loaded and called by libtorch in a process of its own."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from torch.utils import _pytree as pytree

from playground.contracts.request import Compiler
from playground.measure import disturbance, perturbation
from playground.measure.outputs import Outputs, take_apart
from playground.measure.statistics import summarize
from playground.pipeline import compilers, libtorch
from playground.pipeline.calls import Call
from playground.pipeline.comparison import refusal
from playground.pipeline.comparison.refusal import RefusedError
from playground.pipeline.comparison.steps import INPUTS, LATER, Answer, Built, First, LeftOut, Reached, Step, Timed
from playground.pipeline.comparison.subject import Subject
from playground.pipeline.libtorch import Found, Kind, NotLoadedError, Program

KINDS: Mapping[str, Kind] = {Compiler.LIBTORCH: "torchscript", Compiler.LIBTORCH_AOTI: "aoti"}
CHECKED: perturbation.Variant = "negated"
"""One variant only: each is another process, which takes a while to load."""
LEAST_S = 0.001


def steps(name: str, subject: Subject, min_run_s: float, until: float) -> Iterator[Step]:
    """Walk the path until that moment of the monotonic clock. Raises what a compiler raises."""
    kind, call = KINDS[name], subject.call
    yield Reached("compile")
    with tempfile.TemporaryDirectory() as directory:
        began = time.perf_counter_ns()
        program = _saved(kind, subject, name, Path(directory))
        took = time.perf_counter_ns() - began
        yield Reached("execute")
        before = disturbance.look()
        found = _called(program, call, min_run_s, until)
        disturbed = disturbance.between(before, disturbance.look())
        yield Built(took + found.load_ns)
        for variant in (INPUTS, LATER):
            yield Answer("inputs", variant, _outputs(found, call))
        yield First((found.first_call_ns,))
        yield from _perturbed(program, call, until)
        summary = summarize(found.times_ns, found.number_per_run)
        yield Timed(summary, None, torch.get_num_threads(), disturbance=disturbed)


def _saved(kind: Kind, subject: Subject, name: str, directory: Path) -> Program:
    made = subject.builders[name](subject.call)
    if kind == "torchscript":
        path = directory / "program.pt"
        made.save(str(path))
        return Program(kind, path)
    return Program(kind, Path(compilers.packaged(made, directory / "program.pt2")))


def _called(program: Program, call: Call, min_run_s: float, until: float) -> Found:
    try:
        with torch.set_grad_enabled(call.grad):
            limit_s = max(LEAST_S, until - time.monotonic())
            return libtorch.called(program, call, program.path.parent, min_run_s=min_run_s, limit_s=limit_s)
    except NotLoadedError as error:
        raise RefusedError(str(error)) from error


def _perturbed(program: Program, call: Call, until: float) -> Iterator[Step]:
    yield Reached("check", "perturbed")
    generator = torch.Generator().manual_seed(perturbation.VARIANTS.index(CHECKED))
    other = call.changed(lambda tensor: perturbation.perturb(tensor, CHECKED, generator))
    try:
        found = _called(program, other, LEAST_S, until)
        yield Answer("perturbed", CHECKED, _outputs(found, other))
    except RefusedError as error:
        refused = Answer("perturbed", CHECKED, None, refusal.words(error))
        yield refused if until > time.monotonic() else LeftOut("perturbed")


def _outputs(found: Found, call: Call) -> Outputs:
    """Nested as the target's own result is: what is a tuple here may be a list there."""
    result, _ = call.make(call.target)
    leaves, structure = pytree.tree_flatten(result)
    same = len(leaves) == len(found.values)
    return take_apart(pytree.tree_unflatten(found.values, structure) if same else found.values)
