"""One form of a program, the original or the rewritten, ready to be run where the original ran."""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import CodeType

from playground.contracts.events import Span


@dataclass(frozen=True)
class Form:
    """A program as code.

    Args:
        text: what it was compiled from.
        code: the whole module's, with the line numbers of ``text``: for reading, and for timing.
        run: runs it as the original is run; what it returns is what a last expression displays.
        namespace: where it runs; a repetition runs in a copy.
    """

    text: str
    code: CodeType
    run: Callable[[], object]
    namespace: dict[str, object]


def relocated(text: str, spans: Iterable[Span], filename: str) -> ast.Module:
    """A rewritten program that says of every line that it is the line of the original it came from.

    Warnings and tracebacks name lines: so they name the same ones before and after. Columns are left out.
    """
    tree = ast.parse(text, filename)
    lines = origins(spans)
    last = 1
    nearest: dict[int, int] = {}
    for number in range(1, text.count("\n") + 2):
        last = nearest[number] = lines.get(number, last)
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt | ast.expr | ast.excepthandler | ast.arg | ast.keyword | ast.alias | ast.pattern):
            node.lineno = nearest.get(node.lineno, last)
            node.col_offset = 0
            node.end_lineno = node.end_col_offset = None
            if isinstance(node, ast.pattern):  # which must have an end
                node.end_lineno, node.end_col_offset = node.lineno, 0
    return tree


def origins(spans: Iterable[Span]) -> dict[int, int]:
    """The line that each line of a form was made from; of several the one that names it most closely."""
    found: dict[int, tuple[int, int]] = {}
    for first, last, code_first, code_last in spans:
        for number in range(code_first, code_last + 1):
            if number not in found or last - first < found[number][0]:
                found[number] = (last - first, first)
    return {number: first for number, (_, first) in found.items()}
