"""A reporter that keeps what it is told, for tests and for warming up."""

from typing import Literal, TypeVar

from playground.contracts.events import SaidInside
from playground.contracts.fields import Event
from playground.contracts.wire import Done

E = TypeVar("E", bound=Event)


class MemoryReporter:
    """The in-memory twin of a sandbox's channel."""

    def __init__(self) -> None:
        self.events: list[SaidInside] = []
        self.last_word: Done | None = None
        self.printed: dict[str, bytes] = {"stdout": b"", "stderr": b""}

    def event(self, *events: SaidInside) -> None:
        """Keep events."""
        self.events += events

    def output(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        """Keep what was printed."""
        self.printed[stream] += data

    def done(self, done: Done, *events: SaidInside) -> None:
        """Keep the last events and the last word."""
        self.events += events
        self.last_word = done

    def of(self, kind: type[E]) -> list[E]:
        """The events of one type, in order."""
        return [event for event in self.events if isinstance(event, kind)]
