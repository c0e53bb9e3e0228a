"""Says where values flow in a form of a program, how long its names hold them, and how many bytes that is."""

import ast
from collections.abc import Iterable, Iterator

from playground.contracts.events import Code, Diagnostic
from playground.contracts.measured import Lifetime, Memory
from playground.contracts.sentences import say
from playground.lowering import dataflow
from playground.lowering.lifetimes import Life, lifetimes
from playground.lowering.text import clean
from playground.pipeline.form import origins
from playground.pipeline.held import Held
from playground.pipeline.session import Session

MAX_NAME = 200


def show(session: Session, code: Code, title: str = "") -> None:
    """Say the dataflow of a form that is Python; one that is not shown whole has none.

    Args:
        session: the run.
        code: the form, with its links to the snippet.
        title: which program, where there are several.
    """
    if not code.truncated_bytes:
        lines = origins(code.map)
        session.lower(code.level, lambda: dataflow.graph(code.level, ast.parse(code.text), lines, title))


def tell(session: Session, code: Code, held: Held | None = None, title: str = "") -> None:
    """Say the lifetimes of a form, with what was ``held`` if it was followed (see ``held.follow``)."""
    if code.truncated_bytes or not session.wants(code.level):
        return
    try:
        lives = lifetimes(ast.parse(code.text))
    except (SyntaxError, RecursionError, MemoryError) as error:  # no program, or too deep for what Python could read
        message = say("Lifetimes could not be found: {error}", error=type(error).__name__)
        session.later(Diagnostic(kind="fallback", message=message))
        return
    session.later(*_lifetimes(code, lives, held, title))
    if held and held.peak_bytes:
        peak, line = held.peak_bytes, held.line
        session.later(Memory(level=code.level, peak_bytes=peak, line=line, complete=held.complete, title=title))


def _lifetimes(code: Code, lives: Iterable[Life], held: Held | None, title: str) -> Iterator[Lifetime]:
    lines = origins(code.map)
    for life in lives:
        yield Lifetime(
            level=code.level,
            scope=clean(life.scope, MAX_NAME),
            name=clean(life.name, MAX_NAME),
            first=life.first,
            last=life.last,
            last_use=life.needed,
            ends=life.ends,
            line=lines.get(life.first),
            held_bytes=held.sizes.get((life.scope, life.name, life.first)) if held else None,
            title=title,
        )
