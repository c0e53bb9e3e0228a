"""Runs what a snippet saved without Python: by a small C++ program of ours, linked against torch's own libraries.

It runs where the snippet ran, with the inputs that the snippet used; its outputs, and its times, are held against those
of the same program called from Python. Nothing here can change what the snippet did or printed: it has ended.
"""

import contextlib
import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch.utils import _pytree as pytree

from playground.contracts.events import Diagnostic
from playground.contracts.measured import Loaded, Verdict
from playground.contracts.sentences import caused, say
from playground.lowering.text import clean
from playground.measure import timing
from playground.measure.agreement import Agreement, compare
from playground.measure.outputs import Outputs, take_apart
from playground.measure.statistics import summarize
from playground.pipeline import capture, compilers, libtorch
from playground.pipeline.calls import Call, remember
from playground.pipeline.saved import Saved
from playground.pipeline.session import MAX_REASON, Session
from playground.pipeline.watch import CallWatch

LIBTORCH, PYTHON = "libtorch", "python"
MIN_RUN_S = 0.1
MARGIN_S = 1.5
"""Of a run's time that is never used here: whatever happens, the run ends as the snippet ended."""
MAX_LIBRARIES = 100
NO_INPUTS = say("The snippet calls nothing like it with tensors, so there is nothing to call it with.")


class NotRunError(Exception):
    """It could not be run without Python; the text says why."""


@dataclass(frozen=True)
class _Program:
    """Something saved, ready to be called either way."""

    kind: libtorch.Kind
    path: Path
    load: Callable[[], Callable[..., Any]]
    """From Python."""
    call: Call
    compile_ns: int = 0


def run(session: Session, saved: Saved, calls: CallWatch) -> None:
    """Run one saved program, and say what came of it; what goes wrong is said too."""
    try:
        with _until(session.left_s - MARGIN_S), capture.silenced(), tempfile.TemporaryDirectory() as directory:
            session.now(*_run(saved, calls, Path(directory), session))
    except Exception as error:  # noqa: BLE001 - whatever a saved program does, the run ends as it would
        reason = str(error) if isinstance(error, NotRunError | libtorch.NotLoadedError) else caused(error)
        message = say("{name} was not run without Python.", name=saved.name)
        session.now(Diagnostic(kind="fallback", line=saved.line, message=message, reason=clean(reason, MAX_REASON)))


def _run(saved: Saved, calls: CallWatch, directory: Path, session: Session) -> tuple[Loaded, Verdict]:
    libtorch.require_loader()
    program = _prepare(saved, calls, directory)
    callee, python_load_ns = timing.once(program.load)
    expected, _ = program.call.make(callee)
    args, kwargs = program.call.fresh()
    with torch.set_grad_enabled(program.call.grad):
        in_python = timing.repeated(callee, args, kwargs, MIN_RUN_S)
    limit_s = session.left_s - MARGIN_S
    file = libtorch.Program(program.kind, program.path)
    found = libtorch.called(file, program.call, directory, min_run_s=MIN_RUN_S, limit_s=limit_s)
    times = summarize(found.times_ns, found.number_per_run)
    libraries = tuple(name[:200] for name in found.libraries[:MAX_LIBRARIES])
    loaded = Loaded(
        name=saved.name,
        kind=saved.kind,
        size_bytes=saved.path.stat().st_size,
        load_ns=found.load_ns,
        first_call_ns=found.first_call_ns,
        median_ns=times.median_ns,
        iqr_ns=times.iqr_ns,
        runs=times.runs,
        number_per_run=times.number_per_run,
        python_load_ns=python_load_ns,
        python_median_ns=in_python.median_ns,
        python_free=not any("libpython" in name for name in libraries),
        libraries=libraries,
        compile_ns=program.compile_ns,
        package_bytes=program.path.stat().st_size if program.path != saved.path else 0,
        line=saved.line,
    )
    return loaded, _verdict(saved, compare(_leaves(found.values), _leaves(expected)))


def _prepare(saved: Saved, calls: CallWatch, directory: Path) -> _Program:
    if saved.kind == "torchscript":
        call = calls.of(saved.program) or saved.example or calls.last
        if call is None:
            raise NotRunError(NO_INPUTS)
        return _Program("torchscript", saved.path, lambda: torch.jit.load(saved.path), call)  # type: ignore[no-untyped-call]
    if saved.program.example_inputs is None:
        raise NotRunError(NO_INPUTS)
    args, kwargs = saved.program.example_inputs
    with torch.no_grad():
        call = remember(saved.program.module(), args, kwargs)
    path, took = saved.path, 0
    if saved.kind == "exported":
        path, took = timing.once(lambda: Path(compilers.packaged(saved.program, directory / "compiled.pt2")))
    package = str(path)
    load = torch._inductor.aoti_load_package  # noqa: SLF001 - its documented name
    return _Program("aoti", path, lambda: load(package), call, took)


def _leaves(result: object) -> Outputs:
    """The values alone: what a tuple is on one side may be a list on the other."""
    return take_apart(pytree.tree_leaves(result))


def _verdict(saved: Saved, agreement: Agreement) -> Verdict:
    return Verdict(
        subject=f"{LIBTORCH}: {saved.name}"[:200],
        against=PYTHON,
        outcome=agreement.outcome,
        max_abs_error=agreement.max_abs_error,
        max_rel_error=agreement.max_rel_error,
        max_ulp_error=agreement.max_ulp_error,
        message=agreement.message,
        line=saved.line,
    )


@contextlib.contextmanager
def _until(seconds: float) -> Iterator[None]:
    """Give up after so long: compilers are waited for in this process, and take as long as they like.

    Raises:
        NotRunError: the time was up.
    """
    if seconds <= 0:
        message = say("none of the run's time was left")
        raise NotRunError(message)

    def give_up(_number: int, _frame: FrameType | None) -> None:
        message = say("it was not done in the {seconds} s that were left of the run's time", seconds=round(seconds))
        raise NotRunError(message)

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
