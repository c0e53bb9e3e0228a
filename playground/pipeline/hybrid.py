"""Hybrid mode: the snippet runs as ever, and what its compilers make is shown; without any, its target is compiled.

The times of its statements are its own: levels are made between statements, as a stage of their own.
"""

import contextlib
import io
from collections.abc import Iterator

import torch
from torch import fx

from playground.contracts.events import Diagnostic
from playground.contracts.request import Compiler
from playground.lowering import creation
from playground.lowering.text import clean
from playground.pipeline import compilers, imperative, program
from playground.pipeline.calls import Call
from playground.pipeline.display import show_value
from playground.pipeline.levels import Levels, fallback
from playground.pipeline.observe import CompilerWatch, mentions_compiler
from playground.pipeline.program import Program
from playground.pipeline.session import MAX_REASON, Session
from playground.pipeline.stages import StageClock
from playground.pipeline.targets import HELP, NoTarget, choose
from playground.pipeline.watch import CallWatch

DEFAULT = (Compiler.COMPILE,)


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
        Hybrid(session, sites).run(compiled)


class Hybrid:
    """One run."""

    def __init__(self, session: Session, sites: creation.Sites) -> None:
        self._session = session
        self._clock = StageClock(session)
        self._compilers = CompilerWatch()
        self._calls = CallWatch()
        self._levels = Levels(session, sites)

    def run(self, compiled: Program) -> None:
        """Execute, then compile the target if the snippet compiled nothing."""
        with contextlib.ExitStack() as stack:
            stack.callback(self._clock.stop)
            stack.enter_context(self._compilers.watching())
            namespace = self._execute(compiled)
        if not self._compilers.calls:
            self._compile_target(namespace)

    def _execute(self, compiled: Program) -> dict[str, object]:
        namespace = program.become_main(compiled.source)
        watched = self._calls.statement if not mentions_compiler(compiled.tree) else contextlib.nullcontext
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
        if artefacts:
            with self._clock.within("lower"):
                for artefact in artefacts:
                    self._levels.say(artefact)

    def _compile_target(self, namespace: dict[str, object]) -> None:
        try:
            call = choose(self._session.request.options, namespace, self._calls)
        except NoTarget as error:
            self._session.now(fallback("Nothing was compiled.", error.reason, hint=HELP))
            return
        for compiler in self._session.request.options.compilers or DEFAULT:
            with self._session.stage("lower"), _silence():
                try:
                    self._lower(compiler, call)
                except Exception as error:  # noqa: BLE001 - compilers raise whatever they like
                    self._session.now(fallback(f"{compiler} cannot compile {call.name}.", error, call.line))

    def _lower(self, compiler: Compiler, call: Call) -> None:
        match compiler:
            case Compiler.SCRIPT | Compiler.TRACE:
                made = compilers.BUILDERS[compiler](call)
                self._levels.torchscript(made, self._title(call, compiler), call.target, call.line)
            case Compiler.EXPORT:
                self._levels.exported(compilers.exported(call), call.name, call.target, call.line)
            case Compiler.COMPILE:
                self._explain(call)
            case Compiler.AOTI:
                compilers.aoti(call)

    def _explain(self, call: Call) -> None:
        """What Dynamo captures, without what Inductor makes of it: that takes seconds."""
        args, kwargs = call.fresh()
        with torch.set_grad_enabled(call.grad):
            explained = torch._dynamo.explain(call.target)(*args, **kwargs)  # noqa: SLF001 - documented
        graphs: list[fx.GraphModule] = explained.graphs
        self._levels.dynamo(graphs, f"{call.name} (captured, not compiled)", call.target, call.line)
        for reason in explained.break_reasons:
            self._session.now(_graph_break(reason))

    def _title(self, call: Call, compiler: Compiler) -> str:
        chosen = self._session.request.options.compilers or DEFAULT
        return call.name if len(chosen) == 1 else f"{call.name} ({compiler})"


def _graph_break(reason: torch._dynamo.output_graph.GraphCompileReason) -> Diagnostic:
    own = [frame.lineno for frame in reason.user_stack if frame.filename == program.FILENAME]
    return Diagnostic(
        kind="graph_break",
        line=own[-1] if own else None,
        message="torch.compile cannot take this into a graph: it splits the program here.",
        reason=clean(reason.reason, MAX_REASON),
    )


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """The target runs once more while it is compiled; what it prints was printed already."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield
