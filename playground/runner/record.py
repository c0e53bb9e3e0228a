"""One run as its listeners see it: numbered events, kept so that a lost connection can resume where it was."""

import secrets
import string
import time
from collections.abc import Callable

from playground.contracts.events import Accepted, AnyEvent, Finished
from playground.contracts.request import RunRequest

Listener = Callable[[bytes], None]
"""Takes one event as a line of JSON; an empty line means that no more will come."""
_ALPHABET = string.ascii_lowercase + string.digits


class Record:
    """A run's request and its events so far."""

    def __init__(self, request: RunRequest) -> None:
        # Whoever knows the id may read and stop the run, so it can't be guessed: 24 characters of 36 are 124 bits.
        self.run_id = "".join(secrets.choice(_ALPHABET) for _ in range(24))
        self.request = request
        self.finished_at: float | None = None
        self._lines: list[bytes] = []
        self._listeners: set[Listener] = set()

    @property
    def listened_to(self) -> bool:
        """Whether anybody is there."""
        return bool(self._listeners)

    @property
    def finished(self) -> bool:
        """Whether ``finished`` was said."""
        return self.finished_at is not None

    def say(self, event: AnyEvent) -> None:
        """Number an event and tell everybody."""
        numbered = event.model_copy(update={"id": len(self._lines) + 1})
        line = numbered.model_dump_json().encode() + b"\n"
        self._lines.append(line)
        for listener in tuple(self._listeners):
            listener(line)
        if isinstance(event, Finished):
            self.finished_at = time.monotonic()
            self._end()

    def accept(self, position: int) -> None:
        """The first event."""
        self.say(Accepted(run_id=self.run_id, position=position))

    def tell_first(self, listener: Listener) -> None:
        """Tell the first event alone: the run's id and its place."""
        listener(self._lines[0])

    def listen(self, listener: Listener, after: int = 0) -> None:
        """Tell what came after event ``after``, then what comes."""
        for line in self._lines[after:]:
            listener(line)
        if self.finished:
            listener(b"")
        else:
            self._listeners.add(listener)

    def leave(self, listener: Listener) -> None:
        """Tell it no more."""
        self._listeners.discard(listener)

    def _end(self) -> None:
        for listener in tuple(self._listeners):
            listener(b"")
        self._listeners.clear()
