"""Runs as they travel to a client: server-sent events, or gathered. Each holds a thread, so there are only so many."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Self

from flask import Response
from werkzeug.exceptions import ClientDisconnected

from playground.contracts.errors import NoCapacity
from playground.contracts.events import AnyEvent, Usage
from playground.dispatch.base import Events
from playground.web.peer import Gone

HEARTBEAT_S = 15.0
"""Proxies close a connection on which nothing was said for a while; 30 s is the least that is common."""
LOOK_EVERY_S = 1.0
HEARTBEAT = b":\n\n"
MAX_FRAMES = 64
"""Events that go out together when they came together."""
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
Show = Callable[[AnyEvent], AnyEvent]


class Held:
    """Events that hold one of the places for live streams until closed."""

    def __init__(self, events: Events, release: Callable[[], None]) -> None:
        self._events = events
        self._release = release
        self._open = True

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> AnyEvent:
        return next(self._events)

    def ready(self, timeout_s: float) -> bool:
        """Wait until there is an event."""
        return self._events.ready(timeout_s)

    def close(self) -> None:
        """Listen no more, and give the place back."""
        if self._open:
            self._open = False
            self._events.close()
            self._release()


class Streams:
    """The places for live streams: fewer than threads, so that there is always one for everybody else."""

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)

    def open(self, start: Callable[[], Events]) -> Held:
        """Start a stream.

        Raises:
            NoCapacity: all places are taken.
        """
        if not self._places.acquire(blocking=False):
            raise NoCapacity(round(HEARTBEAT_S))
        try:
            return Held(start(), self._places.release)
        except BaseException:
            self._places.release()
            raise


def follow(events: Events, gone: Gone) -> Iterator[AnyEvent]:
    """Give the events while the client is there; they are closed after.

    Raises:
        ClientDisconnected: it has gone.
    """
    try:
        while True:
            while not events.ready(LOOK_EVERY_S):
                _leave_if(gone)
            event = next(events, None)
            if event is None:
                return
            if isinstance(event, Usage):  # once a second
                _leave_if(gone)
            yield event
    finally:
        events.close()


def _leave_if(gone: Gone) -> None:
    if gone():
        raise ClientDisconnected


class EventStream:
    """The body of a streaming answer. An iterator of its own: ``close`` works before the first step, too."""

    def __init__(self, events: Events, show: Show, gone: Gone) -> None:
        self._events = events
        self._show = show
        self._gone = gone

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        deadline = time.monotonic() + HEARTBEAT_S
        while not self._events.ready(LOOK_EVERY_S):
            if self._gone():
                raise StopIteration
            if time.monotonic() > deadline:
                return HEARTBEAT
        return b"".join(self._frames())

    def _frames(self) -> list[bytes]:
        """Frame what is there now; the end of all is the end of the iteration."""
        frames: list[bytes] = []
        try:
            while len(frames) < MAX_FRAMES and self._events.ready(0):
                frames.append(frame(self._show(next(self._events))))
        except StopIteration as end:
            if not frames:
                raise StopIteration from end
        return frames

    def close(self) -> None:
        """Listen no more."""
        self._events.close()


def frame(event: AnyEvent) -> bytes:
    """Write one event as a server-sent one. JSON holds no line break, so it is one line of data."""
    return f"id: {event.id}\nevent: {event.type}\ndata: {event.model_dump_json()}\n\n".encode()


def streamed(events: Events, show: Show, gone: Gone) -> Response:
    """Answer with events as they come."""
    body = EventStream(events, show, gone)
    return Response(body, mimetype="text/event-stream", headers=HEADERS, direct_passthrough=True)
