"""Symbolic mode: a program is defined, built as a string, rewritten, compiled, executed; each stage timed.

The programs are, in this order: every string that the snippet hands to ``compile()`` or ``exec()``; else the string
that it leaves as its last value, in ``prog`` or ``program``, or that its ``evoke_()`` or ``build()`` returns; else the
snippet's own source. What is printed is the original's doing; the rewritten program is compared with it afterwards.
"""

import ast
import functools
from collections.abc import Mapping

from playground.lowering.provenance import Provenance
from playground.pipeline import imperative, program
from playground.pipeline.generated import Programs
from playground.pipeline.handover import Observer
from playground.pipeline.itself import Itself
from playground.pipeline.names import names_of
from playground.pipeline.program import FILENAME
from playground.pipeline.session import Session
from playground.pipeline.sources import Sources
from playground.pipeline.stages import StageClock
from playground.pipeline.targets import takes_nothing

HANDED_OVER = {"compile", "exec"}
LEFT_BEHIND = ("prog", "program")
BUILDERS = ("evoke_", "build")


def run(session: Session, source: str, sources: Sources) -> None:
    """Run a snippet symbolically. Raises what it raises, or what the program that it builds raises."""
    sources[FILENAME] = source
    tree = program.parse(source)
    programs = Programs(session, functools.cache(lambda: Provenance(tree, source)), sources)
    if _may_build(tree):
        _build(session, source, tree, programs)
    else:
        _run_itself(session, source, tree, programs)


def _may_build(tree: ast.Module) -> bool:
    """Whether the snippet could build a program at all; if not, it is the program itself."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    last = tree.body[-1] if tree.body else None
    ends_in_value = isinstance(last, ast.Expr) and not _is_print(last.value)
    wanted = HANDED_OVER | {*LEFT_BEHIND, *BUILDERS}
    return ends_in_value or bool(wanted & (names | defined | (attributes & HANDED_OVER)))


def _is_print(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def _build(session: Session, source: str, tree: ast.Module, programs: Programs) -> None:
    compiled = program.compile_program(source, tree)
    namespace = program.become_main(source)
    own = Itself(session, source, programs)  # the program, unless it builds another
    observer = Observer(session, programs, names_of(tree))
    own.prepare(compiled, namespace)
    text: str | None = None
    try:
        with own.running():
            value = observer.execute(compiled, namespace)
        if not programs.count:
            text = _left_text(observer.clock, value, namespace)
        if text is not None:
            observer.run_program(text, namespace)
    finally:
        observer.clock.stop()
        if programs.count or text is not None:
            own.withdraw()
        else:
            own.tell_stage()
            own.show(compiled)


def _run_itself(session: Session, source: str, tree: ast.Module, programs: Programs) -> None:
    own = Itself(session, source, programs)
    own.tell_stage()
    with session.stage("compile"):
        compiled = program.compile_program(source, tree)
    own.show(compiled)
    namespace = program.become_main(source)
    own.prepare(compiled, namespace)
    with own.running():
        imperative.execute(session, compiled, namespace)


def _left_text(clock: StageClock, value: object, namespace: Mapping[str, object]) -> str | None:
    """The program that a snippet leaves without handing it over."""
    if isinstance(value, str):
        return value
    for name in LEFT_BEHIND:
        if isinstance(text := namespace.get(name), str):
            return text
    for name in BUILDERS:
        builder = namespace.get(name)
        if callable(builder) and takes_nothing(builder):
            with clock.within("build"):
                text = builder()
            if isinstance(text, str):
                return text
    return None
