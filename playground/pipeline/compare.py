"""Compare mode: one call, made by every path; each result checked against eager's, each path timed."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import torch
from torch import nn

from playground.contracts.events import Benchmark, Verdict
from playground.contracts.request import Compiler
from playground.lowering.text import clean
from playground.measure.agreement import Agreement, compare, worst
from playground.measure.outputs import Outputs
from playground.measure.randomness import Randomness
from playground.measure.statistics import Summary, break_even_calls, preparation_ns
from playground.pipeline import paths, program
from playground.pipeline.calls import Call
from playground.pipeline.display import show_value
from playground.pipeline.isolation import DiedError, apart
from playground.pipeline.paths import EAGER, Built, Called, Failed, Reached, Step
from playground.pipeline.program import Program
from playground.pipeline.session import Session
from playground.pipeline.targets import choose
from playground.pipeline.watch import CallWatch

COMPILERS = (Compiler.SCRIPT, Compiler.TRACE)
DEFAULT_MIN_RUN_MS = 200
MAX_MESSAGE = 4_000
_NO_REFERENCE = "eager failed on these inputs, so there is nothing to compare with"
_NOT_REPEATABLE = "Two eager calls with the same inputs and the same random state give different results."


@dataclass
class _Path:
    """What is known of a path so far."""

    name: str
    build_ns: int = 0
    calls: list[Called] = field(default_factory=list)
    summary: Summary | None = None
    failed: Failed | None = None

    @property
    def outputs(self) -> list[Outputs]:
        """Results of the first and the last of the first calls."""
        return [call.outputs for call in self.calls if call.outputs is not None]


def run(session: Session, source: str, sources: dict[str, str]) -> None:
    """Run a snippet, then compare. Raises what the snippet raises, and ``NoTarget``.

    Args:
        session: the run.
        source: the snippet, after notebook lines were translated.
        sources: what the frames of a traceback may belong to, by filename.
    """
    sources[program.FILENAME] = source
    compiled = program.compile_program(source, program.parse(source))
    watch = CallWatch()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so that each path's process can have a pool of threads of its own
    namespace = _execute(session, compiled, watch)
    call = choose(session.request.options, namespace, watch)
    eager: _Path | None = None
    for name in (EAGER, *(session.request.options.compilers or COMPILERS)):
        with session.stage(str(name), runs_snippet=True):
            path = _follow(str(name), call, session.request.options.min_run_ms or DEFAULT_MIN_RUN_MS, threads)
        eager = eager or path
        session.later(_verdict(path, eager))
        if path.summary:
            session.later(_benchmark(path, path.summary, eager))
        session.now()


def _execute(session: Session, compiled: Program, watch: CallWatch) -> dict[str, object]:
    namespace = program.become_main(compiled.source)
    with session.stage("execute", runs_snippet=True):
        for statement in compiled.statements:
            with watch.statement():
                value: object = eval(statement.code, namespace)  # noqa: S307 - the sandbox is for this
            show_value(session, value)
    return namespace


def _follow(name: str, call: Call, min_run_ms: int, threads: int) -> _Path:
    path = _Path(name)
    stage: paths.StageName = "compile"
    try:
        for step in _steps(name, call, min_run_ms / 1000, threads):
            match step:
                case Reached():
                    stage = step.stage
                case Built():
                    path.build_ns = step.wall_ns
                case Called():
                    path.calls.append(step)
                case Summary():
                    path.summary = step
                case Failed():
                    path.failed = step
    except DiedError as error:
        path.failed = Failed(stage, str(error))
    return path


def _steps(name: str, call: Call, min_run_s: float, threads: int) -> Iterator[Step]:
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        return _here(name, call, min_run_s)  # a context on a GPU does not survive a fork

    def walk() -> Iterator[Step]:
        # After a fork a pool that the snippet made has no threads left, and waits for them without end.
        torch.set_num_threads(threads if torch.get_num_threads() == 1 else 1)
        return paths.walk(name, call, min_run_s)

    return apart(walk)


def _here(name: str, call: Call, min_run_s: float) -> Iterator[Step]:
    """Walk in this process, on a copy of the module."""
    randomness = Randomness()
    own = replace(call, target=copy.deepcopy(call.target)) if isinstance(call.target, nn.Module) else call
    try:
        yield from paths.walk(name, own, min_run_s)
    finally:
        randomness.restore()


def _verdict(path: _Path, eager: _Path) -> Verdict:
    if path.failed:
        message = clean(path.failed.message, MAX_MESSAGE)
        return Verdict(subject=path.name, against=EAGER, outcome="failed", stage=path.failed.stage, message=message)
    if eager.failed:
        return Verdict(subject=path.name, against=EAGER, outcome="failed", stage="check", message=_NO_REFERENCE)
    repeated = compare(eager.outputs[-1], eager.outputs[0])
    agreement = repeated
    if path is not eager:
        agreement = worst([compare(ours, theirs) for ours, theirs in zip(path.outputs, eager.outputs, strict=True)])
    unclear = repeated.outcome != "same" and agreement.outcome != "same"
    return Verdict(
        subject=path.name,
        against=EAGER,
        outcome="nondeterministic" if unclear else agreement.outcome,
        max_abs_error=agreement.max_abs_error,
        max_rel_error=agreement.max_rel_error,
        message=_message(agreement, unclear=unclear),
    )


def _message(agreement: Agreement, *, unclear: bool) -> str | None:
    parts = [_NOT_REPEATABLE if unclear else None, agreement.message]
    return clean("\n".join(part for part in parts if part), MAX_MESSAGE) or None


def _benchmark(path: _Path, summary: Summary, eager: _Path) -> Benchmark:
    first, *_ = warm_up = [call.wall_ns for call in path.calls]
    # torch.compile compiles in its first call: what that takes beyond a steady one is compiling.
    lazy = max(0, round(first - summary.median_ns)) if path.name == Compiler.COMPILE else 0
    prepared = preparation_ns(path.build_ns, warm_up, summary.median_ns)
    return Benchmark(
        path=path.name,
        compile_ns=path.build_ns + lazy,
        first_call_ns=first,
        median_ns=round(summary.median_ns),
        iqr_ns=round(summary.iqr_ns),
        runs=summary.runs,
        number_per_run=summary.number_per_run,
        stable=summary.stable,
        break_even_calls=_break_even(prepared, path, eager),
    )


def _break_even(prepared_ns: float, path: _Path, eager: _Path) -> int | None:
    if path is eager:
        return 0
    if path.summary is None or eager.summary is None:
        return None
    return break_even_calls(prepared_ns, path.summary, eager.summary)
