"""The composition root: builds the web application from its parts, and refuses to start when one is missing."""

from flask import Flask, Request
from flask.sessions import SessionInterface

from playground.dispatch.base import Dispatcher
from playground.dispatch.local import LocalDispatcher
from playground.settings import Settings
from playground.store import Store, open_store, upgrade
from playground.web import assets, body, headers, i18n, limits, problems
from playground.web.about import About
from playground.web.artifacts import Artifacts
from playground.web.flame import Flame
from playground.web.health import Health
from playground.web.pages import Pages
from playground.web.runs import Runs
from playground.web.secret import secret_key
from playground.web.snippets import Links, Snippets
from playground.web.stream import Streams


class NoSessions(SessionInterface):
    """Nobody logs in here; opening a session that stays empty took a tenth of a request."""

    def open_session(self, app: Flask, request: Request) -> None:
        """Open none."""

    def is_null_session(self, obj: object) -> bool:
        """Save none."""
        del obj
        return True


def create_app(
    settings: Settings,
    dispatcher: Dispatcher | None = None,
    store: Store | None = None,
    page: assets.Assets | None = None,
) -> Flask:
    """Build the application; what is not given is made from the settings.

    Raises:
        MissingPartError: the page has not been built.
    """
    page = page or assets.find()
    dispatcher = dispatcher or LocalDispatcher(settings)
    store = store or _database(settings)

    app = Flask("playground", static_folder=None, template_folder=str(page.templates))
    app.config.update(
        MAX_CONTENT_LENGTH=body.MAX_BYTES,
        MAX_FORM_MEMORY_SIZE=body.MAX_BYTES,
        SECRET_KEY=secret_key(settings),
    )
    app.session_interface = NoSessions()
    headers.protect(app)
    problems.handle(app)
    i18n.speak(app)
    limit = limits.limit(settings.rate_limit)

    streams = Streams(min(settings.max_streams, settings.web_threads - 1))
    links = Links(settings.public_url)
    Runs(dispatcher, streams).add_to(app, limit)
    Snippets(dispatcher, store, links).add_to(app, limit)
    Artifacts(dispatcher).add_to(app)
    Flame(dispatcher).add_to(app)
    About(dispatcher).add_to(app)
    Health(dispatcher).add_to(app)
    assets.Static(page).add_to(app)
    Pages(dispatcher, store, streams, links).add_to(app, limit, page)
    return app


def _database(settings: Settings) -> Store:
    upgrade(settings.database)
    return open_store(settings.database)
