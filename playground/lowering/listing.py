"""A level's text, written line by line, each with the place in the snippet that it came from."""

from typing import Any

from pydantic import Field

from playground.contracts.events import Code, ColumnSpan, Span
from playground.contracts.request import Level
from playground.lowering.text import lines_of

MAX_BYTES = 262_144
"""Of one level's text; what is over is counted, not sent."""
MAX_WHOLE = 16 * 2**20
"""Of what is over so many characters are remembered, for whoever keeps the whole text beside what is sent."""
NEIGHBOURS = 16
"""A line may have come from several places, as those of a fused kernel did: so many spans may still grow."""
Place = tuple[int, int, int, int]
"""Line, column, end line, end column: lines from 1, columns in characters from 0, the end exclusive."""


class Listed(Code):
    """A level that remembers its whole text, which does not travel; empty where nothing was cut, or far too much."""

    whole: str = Field("", exclude=True, repr=False)


class Listing:
    """Collects lines and where they came from, and becomes a ``Code`` event."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._spans: list[Span] = []
        self._columns: list[ColumnSpan] = []
        self._size = 0
        self._dropped = 0
        self._rest: list[str] = []

    @property
    def is_full(self) -> bool:
        """Lines are only counted from now on: where they came from is of no use."""
        return self._dropped > 0

    def add(self, text: str, *places: Place | None) -> None:
        """Add a line, with the places that it came from, the closest first. After the limit lines are only counted."""
        size = _size(text)
        if self._dropped or self._size + size > MAX_BYTES:
            self.drop([text])
            return
        self._size += size
        self._lines.append(text)
        for place in places[:NEIGHBOURS]:
            if place:
                self._link(place, len(self._lines))

    def drop(self, rows: list[str]) -> None:
        """Count lines that come after the limit."""
        for row in rows:
            self._dropped += _size(row)
            if self._dropped <= MAX_WHOLE:
                self._rest.append(row)

    def code(self, level: Level, title: str, language: str) -> Listed:
        """What was collected."""
        remembered = 0 < self._dropped <= MAX_WHOLE
        return Listed(
            level=level,
            title=title,
            language=language,
            text="\n".join(self._lines),
            map=tuple(self._spans),
            columns=tuple(self._columns),
            truncated_bytes=self._dropped,
            whole="\n".join([*self._lines, *self._rest]) if remembered else "",
        )

    def _link(self, place: Place, number: int) -> None:
        """Neighbouring lines that came from the same place share a span."""
        line, _, end_line, _ = place
        if _grow(self._spans, (line, end_line), number):
            self._spans.append((line, end_line, number, number))
        if _grow(self._columns, place, number):
            self._columns.append((*place, number, number))


def _size(line: str) -> int:
    """Bytes of a line with its end."""
    return (len(line) if line.isascii() else len(line.encode())) + 1


def _grow(spans: list[Any], source: tuple[int, ...], number: int) -> bool:
    """Let one of the last spans go on to a line, if it is of the same source; True when there is none."""
    size = len(source)
    for index in range(len(spans) - 1, max(-1, len(spans) - 1 - NEIGHBOURS), -1):
        span = spans[index]
        if span[:size] == source and number - 1 <= span[size + 1] <= number:
            spans[index] = (*source, span[size], number)
            return False
    return True


class Columns:
    """CPython counts columns in UTF-8 bytes; readers and editors count characters."""

    def __init__(self, source: str) -> None:
        self._lines = lines_of(source) if not source.isascii() else None

    def place(self, line: int, column: int, end_line: int, end_column: int) -> Place:
        """The same place in characters."""
        if self._lines is None:
            return line, column, end_line, end_column
        return line, self._characters(line, column), end_line, self._characters(end_line, end_column)

    def _characters(self, line: int, column: int) -> int:
        assert self._lines is not None  # noqa: S101 - place() asks only then
        text = self._lines[line - 1] if 0 < line <= len(self._lines) else ""
        return characters(text, column)


def characters(text: str, size: int) -> int:
    """How many characters the first bytes of a line are."""
    return size if text.isascii() else len(text.encode()[:size].decode(errors="ignore"))
