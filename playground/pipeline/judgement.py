"""The verdict on a rewriting: prepared before a program runs, carried out when its answer has been given.

What a program prints is the original's doing. Before it runs, a copy of the process is set aside; afterwards that copy
runs both forms again, in forks of its own, and says whether anybody could tell them apart.
"""

import contextlib
import os
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import torch

from playground.contracts.events import Code
from playground.contracts.measured import Benchmark, Outcome, Parameters, Verdict
from playground.contracts.request import Level
from playground.contracts.sentences import say
from playground.lowering.text import clean
from playground.measure.interleaved import Turns
from playground.measure.statistics import Summary, break_even_calls, summarize
from playground.pipeline import behaviour
from playground.pipeline.behaviour import MAX_HELD_MIB
from playground.pipeline.experiment import Compared, Experiment, Step, Timed, Which
from playground.pipeline.form import Form
from playground.pipeline.held import Held
from playground.pipeline.messages import LateError
from playground.pipeline.session import Session
from playground.pipeline.snapshot import LostError, Snapshot

ORIGINAL: Which = "original"
REWRITTEN: Which = "rewritten"
MAX_COMPARED = 4
"""Programs of one run: each has a process that waits."""
DEFAULT_MIN_RUN_MS = 50
MAX_FILES_MIB = 16
"""What a second run may leave beside the first: more could end a run that has succeeded."""
REPETITIONS = 3
FOLLOWED_S = 3.0
"""A program that nothing is compared with is run again for so long at the most."""
SHARE = 0.8
"""Of the time that is left to the run."""
MAX_MESSAGE = 4_000
_MIB = 1 << 20
_UNCHANGED = say("No pass changed the program, so there is nothing to compare.")
_UNSTEADY = say("Two runs of the original differ too:")


Forms = Callable[[], tuple[Form, Form | None]]
"""Makes the original and the rewritten form; None: no pass changed it."""


class CannotCompareError(Exception):
    """Why the forms of a program are not compared."""


@dataclass
class Case:
    """One program of a run.

    Args:
        number: among the programs of the run, from 1.
        line: where the snippet compiles it.
        changed: whether any pass changed it.
        prepared_ns: what rewriting it and compiling the result took.
    """

    number: int
    line: int | None
    changed: bool
    prepared_ns: int = 0
    compiled_ns: int = 0
    problem: tuple[str, str] | None = None
    """A stage, and what went wrong there."""
    snapshot: Snapshot[Step] | None = None
    wall_ns: int = 0
    anonymous_bytes: int = 0
    specialized: dict[Which, Code] = field(default_factory=dict)
    held: dict[Which, Held] = field(default_factory=dict)

    def fail(self, stage: str, message: str) -> None:
        """There will be no comparison; the first reason counts."""
        self.problem = self.problem or (stage, message)

    def drop(self) -> None:
        """Nobody wants to know."""
        if self.snapshot:
            self.snapshot.drop()
            self.snapshot = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """The original runs."""
        self.anonymous_bytes = _anonymous_bytes()
        began = time.perf_counter_ns()
        try:
            yield
        finally:
            self.wall_ns = time.perf_counter_ns() - began


