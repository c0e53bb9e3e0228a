"""``/api/v1/snippets``: make a link, and read what one leads to."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, request

from playground.contracts.errors import FieldError, InvalidRequest, NotFound
from playground.contracts.events import AnyEvent
from playground.contracts.request import Shared
from playground.contracts.result import Result, gather
from playground.contracts.snippet import Link, Snippet, SnippetRequest
from playground.dispatch.base import Dispatcher, Events
from playground.store.base import Shareable, Store
from playground.web.body import json_body
from playground.web.limits import Limit

SOON_S = 2.0
"""A run that has finished is read in this time."""
MAX_RECORD_BYTES = 8 << 20
OTHER = "was a run of another program"
GONE = "is no run that is still kept"
UNFINISHED = "has not finished"
LARGE = f"has a result of more than {MAX_RECORD_BYTES:,} bytes, too large to be recorded"


def refuse(reason: str) -> InvalidRequest:
    """Say what is wrong with the run that was named."""
    return InvalidRequest([FieldError("run_id", reason)])


@dataclass(frozen=True)
class Links:
    """Where links lead: to ``public_url``, else to the address that this request was sent to."""

    public_url: str

    def url(self, snippet_id: str) -> str:
        """Say where a link leads."""
        return f"{(self.public_url or request.host_url).rstrip('/')}/s/{snippet_id}"


class Snippets:
    """The endpoints of links."""

    def __init__(self, dispatcher: Dispatcher, store: Store, links: Links) -> None:
        self._dispatcher = dispatcher
        self._store = store
        self._links = links

    def add_to(self, app: Flask, limit: Limit) -> None:
        """Route to them."""
        app.add_url_rule("/api/v1/snippets", "share", limit(self.share), methods=["POST"])
        app.add_url_rule("/api/v1/snippets/<snippet_id>", "shared", self.shared)

    def share(self) -> Response:
        """Make a link."""
        asked = json_body(SnippetRequest)
        recorded = self._record(asked.run_id, asked) if asked.run_id is not None else None
        snippet = Shareable(**{name: getattr(asked, name) for name in Shareable.model_fields})
        snippet_id, new = self._store.save(snippet, recorded)
        link = Link(id=snippet_id, url=self._links.url(snippet_id))
        status = HTTPStatus.CREATED if new else HTTPStatus.OK
        return Response(link.model_dump_json(), status, {"Location": link.url}, mimetype="application/json")

    def shared(self, snippet_id: str) -> Response:
        """Read what a link leads to."""
        stored = self._store.find(snippet_id)
        snippet = Snippet(id=stored.id, url=self._links.url(stored.id), **dict(stored.snippet))
        return Response(snippet.model_dump_json(), mimetype="application/json")

    def _record(self, run_id: str, shared: Shared) -> Result:
        """Make the server's own record of a run, if it was one of what is shared.

        Raises:
            InvalidRequest: it was not, or has not ended, or is gone, or is too large.
        """
        try:
            ran = self._dispatcher.recall(run_id)
            if any(getattr(ran, name) != getattr(shared, name) for name in Shared.model_fields):
                raise refuse(OTHER)
            result = gather(ran.mode, ran.device, _at_hand(self._dispatcher.attach(run_id)))
        except NotFound as gone:
            raise refuse(GONE) from gone
        if len(result.model_dump_json()) > MAX_RECORD_BYTES:
            raise refuse(LARGE)
        return result


def _at_hand(events: Events) -> Iterator[AnyEvent]:
    """Give the events of a run that has ended."""
    deadline = time.monotonic() + SOON_S
    try:
        while events.ready(max(0.0, deadline - time.monotonic())):
            event = next(events, None)
            if event is None:
                return
            yield event
        raise refuse(UNFINISHED)
    finally:
        events.close()
