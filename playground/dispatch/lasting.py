"""The events of a run, whatever becomes of its runner: they end with ``finished``.

A connection that is lost is taken up again. A runner that died took its runs with it: of one that had begun the end is
said. One that had only been accepted is handed to the next runner, once, under the same id, and nobody notices.
"""

import time
from collections.abc import Callable
from typing import Self

import structlog

from playground.contracts.errors import NoCapacity, NotFound, Unavailable
from playground.contracts.events import Accepted, AnyEvent, Finished, Status
from playground.runner.client import Events, RunnerClient

log = structlog.get_logger()
BACK_WITHIN_S = 60.0
"""So long a run that was accepted waits for the next runner."""
ASK_EVERY_S = 0.1
LOOK_EVERY_S = 1.0
Again = Callable[[str], Events]
"""Hands a run in again, under its id."""


class LastingEvents:
    """The events of one run: of a new one, which may be handed in ``again``, or of ``run_id`` after event ``after``."""

    def __init__(
        self, client: RunnerClient, events: Events, run_id: str = "", after: int = 0, again: Again | None = None
    ) -> None:
        self._client = client
        self._events: Events | None = events
        self._run_id = run_id
        self._last = after
        self._again = again
        self._lost_at = 0.0
        self._next: AnyEvent | None = None
        self._over = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> AnyEvent:
        """Wait for the next event."""
        while not self.ready(LOOK_EVERY_S):
            pass
        if self._next is None:
            raise StopIteration
        event, self._next = self._next, None
        return event

    def ready(self, timeout_s: float) -> bool:
        """Wait until ``next`` has an answer at hand; False when the time was too short."""
        deadline = time.monotonic() + timeout_s
        while self._next is None and not self._over:
            left = max(0.0, deadline - time.monotonic())
            if self._events is None:
                if not self._take_up(left):
                    return False
            elif self._events.ready(left):
                self._read(self._events)
            else:
                return False
        return True

    def close(self) -> None:
        """Listen no more."""
        self._over = True
        if self._events:
            self._events.close()

    def _read(self, events: Events) -> None:
        try:
            event = next(events)
        except StopIteration:
            self._over = True
        except Unavailable:
            log.warning("run_lost_connection", run_id=self._run_id, after=self._last)
            self._events = None
            self._lost_at = time.monotonic()
        else:
            self._tell(event)

    def _tell(self, event: AnyEvent) -> None:
        if not isinstance(event, Accepted):
            self._again = None  # it has begun: it must not run twice
        elif self._last:
            return  # the next runner accepts it again
        else:
            self._run_id = event.run_id
        self._last = event.id
        self._next = event

    def _take_up(self, left_s: float) -> bool:
        """Find out where the run is now; False when that takes longer than ``left_s``."""
        try:
            self._events = self._again(self._run_id) if self._again else self._client.attach(self._run_id, self._last)
            self._again = None
        except NotFound:
            self._say_the_end()
        except (NoCapacity, Unavailable):
            if self._again and time.monotonic() < self._lost_at + BACK_WITHIN_S:
                time.sleep(min(left_s, ASK_EVERY_S))
                return left_s > ASK_EVERY_S
            self._say_the_end()
        return True

    def _say_the_end(self) -> None:
        log.error("run_lost", run_id=self._run_id, after=self._last)
        self._over = True
        self._next = Finished(id=self._last + 1, status=Status.INTERNAL)
