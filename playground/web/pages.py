"""The page: empty, with an example, with what a link leads to, or with a result where the browser runs no scripts."""

from typing import Any

from flask import Flask, Response, render_template, request

from playground.contracts.errors import PlaygroundError
from playground.contracts.request import RunRequest
from playground.contracts.result import Result, gather
from playground.dispatch.base import Dispatcher
from playground.examples import examples
from playground.store.base import Store
from playground.views.highlight import Highlighter
from playground.views.numbers import duration
from playground.views.styles import highlight_css
from playground.web import boot, forms, i18n, origin, peer, problems
from playground.web.about import described
from playground.web.assets import Assets
from playground.web.body import valid
from playground.web.headers import csp
from playground.web.limits import Limit
from playground.web.snippets import Links
from playground.web.stream import Streams, follow
from playground.web.translation import Translator

AN_HOUR_S = 3_600


class Pages:
    """What a browser is shown."""

    def __init__(self, dispatcher: Dispatcher, store: Store, streams: Streams, links: Links) -> None:
        self._dispatcher = dispatcher
        self._store = store
        self._streams = streams
        self._links = links

    def add_to(self, app: Flask, limit: Limit, assets: Assets) -> None:
        """Route to them."""
        app.context_processor(
            lambda: {
                "csp_nonce": csp.nonce(),
                "asset_url": assets.url,
                "lang": i18n.language(),
                "languages": i18n.LANGUAGES,
            }
        )
        app.add_template_filter(duration)
        app.add_url_rule("/", "index", self.index)
        app.add_url_rule("/", "submit", limit(self.submit), methods=["POST"])
        app.add_url_rule("/s/<snippet_id>", "snippet", self.snippet)
        app.add_url_rule("/s/<snippet_id>/raw", "raw", self.raw)
        app.add_url_rule("/limits", "limits", self.limits)
        app.add_url_rule("/highlight.css", "highlight", self.highlight)

    def index(self) -> Response:
        """Show the page, with the example asked for, or the first."""
        wanted = request.args.get("example")
        example = next((one for one in examples() if one.slug == wanted), examples()[0])
        return self._page({"source": example.source, "mode": example.mode.value})

    def submit(self) -> Response:
        """Run what the form holds, and show the result."""
        origin.require_own(self._links.public_url)
        asked = forms.read(request.form)
        try:
            program = valid(RunRequest, asked)
            events = self._streams.open(lambda: self._dispatcher.run(program, gathered=True))
            result = gather(program.mode, program.device, follow(events, peer.watch()))
        except PlaygroundError as error:
            problem, headers = problems.describe(error)
            response = self._page(forms.refill(asked), problem=problem)
            response.status_code = problem.status
            response.headers.extend(headers)
            return response
        return self._page(forms.fill(program), _shown(result))

    def snippet(self, snippet_id: str) -> Response:
        """Show what a link leads to, without running anything."""
        stored = self._store.find(snippet_id)
        recorded = _shown(stored.recorded) if stored.recorded else None
        shared = boot.shared(stored, self._links.url(snippet_id), recorded)
        return self._page(forms.fill(stored.snippet), recorded, shared)

    def raw(self, snippet_id: str) -> Response:
        """Give the source alone."""
        return Response(self._store.find(snippet_id).snippet.source, mimetype="text/plain")

    def limits(self) -> Response:
        """Say what a run may use and see, and what holds it to that."""
        found = (described(self._dispatcher, device) for device in self._dispatcher.devices())
        page = render_template("limits.html", devices=[device for device in found if device])
        return i18n.remember(Response(page, headers={"Cache-Control": "private, no-cache"}))

    def highlight(self) -> Response:
        """Give the colors of code."""
        response = Response(highlight_css(), mimetype="text/css")
        response.cache_control.public = True
        response.cache_control.max_age = AN_HOUR_S
        return response

    def _page(
        self,
        form: forms.Fields,
        result: Result | None = None,
        shared: dict[str, Any] | None = None,
        problem: problems.Problem | None = None,
    ) -> Response:
        devices = self._dispatcher.devices()
        description = described(self._dispatcher, devices[0]) if devices else None
        knows = boot.boot(devices, description, i18n.language()) | (shared or {})
        page = render_template("index.html", boot=knows, form=form, result=result, problem=problem)
        response = Response(page, headers={"Cache-Control": "private, no-cache"})
        return i18n.remember(response)


def _shown(result: Result) -> Result:
    return Translator(i18n.language()).result(Highlighter().result(result))
