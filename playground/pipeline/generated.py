"""Programs that a snippet generates: shown as they are compiled, their lines linked to the literals they came from."""

import ast
from collections.abc import Mapping
from types import CodeType

from playground.contracts.events import Code, Span
from playground.contracts.request import Level
from playground.lowering import bytecode, syntax
from playground.lowering.text import lines_of
from playground.pipeline.program import FILENAME
from playground.pipeline.session import Session

MAX_SHOWN = 20
MAX_TEXT = 262_144
Lines = Mapping[str, tuple[int, ...]]
"""Where a line of text stands in the snippet's string literals."""


def literal_lines(tree: ast.Module) -> Lines:
    """The lines of all string literals of a snippet, with the lines of the snippet on which they stand."""
    found: dict[str, list[int]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            lines = lines_of(node.value)
            spread = (node.end_lineno or node.lineno) > node.lineno  # an escaped newline stays on its line
            for offset, text in enumerate(lines):
                if text.strip():
                    found.setdefault(text.strip(), []).append(node.lineno + (offset if spread else 0))
    return {text: tuple(sorted(lines)) for text, lines in found.items()}


class Generated:
    """The programs of one run."""

    def __init__(self, session: Session, literals: Lines, sources: dict[str, str]) -> None:
        self._session = session
        self._literals = literals
        self._sources = sources
        self.count = 0

    def expect(self, source: object, filename: object) -> None:
        """A program is about to be compiled: an error in it should show its lines."""
        if isinstance(source, str) and isinstance(filename, str) and filename != FILENAME:
            self._sources[filename] = source

    def show(self, source: object, filename: object, code: CodeType | None = None, line: int | None = None) -> None:
        """Show a program at its levels: text, tree, bytecode. What is no text was no program of the snippet's."""
        if not isinstance(source, str):
            return
        self.count += 1
        if self.count > MAX_SHOWN:
            return
        own = filename == FILENAME
        lines = {n: n for n in range(1, source.count("\n") + 2)} if own else self._link(source)
        title = "Program" if self.count == 1 else f"Program {self.count}"
        title += f" (line {line})" if line and self.count > 1 else ""
        self._session.lower(Level.PROGRAM, lambda: _text(source, title, lines))
        if code is not None:
            self._session.lower(Level.AST, lambda: _relink(syntax.lower(ast.parse(source), source), lines, own=own))
            self._session.lower(Level.BYTECODE, lambda: _relink(bytecode.lower(code, source), lines, own=own))
        self._session.now()

    def _link(self, source: str) -> dict[int, int]:
        """Lines of the program to lines of the snippet. Of several candidates the one that follows the last wins."""
        links: dict[int, int] = {}
        previous = 0
        for number, text in enumerate(lines_of(source), start=1):
            candidates = self._literals.get(text.strip(), ())
            if candidates:
                later = [line for line in candidates if line > previous]
                previous = links[number] = later[0] if later else candidates[0]
        return links


def _text(source: str, title: str, lines: Mapping[int, int]) -> Code:
    shown = source.encode()[:MAX_TEXT].decode(errors="ignore")
    return Code(
        level=Level.PROGRAM,
        title=title,
        language="python",
        text=shown,
        map=tuple((to, to, number, number) for number, to in lines.items()),
        truncated_bytes=len(source.encode()) - len(shown.encode()),
    )


def _relink(code: Code, lines: Mapping[int, int], *, own: bool) -> Code:
    """A level of a generated program points at the program's lines; let it point at the snippet's."""
    if own:
        return code
    spans: list[Span] = [(lines[a], lines[a], c, d) for a, _, c, d in code.map if a in lines]
    return code.model_copy(update={"map": tuple(spans), "columns": ()})
