"""``/healthz``: this process is up. ``/readyz``: a snippet really ran, a moment ago; or what is being started."""

import threading
import time
from collections.abc import Callable
from typing import Literal

from flask import Flask, Response
from pydantic import BaseModel

from playground.contracts.errors import NoCapacity, PlaygroundError, Starting
from playground.contracts.events import Accepted, Finished, Output
from playground.contracts.request import Device, Mode, RunRequest
from playground.contracts.wire import Startup
from playground.dispatch.base import Dispatcher

FRESH_S = 5.0
"""However often is asked, a device runs one probe in this time."""
PROBE, PRINTS = "print(10)", "10\n"
State = Literal["ok", "busy", "starting", "failed"]
NOT_READY = {"starting", "failed"}


class Readiness(BaseModel):
    """How each device is. One that is busy is well: it has no place for a probe now."""

    ready: bool
    devices: dict[Device, State]
    starting: tuple[Startup, ...] | None = None
    """What runners do that do not serve yet."""


class Health:
    """The two endpoints. ``clock`` is in seconds."""

    def __init__(self, dispatcher: Dispatcher, clock: Callable[[], float] = time.monotonic) -> None:
        self._dispatcher = dispatcher
        self._clock = clock
        self._one_at_a_time = threading.Lock()
        self._last: Readiness | None = None
        self._at = 0.0

    def add_to(self, app: Flask) -> None:
        """Route to them."""
        app.add_url_rule("/healthz", "healthz", self.healthz)
        app.add_url_rule("/readyz", "readyz", self.readyz)

    def healthz(self) -> Response:
        """This process is up."""
        return Response("ok\n", mimetype="text/plain")

    def readyz(self) -> Response:
        """A run has succeeded on every device."""
        with self._one_at_a_time:
            if self._last is None or self._last.starting or self._clock() - self._at > FRESH_S:
                self._last = self._look()
                self._at = self._clock()
            readiness = self._last
        said = readiness.model_dump_json(exclude_none=True)
        return Response(said, 200 if readiness.ready else 503, mimetype="application/json")

    def _look(self) -> Readiness:
        starting: list[Startup] = []
        states = {device: self._probe(device, starting) for device in self._dispatcher.devices()}
        ready = bool(states) and NOT_READY.isdisjoint(states.values())
        return Readiness(ready=ready, devices=states, starting=tuple(starting) or None)

    def _probe(self, device: Device, starting: list[Startup]) -> State:
        try:
            return _outcome(self._dispatcher, RunRequest(source=PROBE, mode=Mode.IMPERATIVE, device=device))
        except Starting as error:
            starting.append(Startup(device=device, step=error.step, since_s=error.since_s))
            return "starting"
        except NoCapacity:
            return "busy"
        except PlaygroundError:
            return "failed"


def _outcome(dispatcher: Dispatcher, request: RunRequest) -> State:
    events = dispatcher.run(request, gathered=True)
    printed = ""
    try:
        for event in events:
            if isinstance(event, Accepted) and event.position:
                return "busy"
            if isinstance(event, Output):
                printed += event.text
            if isinstance(event, Finished):
                return "ok" if event.status == "ok" and printed == PRINTS else "failed"
    finally:
        events.close()
    return "failed"
