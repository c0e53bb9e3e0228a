"""What the web tier asks of whoever keeps what is shared."""

from dataclasses import dataclass
from typing import Protocol

from playground.contracts.request import Shared
from playground.contracts.result import Result
from playground.contracts.snippet import Layout


class Shareable(Shared):
    """What is shared, without the record of a run."""

    layout: Layout | None = None


@dataclass(frozen=True)
class Stored:
    """What a link leads to."""

    id: str
    snippet: Shareable
    recorded: Result | None = None


class Store(Protocol):
    """Keeps what is shared, for good. Every method may raise ``Unavailable``."""

    def save(self, snippet: Shareable, recorded: Result | None = None) -> tuple[str, bool]:
        """Keep it; the id of its link, and whether that is new."""
        ...

    def find(self, snippet_id: str) -> Stored:
        """What a link leads to.

        Raises:
            NotFound: nothing.
        """
        ...