class Comparison:
    """All programs of one run."""

    def __init__(self, session: Session, show: Callable[[Case], None]) -> None:
        self._session = session
        self._show = show
        self._cases: list[Case] = []
        self._prepared = 0
        session.afterwards(self._tell)

    def add(self, case: Case) -> None:
        """A program will be spoken of."""
        self._cases.append(case)

    def prepare(self, case: Case, forms: Forms, programs: Container[str]) -> None:
        """The program is about to run: set a copy of this process aside."""
        if case.problem or case.snapshot or not self._session.is_first_process:
            return
        self._prepared += 1
        if self._prepared > MAX_COMPARED:
            case.fail("execute", say("Only the first {count} programs of a run are compared.", count=MAX_COMPARED))
            return
        try:
            case.snapshot = self._copy(forms, programs)
        except CannotCompareError as reason:
            case.fail("execute", str(reason))
        except OSError as error:
            case.fail("execute", say("No process could be set aside: {error}", error=error))
        except Exception as error:  # noqa: BLE001 - ours: whatever the rewriter wrote, the program runs all the same
            case.fail("compile", say("The rewritten program cannot be compiled: {error}", error=error))

    def _copy(self, forms: Forms, programs: Container[str]) -> Snapshot[Step]:
        if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
            message = say("The snippet uses the GPU already, and what it holds there does not survive a fork.")
            raise CannotCompareError(message)
        if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208 - pathlib is slow
            message = say("Threads run beside the program; a copy of the process would be without them.")
            raise CannotCompareError(message)
        try:
            place = behaviour.here(programs)
        except OSError as error:
            message = say("The working directory cannot be copied: {error}", error=error)
            raise CannotCompareError(message) from error
        original, rewritten = forms()
        options = self._session.request.options
        min_run_s = (options.min_run_ms or DEFAULT_MIN_RUN_MS) / 1000
        specialized = self._session.wants(Level.BYTECODE_SPECIALIZED)
        followed = self._session.wants(Level.PROGRAM) or self._session.wants(Level.RELEASED)
        experiment = Experiment(original, rewritten, place, min_run_s, specialized, followed)
        deadline = time.monotonic() + self._session.left_s * SHARE
        may_wait = "wait" in self._session.request.source
        return Snapshot(lambda: experiment.steps(deadline), adopted=may_wait)

    def _tell(self) -> None:
        for case in self._cases:
            if case.problem or not case.changed or case.snapshot:
                self._tell_case(case)
            self._show(case)

    def _tell_case(self, case: Case) -> None:
        if not case.changed:
            self._tell_unchanged(case)
            return
        if case.problem is None and (reason := self._too_much(case)):
            case.fail("execute", reason)
        if case.problem:
            self._say(case, "failed", case.problem[1], case.problem[0])
            case.drop()
            return
        self._carry_out(case)

    def _tell_unchanged(self, case: Case) -> None:
        """What its names held is still worth knowing; that it cannot be known is not worth a word."""
        if case.problem and case.problem[0] == "rewrite":
            self._say(case, "failed", case.problem[1], case.problem[0])
        else:
            self._say(case, "same", _UNCHANGED)
        if case.snapshot is None or self._too_much(case):
            case.drop()
            return
        with contextlib.suppress(LateError, LostError):
            for step in case.snapshot.ask(min(FOLLOWED_S, self._session.left_s * SHARE)):
                self._take(case, step)

    def _carry_out(self, case: Case) -> None:
        assert case.snapshot is not None  # noqa: S101 - else there is a problem
        within = self._session.left_s * SHARE
        said = False
        try:
            for step in case.snapshot.ask(within):
                said = self._take(case, step) or said
                self._session.now()
        except (LateError, LostError) as error:
            late = say("The comparison did not end within {seconds} s.", seconds=round(within))
            if not said:
                self._say(case, "failed", str(error) or late, "execute")
            return
        if not said:
            self._say(case, "failed", say("The comparison was ended."), "execute")

    def _take(self, case: Case, step: Step) -> bool:
        """Say what the copy found; whether that was the verdict."""
        match step:
            case Compared():
                self._judge(case, step)
            case Timed():
                self._session.later(*_benchmarks(case, step, self._parameters(case)))
            case (which, Held() as held):
                case.held[which] = held
            case (which, Code() as code):
                case.specialized[which] = code
        return isinstance(step, Compared)

    def _judge(self, case: Case, seen: Compared) -> None:
        if not seen.found:
            self._say(case, "same", None)
        elif seen.unsteady:
            self._say(case, "nondeterministic", "\n".join((_UNSTEADY, *seen.unsteady)))
        else:
            self._say(case, "differs", "\n".join(seen.found))

    def _say(self, case: Case, outcome: Outcome, message: str | None, stage: str | None = None) -> None:
        self._session.later(
            Verdict(
                subject=REWRITTEN,
                against=ORIGINAL,
                outcome=outcome,
                stage=stage,
                message=clean(message, MAX_MESSAGE) if message else None,
                line=case.line,
                parameters=self._parameters(case),
            )
        )

    def _parameters(self, case: Case) -> Parameters:
        return {"program": case.number} if len(self._cases) > 1 else {}

    def _too_much(self, case: Case) -> str | None:
        """Whether running it again could end a run that has succeeded so far."""
        took = case.wall_ns / 1e9
        if took * REPETITIONS > self._session.left_s * SHARE:
            return say("It ran for {seconds} s, and there is no time left to run it twice more.", seconds=f"{took:.1f}")
        if (held := (_anonymous_bytes() - case.anonymous_bytes) // _MIB) > MAX_HELD_MIB:
            sizes = {"size": held, "most": MAX_HELD_MIB}
            return say(
                "It holds {size} MiB of memory in the end; beside more than {most} it is not run again.", **sizes
            )
        if _size_here() > MAX_FILES_MIB * _MIB:
            return say("It left more than {size} MiB of files, which are not written twice.", size=MAX_FILES_MIB)
        return None


def _anonymous_bytes() -> int:
    """Memory of this process that is no file's."""
    resident, shared = Path("/proc/self/statm").read_text(encoding="ascii").split()[1:3]
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")


def _size_here() -> int:
    try:
        return sum(path.lstat().st_size for path in Path().rglob("*"))
    except OSError:  # a directory that was removed, or cannot be read: nothing that is written there counts
        return 0


def _benchmarks(case: Case, timed: Timed, parameters: Parameters) -> Iterator[Benchmark]:
    original, rewritten, nothing = map(_summary, timed.turns)
    prepared = case.prepared_ns + max(0.0, timed.first_ns[1] - rewritten.median_ns)
    pays = break_even_calls(prepared, rewritten, original)
    rows = ((ORIGINAL, original, case.compiled_ns, 0), (REWRITTEN, rewritten, case.prepared_ns, pays))
    for (path, summary, compile_ns, break_even), first_ns in zip(rows, timed.first_ns, strict=True):
        yield Benchmark(
            path=path,
            compile_ns=compile_ns,
            first_call_ns=first_ns,
            median_ns=round(summary.median_ns),
            iqr_ns=round(summary.iqr_ns),
            runs=summary.runs,
            number_per_run=summary.number_per_run,
            stable=summary.stable,
            break_even_calls=break_even,
            quartiles_ns=summary.quartiles_ns,
            interval_ns=summary.interval_ns,
            noop_ns=nothing.median_ns,
            parameters=parameters,
        )


def _summary(turns: Turns) -> Summary:
    return summarize(turns.times_ns, turns.number)
