"""What rewriting gives: the program after each pass, and what was left alone and why."""

from dataclasses import dataclass

from playground.contracts.events import ColumnSpan, Span
from playground.contracts.request import Level


@dataclass(frozen=True)
class Pass:
    """The program after one pass.

    ``map`` leads from the lines of the original program to those of ``text``, ``before`` from the lines of the
    program that the pass was given; ``columns`` says what ``map`` says, to the character, where that is known.
    """

    level: Level
    text: str
    map: tuple[Span, ...]
    before: tuple[Span, ...]
    changed: bool
    columns: tuple[ColumnSpan, ...] = ()
    wall_ns: int = 0
    """What the pass took."""


@dataclass(frozen=True)
class Refusal:
    """Something left as it was. ``message`` and ``hint`` are for the reader; ``line`` is the original program's."""

    line: int
    message: str
    reason: str | None = None
    hint: str | None = None


@dataclass(frozen=True)
class Rewriting:
    """All passes, in order, and all refusals, by line."""

    passes: tuple[Pass, ...]
    refusals: tuple[Refusal, ...]

    @property
    def text(self) -> str:
        """The program that runs."""
        return self.passes[-1].text
