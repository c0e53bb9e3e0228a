"""Stacks of operations as torch keeps them, formatted as a traceback: the snippet's frames in them, to the character.

Where Python marks the expression with carets (PEP 657) the columns are known; without, it is the whole line.
"""

import linecache
import re
from collections.abc import Iterator

from playground.lowering.listing import Place

SNIPPET = "<snippet>"
_FRAME = re.compile(r'\s*File "([^"]*)", line (\d+)')
_MARKS = re.compile(r"\s*[~^]+\s*")
_INDENT = 4
"""Of the line of code under its frame (traceback.StackSummary.format)."""


def places(stack: str) -> tuple[Place, ...]:
    """The places of the snippet in a stack, the innermost first, each once."""
    return tuple(dict.fromkeys(reversed(list(_frames(stack.splitlines())))))


def ends_elsewhere(stack: str) -> bool:
    """Whether a stack passes the snippet, and ends in code that is not the snippet's."""
    files = [found[1] for found in map(_FRAME.match, stack.splitlines()) if found]
    return SNIPPET in files and files[-1] != SNIPPET


def frame(place: Place, function: str) -> str:
    """A frame of a stack for a place, as torch would write it."""
    line, column, end_line, end_column = place
    code = linecache.getline(SNIPPET, line).rstrip("\n")
    shown = code.strip()
    indent = len(code) - len(code.lstrip())
    end = end_column if end_line == line else len(code)
    marks = " " * (column - indent) + "^" * (end - column)
    marked = f"\n    {marks}" if indent <= column < end and marks != "^" * len(shown) else ""
    return f'  File "{SNIPPET}", line {line}, in {function}\n    {shown}{marked}\n'


def _frames(rows: list[str]) -> Iterator[Place]:
    for index, row in enumerate(rows):
        found = _FRAME.match(row)
        if found and found[1] == SNIPPET:
            yield _place(int(found[2]), rows[index + 1 : index + 3])


def _place(line: int, below: list[str]) -> Place:
    """The line of code and the marks under it stand below a frame, if they are known."""
    code = linecache.getline(SNIPPET, line).rstrip("\n")
    indent = len(code) - len(code.lstrip())
    if len(below) > 1 and below[1].strip() and _MARKS.fullmatch(below[1]):
        begin = len(below[1]) - len(below[1].lstrip()) - _INDENT + indent
        return line, max(0, begin), line, max(0, begin) + len(below[1].strip())
    return (line, indent, line, len(code.rstrip())) if code.strip() else (line, 0, line, 0)
