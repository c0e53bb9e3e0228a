"""Compare mode: one call, or a whole program, along every path; each held against the first, each timed."""

from collections.abc import Callable, Iterator, Mapping

import torch

from playground.contracts.events import Diagnostic, SaidInside
from playground.contracts.sentences import say
from playground.contracts.sweep import THREADS, Point
from playground.lowering import creation
from playground.pipeline import program
from playground.pipeline.comparison import programs, refusal, subject, sweeps
from playground.pipeline.comparison.compared import Conditions, compared
from playground.pipeline.comparison.plan import Plan
from playground.pipeline.comparison.subject import Subject
from playground.pipeline.comparison.sweeps import Sweep
from playground.pipeline.display import show_value
from playground.pipeline.isolation import apart
from playground.pipeline.program import Program
from playground.pipeline.session import Session
from playground.pipeline.targets import choose
from playground.pipeline.watch import CallWatch

DEFAULT_MIN_RUN_MS = 200
SWEPT_MIN_RUN_MS = 50
"""Of each point: a sweep lives from many."""
LEAST_POINT_S = 1.5
Show = Callable[[object], None]
Found = Iterator[SaidInside]


def run(session: Session, source: str, sources: dict[str, str]) -> None:
    """Run a snippet, then compare. Raises what the snippet raises, ``NoTarget`` and ``NoSuchParameter``.

    Args:
        session: the run.
        source: the snippet, after notebook lines were translated.
        sources: what the frames of a traceback may belong to, by filename.
    """
    sources[program.FILENAME] = source
    compiled = program.compile_program(source, program.parse(source))
    swept = sweeps.read(session.request.options, compiled.tree)
    comparison = _Comparison(session, swept)
    with session.stage("execute", runs_snippet=True):
        comparison.execute(compiled, lambda value: show_value(session, value))
    for event in comparison.points():
        session.now(event)


class _Comparison:
    def __init__(self, session: Session, swept: Sweep) -> None:
        self._session = session
        self._options = session.request.options
        self._sweep = swept
        self._threads = torch.get_num_threads()
        torch.set_num_threads(1)  # so that each path's process can have a pool of threads of its own

    def execute(self, compiled: Program, show: Show) -> None:
        """Run the snippet, once, and see what it calls."""
        self._compiled, self._watch = compiled, CallWatch()
        self._namespace = program.become_main(compiled.source)
        with creation.watch(compiled.source, program.FILENAME) as self._sites:
            for statement in compiled.statements:
                with self._watch.statement():
                    value: object = eval(statement.code, self._namespace)  # noqa: S307 - the sandbox is for this
                show(value)

    def points(self) -> Found:
        """Every point of the sweep for which there is time, and what was left out."""
        points = self._sweep.points
        left_out = []
        for number, point in enumerate(points):
            if point.get(THREADS, 0) > self._threads or self._session.left_s < LEAST_POINT_S:
                left_out.append(point)
                continue
            yield from self._point(point, self._session.left_s / (len(points) - number))
        if left_out:
            yield _left_out(left_out, len(points), self._threads)

    def _point(self, point: Point, left_s: float) -> Found:
        if not point:
            return self._compared(point, left_s)
        return self._told(point, left_s)

    def _told(self, point: Point, left_s: float) -> Found:
        """One that fails says so, and the sweep goes on."""
        again = not self._sweep.assigned.isdisjoint(point)
        make = self._executed_again if again else self._compared
        try:
            yield from apart(lambda: _caught(point, make(point, left_s)), left_s) if again else make(point, left_s)
        except Exception as error:  # noqa: BLE001 - a snippet raises whatever it likes
            yield _not_compared(point, error)

    def _executed_again(self, point: Point, left_s: float) -> Found:
        values = {name: value for name, value in point.items() if name in self._sweep.assigned}
        source = sweeps.reassigned(self._compiled.source, self._compiled.tree, values)
        self.execute(program.compile_program(source, program.parse(source)), lambda _: None)
        yield from self._compared(point, left_s)

    def _compared(self, point: Point, left_s: float) -> Found:
        what = self._subject(point, self._sweep.bound(point))
        least_ms = self._options.min_run_ms or (SWEPT_MIN_RUN_MS if point else DEFAULT_MIN_RUN_MS)
        wanted = bool(self._options.profile) and not point
        threads = int(point.get(THREADS, self._threads))
        conditions = Conditions(least_ms / 1000, threads, point, wanted, self._sites if wanted else None)
        yield from compared(what, Plan(list(what.builders), left_s), conditions)

    def _subject(self, point: Point, bound: Mapping[str, object]) -> Subject:
        options, source = self._options, self._compiled.source
        if self._is_program:
            return programs.of_program(source)
        call = self._sweep.resized(choose(options, self._namespace, self._watch, bound), point)
        if options.target and not options.compilers and not call.tensors:
            return programs.of_function(call, source, options.target)
        return subject.of_call(call, options)

    @property
    def _is_program(self) -> bool:
        """Whether the snippet says no call to repeat, and nothing went wrong with one."""
        options = self._options
        return not (options.target or options.compilers or self._watch.last or self._watch.problem)


def _caught(point: Point, found: Found) -> Found:
    try:
        yield from found
    except Exception as error:  # noqa: BLE001
        yield _not_compared(point, error)


def _not_compared(point: Point, error: Exception) -> Diagnostic:
    message = say("The point {point} was not compared.", point=_said(point))
    return Diagnostic(kind="fallback", message=message, reason=refusal.words(error), line=refusal.line(error))


def _said(point: Point) -> str:
    return ", ".join(f"{name}={value}" for name, value in point.items())


def _left_out(points: list[Point], total: int, threads: int) -> Diagnostic:
    said = "; ".join(map(_said, points))
    reason = say(
        "There was no time for them, or they ask for more than the {count} threads of this run.", count=threads
    )
    counts = {"count": len(points), "total": total}
    message = say("{count} of {total} points of the sweep were left out: {points}", **counts, points=said)
    return Diagnostic(kind="fallback", message=message[: refusal.MAX_MESSAGE], reason=reason)
