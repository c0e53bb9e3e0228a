"""Imperative mode: the snippet executed statement by statement, each timed; its AST and bytecode beside it."""

import time
from collections.abc import Callable

from playground.contracts.events import Statement
from playground.contracts.request import Level
from playground.lowering import bytecode, syntax
from playground.pipeline import program
from playground.pipeline.display import show_value
from playground.pipeline.program import Program
from playground.pipeline.session import Session


def run(session: Session, source: str, sources: dict[str, str]) -> None:
    """Run a snippet. Raises what it raises.

    Args:
        session: the run.
        source: the snippet, after notebook lines were translated.
        sources: what the frames of a traceback may belong to, by filename.
    """
    sources[program.FILENAME] = source
    execute(session, prepare(session, source))


def prepare(session: Session, source: str) -> Program:
    """Parse, compile and lower a snippet; what it becomes is said before any of it runs."""
    with session.stage("parse"):
        tree = program.parse(source)
    with session.stage("compile"):
        compiled = program.compile_program(source, tree)
    with session.stage("lower"):
        session.lower(Level.AST, lambda: syntax.lower(tree, source))
        session.lower(Level.BYTECODE, lambda: bytecode.lower(compiled.code, source))
    return compiled


def execute(session: Session, compiled: Program) -> dict[str, object]:
    """Execute all statements as ``__main__`` and show the last expression; returns the namespace."""
    namespace = program.become_main(compiled.source)
    with session.stage("execute", runs_snippet=True):
        for statement in compiled.statements:
            value = timed(session, statement, lambda code=statement.code: eval(code, namespace))  # type: ignore[misc]  # noqa: S307 - the sandbox is for this
            show_value(session, value)
    return namespace


def timed(session: Session, statement: program.Statement, action: Callable[[], object]) -> object:
    """Run one statement and say how long it took, even if it fails; what waits is said before it may hang."""
    session.now()
    began = time.perf_counter_ns()
    try:
        return action()
    finally:
        took = time.perf_counter_ns() - began
        session.later(Statement(line=statement.node.lineno, wall_ns=took, hits=1))
