"""Maps between the lines of two texts, and maps of maps."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from playground.contracts.events import Span

Origins = Mapping[int, frozenset[int]]
"""For each line of a text, the lines that it was made from."""


def identity(count: int) -> Origins:
    """A text that is still what it was."""
    return {line: frozenset({line}) for line in range(1, count + 1)}


def spans(origins: Origins) -> tuple[Span, ...]:
    """A map as it travels, in the order of the new lines."""
    return tuple((first, last, line, line) for line in sorted(origins) for first, last in _ranges(origins[line]))


def through(new: Origins, old: Origins) -> Origins:
    """A map to the lines before the last step, and one from there to those before it, as one."""
    found: dict[int, set[int]] = defaultdict(set)
    for line, origins in new.items():
        for origin in origins:
            found[line] |= old.get(origin, frozenset())
    return {line: frozenset(origins) for line, origins in found.items() if origins}


def _ranges(lines: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as ranges of neighbours."""
    found: list[tuple[int, int]] = []
    for line in sorted(lines):
        if found and found[-1][1] == line - 1:
            found[-1] = (found[-1][0], line)
        else:
            found.append((line, line))
    return found
