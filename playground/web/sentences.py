"""What runs said, in the reader's language: the template of a sentence is found again, and its twin is filled in.

Texts come from where hostile code ran. So each is looked through once per template, from left to right without going
back; what is very long, or nested deep, stays as it is; and what comes out is text, as what went in.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Self

from playground.contracts.sentences import NESTED

MAX_CHARS = 4_000
MAX_PARTS = 16
MAX_DEPTH = 4
SEPARATORS = ("\n", "; ")
"""Between sentences that were put together."""
Values = dict[str, str]


@dataclass(frozen=True)
class Template:
    """A sentence with gaps, and its twin in another language."""

    literals: tuple[str, ...]
    names: tuple[str, ...]
    twin: str

    @classmethod
    def of(cls, text: str, twin: str) -> Self:
        """Take a template apart: ``literals`` stand before, between and after what ``names`` names."""
        parts = list(Formatter().parse(text))
        names = tuple(name for _, name, _, _ in parts if name is not None)
        literals = [literal for literal, _, _, _ in parts]
        if len(literals) == len(names):
            literals.append("")
        return cls(tuple(literals), names, twin)

    @property
    def is_whole(self) -> bool:
        """Whether it begins as a sentence does, and not as a part of one."""
        return self.literals[0][:1].isupper()

    @property
    def leads_with_another(self) -> bool:
        """Whether it begins with a sentence, and adds to it."""
        return not self.literals[0] and self.names[0] in NESTED

    @property
    def weight(self) -> int:
        """How much of it is its own words."""
        return sum(map(len, self.literals))

    def values(self, text: str) -> Values | None:
        """What stands in the gaps, if the text was made from this."""
        first, *middle = self.literals
        if not middle:
            return {} if text == first else None
        last = middle.pop()
        at, end = len(first), len(text) - len(last)
        if at > end or not text.startswith(first) or not text.endswith(last):
            return None
        found = []
        for literal in middle:
            there = text.find(literal, at, end)
            if there < 0:
                return None
            found.append(text[at:there])
            at = there + len(literal)
        return dict(zip(self.names, [*found, text[at:end]], strict=True))


Fits = Callable[[str, str], bool]
"""Whether a value is one, by its name."""


def _any(_name: str, _value: str) -> bool:
    return True


def _is_one(_name: str, value: str) -> bool:
    """Whether it does not reach from one sentence into the next."""
    return not any(by in value for by in SEPARATORS)


class Sentences:
    """The sentences of one language."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        # What has most words of its own is asked first: of two that fit it is the one that was meant.
        self._all = sorted((Template.of(*pair) for pair in pairs), key=lambda one: -one.weight)
        self._whole = [one for one in self._all if one.is_whole]
        self._leading = [one for one in self._all if one.leads_with_another]

    def translated(self, text: str) -> str:
        """Translate what was said by us."""
        return text if len(text) > MAX_CHARS else self._said(text, MAX_DEPTH) or text

    def quoted(self, text: str) -> str:
        """Translate the lines of ours among those of an exception's, which are mostly the snippet's own words."""
        lines = text.split("\n")
        if len(text) > MAX_CHARS or len(lines) > MAX_PARTS:
            return text
        return "\n".join(self._filled(line, self._whole, MAX_DEPTH) or line for line in lines)

    def _said(self, text: str, depth: int) -> str | None:
        """A sentence, or several; None for what is not known as such."""
        if not depth:
            return None

        def adds(name: str, value: str) -> bool:
            return name not in NESTED or self._said(value, depth - 1) is not None

        return (
            self._filled(text, self._leading, depth, adds)
            or self._filled(text, self._all, depth, _is_one)
            or self._several(text, depth)
            or self._filled(text, self._all, depth)
        )

    def _several(self, text: str, depth: int) -> str | None:
        for by in SEPARATORS:
            parts = text.split(by, MAX_PARTS)
            found = [self._said(part, depth - 1) or part for part in parts] if len(parts) > 1 else parts
            if found != parts:
                return by.join(found)
        return None

    def _filled(self, text: str, among: Iterable[Template], depth: int, fits: Fits = _any) -> str | None:
        """The twin of the first template that the text was made from, if its values fit."""
        for template in among:
            values = template.values(text)
            if values is not None and all(fits(*pair) for pair in values.items()):
                return template.twin.format(**dict(self._nested(values, depth)))
        return None

    def _nested(self, values: Values, depth: int) -> Iterator[tuple[str, str]]:
        for name, value in values.items():
            yield name, (self._said(value, depth - 1) if name in NESTED else None) or value
