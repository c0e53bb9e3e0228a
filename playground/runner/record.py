"""One run as its listeners see it: numbered events, kept so that a lost connection can resume where it was."""

import secrets
import time
from collections.abc import Callable

from playground.contracts.events import Accepted, AnyEvent, Artifact, Finished
from playground.contracts.request import RunRequest

Listener = Callable[[bytes], None]
"""Takes events as lines of JSON; no bytes at all mean that no more will come."""


class Record:
    """A run's request and its events so far."""

    def __init__(self, request: RunRequest, run_id: str | None = None) -> None:
        self.run_id = run_id or secrets.token_hex(16)  # whoever knows it may read and stop the run: not to be guessed
        self.request = request
        self.finished_at: float | None = None
        self.event_bytes = 0
        self.file_bytes = 0
        """Of the files that it left and that are kept."""
        self._lines: list[bytes] = []
        self._listeners: set[Listener] = set()

    @property
    def listened_to(self) -> bool:
        """Whether anybody is there."""
        return bool(self._listeners)

    @property
    def started(self) -> bool:
        """Whether ``started`` was said, after ``accepted``."""
        return len(self._lines) > 1

    @property
    def finished(self) -> bool:
        """Whether ``finished`` was said."""
        return self.finished_at is not None

    def say(self, *events: AnyEvent) -> None:
        """Number events and tell everybody, all at once: a listener is another process, and each waking costs."""
        lines = []
        for event in events:
            numbered = event.model_copy(update={"id": len(self._lines) + 1})
            self._lines.append(numbered.model_dump_json().encode() + b"\n")
            lines.append(self._lines[-1])
            self.event_bytes += len(lines[-1])
            self.file_bytes += event.size_bytes if isinstance(event, Artifact) else 0
        for listener in tuple(self._listeners):
            listener(b"".join(lines))
        if events and isinstance(events[-1], Finished):
            self.finished_at = time.monotonic()
            self._end()

    def accept(self, position: int) -> None:
        """The first event."""
        self.say(Accepted(run_id=self.run_id, position=position))

    def tell_first(self, listener: Listener) -> None:
        """Tell the first event alone: the run's id and its place."""
        listener(self._lines[0])

    def listen(self, listener: Listener, after: int = 0) -> None:
        """Tell what came after event ``after``, then what comes.

        Whoever claims to know more than was said is told the last event again: a client waits for a first answer.
        """
        if missed := self._lines[min(after, len(self._lines) - 1) :]:
            listener(b"".join(missed))
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
