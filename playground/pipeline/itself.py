"""The snippet as its own program: rewritten as a whole, run statement by statement as ever."""

import functools
import time
from contextlib import AbstractContextManager

from playground.contracts.events import Stage
from playground.pipeline import program
from playground.pipeline.form import Form, relocated
from playground.pipeline.generated import Generated, Programs
from playground.pipeline.program import FILENAME, Program
from playground.pipeline.session import Session


class Itself:
    """A snippet that may be the program: rewritten at once, shown when that is certain."""

    def __init__(self, session: Session, source: str, programs: Programs) -> None:
        self._session = session
        self._programs = programs
        make = functools.partial(compile, filename=FILENAME, mode="exec", dont_inherit=True)
        self._generated = Generated(source, FILENAME, 1, None, None, make)
        wall, cpu = time.perf_counter_ns(), time.process_time_ns()
        self._generated.rewrite(frozenset(), frozenset())  # nobody binds a name before it, or reads one after it
        wall, cpu = time.perf_counter_ns() - wall, time.process_time_ns() - cpu
        self._stage = Stage(name="rewrite", phase="end", wall_ns=wall, cpu_ns=max(0, cpu))

    def tell_stage(self) -> None:
        """Say that it was rewritten, and how long that took."""
        self._session.later(Stage(name="rewrite", phase="begin"), self._stage)

    def show(self, compiled: Program) -> None:
        """It is the program: say what it is, at every level."""
        self._generated.ran = [statement.code for statement in compiled.statements]
        self._programs.show(self._generated, compiled.code)

    def withdraw(self) -> None:
        """It is not the program."""
        self._generated.case.drop()

    def running(self) -> AbstractContextManager[None]:
        """It runs."""
        return self._generated.case.running()

    def prepare(self, compiled: Program, namespace: dict[str, object]) -> None:
        """It is about to run."""
        self._programs.prepare(self._generated, namespace, None, lambda: self._forms(compiled, namespace))

    def _forms(self, compiled: Program, namespace: dict[str, object]) -> tuple[Form, Form | None]:
        if not self._generated.case.changed:
            return Form(
                compiled.source, compiled.code, lambda: _run(compiled, namespace, displays=False), namespace
            ), None
        (original, readable), (text, spans) = self._generated.compiled(), self._generated.result
        rewritten = program.compile_program("", relocated(text, spans, FILENAME))
        displays = bool(compiled.statements) and compiled.statements[-1].value
        return (
            Form(compiled.source, original, lambda: _run(compiled, namespace, displays=displays), namespace),
            Form(text, readable, lambda: _run(rewritten, namespace, displays=displays), namespace),
        )


def _run(compiled: Program, namespace: dict[str, object], *, displays: bool) -> object:
    """What a last expression displays, if it does."""
    value: object = None
    for statement in compiled.statements:
        value = eval(statement.code, namespace)  # noqa: S307 - the sandbox is for this
    return value if displays else None
