"""The composition root: builds the web application from its parts, and refuses to start when one is missing."""

from flask import Flask

from playground.dispatch.base import Dispatcher
from playground.dispatch.local import LocalDispatcher
from playground.settings import Settings
from playground.web import body, headers, limits, problems
from playground.web.runs import Runs
from playground.web.stream import Streams


def create_app(settings: Settings, dispatcher: Dispatcher | None = None) -> Flask:
    """Build the application."""
    app = Flask("playground", static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=body.MAX_BYTES, MAX_FORM_MEMORY_SIZE=body.MAX_BYTES)
    dispatcher = dispatcher or LocalDispatcher(settings)
    limit = limits.limit(app, settings.rate_limit)
    headers.protect(app)
    problems.handle(app)
    Runs(dispatcher, Streams(settings.max_streams)).add_to(app, limit)

    @app.get("/healthz")
    def healthz() -> str:
        return "ok\n"

    return app
