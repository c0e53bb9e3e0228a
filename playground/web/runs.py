"""``/api/v1/runs``: run a snippet, come back to a run, stop it."""

from functools import reduce
from typing import Annotated

from flask import Flask, Response, request
from pydantic import BaseModel, Field

from playground.contracts.request import RunRequest
from playground.contracts.result import gather
from playground.dispatch.base import Dispatcher
from playground.views.highlight import Highlighter
from playground.web import i18n, peer
from playground.web.body import json_body, valid
from playground.web.limits import Limit
from playground.web.stream import Show, Streams, follow, streamed
from playground.web.translation import Translator

SSE = "text/event-stream"
JSON = "application/json"


EventId = Annotated[int, Field(ge=0)]


class Resume(BaseModel):
    """Where a stream is resumed: what a browser says by itself is newer than the address."""

    last_event_id: EventId | None = Field(None, alias="Last-Event-ID")
    after: EventId = 0

    @property
    def start(self) -> int:
        """The last event that is known."""
        return self.after if self.last_event_id is None else self.last_event_id


class Runs:
    """The endpoints of runs."""

    def __init__(self, dispatcher: Dispatcher, streams: Streams) -> None:
        self._dispatcher = dispatcher
        self._streams = streams

    def add_to(self, app: Flask, limit: Limit) -> None:
        """Route to them."""
        app.add_url_rule("/api/v1/runs", "run", limit(self.run), methods=["POST"])
        app.add_url_rule("/api/v1/runs/<run_id>/events", "resume", self.resume)
        app.add_url_rule("/api/v1/runs/<run_id>", "cancel", self.cancel, methods=["DELETE"])

    def run(self) -> Response:
        """Run a snippet."""
        asked = json_body(RunRequest)
        streams = _wants_stream()
        events = self._streams.open(lambda: self._dispatcher.run(asked, gathered=not streams))
        if streams:
            return streamed(events, _show(), peer.watch())
        result = gather(asked.mode, asked.device, follow(events, peer.watch()))
        if _wants_html():
            result = Highlighter().result(result)
        if language := _wants_language():
            result = Translator(language).result(result)
        return Response(result.model_dump_json(serialize_as_any=True), mimetype=JSON)

    def resume(self, run_id: str) -> Response:
        """Go on with a stream that broke."""
        said = {"Last-Event-ID": request.headers.get("Last-Event-ID"), "after": request.args.get("after")}
        start = valid(Resume, {name: value for name, value in said.items() if value is not None}).start
        events = self._streams.open(lambda: self._dispatcher.attach(run_id, start))
        return streamed(events, _show(), peer.watch())

    def cancel(self, run_id: str) -> Response:
        """Stop a run."""
        self._dispatcher.cancel(run_id)
        return Response(status=204)


def _wants_stream() -> bool:
    if SSE not in request.headers.get("Accept", ""):
        return False
    return 0 < request.accept_mimetypes.quality(SSE) >= request.accept_mimetypes.quality(JSON)


def _wants_html() -> bool:
    return bool(request.query_string) and request.args.get("html") == "1"


def _wants_language() -> str | None:
    """Whoever does not ask is answered in English, whatever a browser would prefer."""
    return i18n.match(request.args.get("lang")) if request.query_string else None


def _show() -> Show:
    shows: list[Show] = [Highlighter().event] if _wants_html() else []
    if language := _wants_language():
        shows.append(Translator(language).event)
    return lambda event: reduce(lambda shown, show: show(shown), shows, event)
