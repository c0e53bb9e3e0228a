"""``/flame``: a trace that a run left, as a flame chart, on a page of its own with a policy of its own."""

from pathlib import Path

from flask import Flask, Response, render_template, url_for

from playground.dispatch.base import Dispatcher
from playground.web import i18n
from playground.web.headers import csp, flame


class Flame:
    """The page of flame charts."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    def add_to(self, app: Flask) -> None:
        """Route to it."""
        app.add_url_rule("/flame/<run_id>/<path:name>", "flame", self.flame)

    def flame(self, run_id: str, name: str) -> Response:
        """Show the page; its script fetches the trace as any reader would.

        Raises:
            NotFound: the run left no such file, or it is no longer kept.
        """
        self._dispatcher.fetch(run_id, name)
        csp.use(flame.page)
        trace = url_for("artifact", run_id=run_id, name=name)
        page = render_template("flame.html", trace=trace, name=Path(name).name)
        return i18n.remember(Response(page, headers={"Cache-Control": "private, no-cache"}))
