"""The twin of the database, in memory."""

import threading

from playground.contracts.errors import NotFound
from playground.contracts.result import Result
from playground.store.base import Shareable, Stored
from playground.store.ids import candidates, canonical, digest


class MemoryStore:
    """Keeps what is shared while it lives."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[str, Stored]] = {}

    def save(self, snippet: Shareable, recorded: Result | None = None) -> tuple[str, bool]:
        """Keep it; the id of its link, and whether that is new."""
        content = canonical(snippet, recorded)
        with self._lock:
            for candidate in candidates(digest(content)):
                there = self._kept.get(candidate)
                if there and there[0] == content:
                    return candidate, False
                if not there:
                    self._kept[candidate] = (content, Stored(candidate, snippet, recorded))
                    return candidate, True
        raise AssertionError  # all of SHA-256 is taken by other content

    def find(self, snippet_id: str) -> Stored:
        """What a link leads to."""
        try:
            return self._kept[snippet_id][1]
        except KeyError:
            message = f"There is no snippet {snippet_id!r}."
            raise NotFound(message) from None
