"""Hybrid mode: the snippet runs as ever, and what its compilers make is shown; without any, its target is compiled.

The times of its statements are its own: levels are made between statements, as a stage of their own.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from playground.contracts.request import Backend, Compiler, RunOptions
from playground.contracts.sentences import say
from playground.lowering import creation
from playground.pipeline import capture, compilers, imperative, program, standalone
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
_NO_CXX_SAID = "InvalidCxxCompiler"
"""In what Inductor raises then."""
WITHOUT_CXX = say(
    "The backends aot_eager and eager work without: in torch.compile(..., backend=...), or by the options."
)
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
        self._asked = asked(session.request.options)
        self._calls = CallWatch()
        self._compilers = CompilerWatch(self._tracing.start, self._calls, keeps_calls=bool(self._asked))
        self._saves = SaveWatch()
        self._packages: list[Saved] = []
        self._levels = Levels(session, sites)
        self._titled_by_compiler = False

    def run(self, compiled: Program) -> None:
        """Execute, then compile the target if the snippet compiled nothing, or the options ask for it."""
        with contextlib.ExitStack() as stack:
            stack.callback(self._end)
            stack.enter_context(self._saves.watching())
            stack.enter_context(self._compilers.watching())
            try:
                namespace = self._execute(compiled)
            except BaseException as error:
                if _NO_CXX_SAID in str(error):
                    self._session.now(fallback(NO_CXX, WITHOUT_CXX))
                self._session.afterwards(self._run_saved)  # when the error has been told
                raise
            with self._clock.within("lower"):
                self._levels.optimized()
            if chosen := self._asked or (() if self._compilers.calls else DEFAULT):
                self._compile_target(namespace, chosen)
        self._run_saved()

    def _run_saved(self) -> None:
        """Call without Python what was saved."""
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
        left_alone = mentions_compiler(compiled.tree) and not (self._asked or mentions_saving(compiled.tree))
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

    def _compile_target(self, namespace: dict[str, object], chosen: Sequence[Compiler]) -> None:
        try:
            call = self._target(namespace)
        except NoTarget as error:
            self._session.now(fallback(say("Nothing was compiled."), error.reason, hint=HELP))
            return
        self._titled_by_compiler = len(chosen) > 1 or self._compilers.calls > 0
        for compiler in chosen:
            with self._clock.within("lower"), capture.silenced():
                try:
                    self._lower(compiler, call)
                except Exception as error:  # noqa: BLE001 - compilers raise whatever they like
                    message = say("{compiler} cannot compile {name}.", compiler=compiler, name=call.name)
                    self._session.now(fallback(message, error, call.line))

    def _target(self, namespace: dict[str, object]) -> Call:
        """What the options name, or the snippet called last; a function that only TorchScript called is seen there.

        Raises:
            NoTarget: there is none.
        """
        options = self._session.request.options
        if options.target is None and self._calls.last is None and self._compilers.call is not None:
            return self._compilers.call
        return choose(options, namespace, self._calls)

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
                title = self._title(call, compiler) if self._compilers.calls else call.name
                self._levels.exported(exported, title, call.target, call.line)
            case Compiler.COMPILE:
                self._compile(call)
            case Compiler.AOTI | Compiler.LIBTORCH_AOTI:
                self._package(call)

    def _compile(self, call: Call) -> None:
        """Compile as ``torch.compile`` does; without a compiler of C++, as far as it goes without."""
        self._tracing.start()
        if self._compilers.calls:
            torch._dynamo.reset()  # noqa: SLF001 - its documented name; else it is known
            self._ladder.mark = f" ({Compiler.COMPILE})"
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
        return f"{call.name} ({compiler})" if self._titled_by_compiler else call.name


def asked(options: RunOptions) -> tuple[Compiler, ...]:
    """The compilers that the options ask for, by name or by what they say of one."""
    if options.compilers:
        return options.compilers
    of_compile = (options.backend, options.compile_mode, options.dynamic, options.fullgraph)
    found = (
        *((Compiler.COMPILE,) if any(value is not None for value in of_compile) else ()),
        *((Compiler.EXPORT,) if options.strict is not None else ()),
    )
    return found or (DEFAULT if options.target is not None else ())
