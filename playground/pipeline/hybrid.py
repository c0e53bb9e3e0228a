"""Hybrid mode: the snippet runs as ever, and what its compilers make is shown; without any, its target is compiled.

The times of its statements are its own: levels are made between statements, as a stage of their own.
"""

import contextlib
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from playground.contracts.request import Backend, Compiler
from playground.contracts.sentences import say
from playground.lowering import creation
from playground.pipeline import compilers, imperative, program, standalone
from playground.pipeline.calls import Call
from playground.pipeline.display import show_value
from playground.pipeline.ladder import Ladder
from playground.pipeline.levels import Levels, fallback
from playground.pipeline.observe import CompilerWatch, mentions_compiler
from playground.pipeline.program import Program
from playground.pipeline.saved import Saved, SaveWatch, mentions_saving
from playground.pipeline.session import Session
from playground.pipeline.stages import StageClock
from playground.pipeline.targets import HELP, NoTarget, choose
from playground.pipeline.tracing import Tracing
from playground.pipeline.watch import CallWatch

DEFAULT = (Compiler.COMPILE,)
PACKAGE = "aoti.pt2"
MAX_TURNS = 400
"""Of stages: compiling one graph takes about ten."""
WARM_UP_CALLS = 2
"""After so many TorchScript's executor has optimized."""
NO_CXX = say("Inductor needs a C++ compiler and finds none: the graphs are shown up to AOT, and nothing is generated.")


def run(session: Session, source: str, sources: dict[str, str]) -> None:
    """Run a snippet. Raises what it raises.

    Args:
        session: the run.
        source: the snippet, after notebook lines were translated.
        sources: what the frames of a traceback may belong to, by filename.
    """
    sources[program.FILENAME] = source
    compiled = imperative.prepare(session, source)
    with creation.watch(source, program.FILENAME) as sites:
        Hybrid(session, sites, source).run(compiled)


class Hybrid:
    """One run."""

    def __init__(self, session: Session, sites: creation.Sites, source: str) -> None:
        self._session = session
        self._clock = StageClock(session, MAX_TURNS)
        self._ladder = Ladder(session, sites, self._clock, source)
        self._tracing = Tracing(session, self._ladder)
        self._compilers = CompilerWatch(self._tracing.start)
        self._saves = SaveWatch()
        self._packages: list[Saved] = []
        self._calls = CallWatch()
        self._levels = Levels(session, sites)

    def run(self, compiled: Program) -> None:
        """Execute, then compile the target if the snippet compiled nothing."""
        with contextlib.ExitStack() as stack:
            stack.callback(self._end)
            stack.enter_context(self._saves.watching())
            stack.enter_context(self._compilers.watching())
            namespace = self._execute(compiled)
            with self._clock.within("lower"):
                self._levels.optimized()
            if not self._compilers.calls:
                self._compile_target(namespace)
        for saved in (*self._saves.saved, *self._packages):
            with self._session.stage(standalone.LIBTORCH):
                standalone.run(self._session, saved, self._calls)

    def _end(self) -> None:
        asked = self._tracing.started
        self._tracing.stop()
        self._clock.stop()
        self._ladder.close(asked=asked)
        if self._tracing.problem:
            self._session.now(fallback(say("Not all that torch.compile did could be followed."), self._tracing.problem))

    def _execute(self, compiled: Program) -> dict[str, object]:
        namespace = program.become_main(compiled.source)
        left_alone = mentions_compiler(compiled.tree) and not mentions_saving(compiled.tree)
        watched = contextlib.nullcontext if left_alone else self._calls.statement
        self._clock.switch("execute")
        for statement in compiled.statements:
            try:
                with watched():
                    value = self._timed(statement, namespace)
            finally:
                self._say_artefacts()
            show_value(self._session, value)
        return namespace

    def _timed(self, statement: program.Statement, namespace: dict[str, object]) -> object:
        return imperative.timed(
            self._session,
            statement,
            lambda: eval(statement.code, namespace),  # noqa: S307 - the sandbox is for this
        )

    def _say_artefacts(self) -> None:
        artefacts = self._compilers.take()
        if artefacts or self._ladder.waits:
            with self._clock.within("lower"):
                for artefact in artefacts:
                    self._levels.say(artefact)
                self._ladder.rest()

    def _compile_target(self, namespace: dict[str, object]) -> None:
        try:
            call = choose(self._session.request.options, namespace, self._calls)
        except NoTarget as error:
            self._session.now(fallback(say("Nothing was compiled."), error.reason, hint=HELP))
            return
        for compiler in self._session.request.options.compilers or DEFAULT:
            with self._clock.within("lower"), _silence():
                try:
                    self._lower(compiler, call)
                except Exception as error:  # noqa: BLE001 - compilers raise whatever they like
                    message = say("{compiler} cannot compile {name}.", compiler=compiler, name=call.name)
                    self._session.now(fallback(message, error, call.line))

    def _lower(self, compiler: Compiler, call: Call) -> None:
        match compiler:
            case Compiler.SCRIPT | Compiler.TRACE | Compiler.FREEZE | Compiler.LIBTORCH:
                made = compilers.builders(self._session.request.options)[compiler](call)
                self._levels.torchscript(made, self._title(call, compiler), call.target, call.line)
                for _ in range(WARM_UP_CALLS):
                    call.make(made)
                self._levels.optimized()
            case Compiler.EXPORT:
                exported = compilers.exported(call, self._session.request.options)
                self._levels.exported(exported, call.name, call.target, call.line)
            case Compiler.COMPILE:
                self._compile(call)
            case Compiler.AOTI | Compiler.LIBTORCH_AOTI:
                self._package(call)

    def _compile(self, call: Call) -> None:
        """Compile as ``torch.compile`` does; without a compiler of C++, as far as it goes without."""
        self._tracing.start()
        options = self._session.request.options
        try:
            built = compilers.compile_(call, options)
        except compilers.NotAvailableError as problem:
            self._session.now(fallback(NO_CXX, problem, call.line))
            without = {"backend": Backend.AOT_EAGER, "compile_mode": None}
            built = compilers.compile_(call, options.model_copy(update=without))
        try:
            call.make(built)
        finally:
            self._ladder.rest()

    def _package(self, call: Call) -> None:
        """Leave AOTInductor's package among the files of the run; what becomes of it without Python follows."""
        exported = compilers.exported(replace(call, grad=False), self._session.request.options)
        self._levels.exported(exported, self._title(call, Compiler.AOTI), call.target, call.line)
        path = Path(compilers.packaged(exported, Path(PACKAGE).absolute()))
        self._packages.append(Saved(path, "aoti", exported, call.line))

    def _title(self, call: Call, compiler: Compiler) -> str:
        chosen = self._session.request.options.compilers or DEFAULT
        return call.name if len(chosen) == 1 else f"{call.name} ({compiler})"


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """The target runs once more while it is compiled; what it prints was printed already."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield
