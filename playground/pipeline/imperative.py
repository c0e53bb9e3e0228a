"""Imperative mode: the snippet executed statement by statement, each timed; its AST and bytecode beside it."""

import time
from collections.abc import Callable

from playground.contracts.events import Statement
from playground.contracts.request import Level
from playground.lowering import bytecode, dataflow, syntax
from playground.pipeline import program
from playground.pipeline.display import show_value
from playground.pipeline.program import Program
from playground.pipeline.session import LARGE_SOURCE, Session


def run(session: Session, source: str, sources: dict[str, str]) -> None:
    """Run a snippet. Raises what it raises.

    Args:
        session: the run.
        source: the snippet, after notebook lines were translated.
        sources: what the frames of a traceback may belong to, by filename.
    """
    sources[program.FILENAME] = source
    compiled = prepare(session, source)
    execute(session, compiled, program.become_main(source))
    _show_specialized(session, compiled)


def prepare(session: Session, source: str) -> Program:
    """Parse, compile and lower a snippet; what it becomes is said before any of it runs."""
    with session.stage("parse"):
        tree = program.parse(source)
    with session.stage("compile"):
        compiled = program.compile_program(source, tree)
    with session.stage("lower"):
        session.lower(Level.AST, lambda: syntax.lower(tree, source))
        session.lower(Level.BYTECODE, lambda: bytecode.lower(compiled.code, source))
        if len(source) <= LARGE_SOURCE:
            session.lower(Level.PROGRAM, lambda: dataflow.graph(Level.PROGRAM, tree))
    return compiled


def execute(session: Session, compiled: Program, namespace: dict[str, object]) -> None:
    """Execute all statements in the namespace of ``__main__`` and show the last expression."""
    with session.stage("execute", runs_snippet=True):
        for statement in compiled.statements:
            value = timed(session, statement, lambda code=statement.code: eval(code, namespace))  # type: ignore[misc]  # noqa: S307 - the sandbox is for this
            show_value(session, value)


def _show_specialized(session: Session, compiled: Program) -> None:
    """What the interpreter made of code that ran often enough."""
    code = bytecode.specialized([statement.code for statement in compiled.statements], compiled.source)
    if code:
        session.lower(Level.BYTECODE_SPECIALIZED, lambda: code)


def timed(session: Session, statement: program.Statement, action: Callable[[], object]) -> object:
    """Run one statement and say how long it took, even if it fails; what waits is said before it may hang."""
    session.now()
    aside, began = session.aside_ns, time.perf_counter_ns()
    try:
        return action()
    finally:
        took = max(0, time.perf_counter_ns() - began - (session.aside_ns - aside))
        session.later(Statement(line=statement.node.lineno, wall_ns=took, hits=1))
