"""The application on its twins: nothing runs, nothing is kept, all the rest is as in production."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from playground.app import create_app
from playground.dispatch.memory import MemoryDispatcher
from playground.settings import Settings
from playground.store import MemoryStore, Store
from playground.web.assets import Assets, load

Client = Callable[..., FlaskClient]


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Assets:
    """The real templates, with a page that needs no building."""
    dist = tmp_path_factory.mktemp("dist")
    names = {"app.js": "app-1.js", "app.css": "app-2.css", "icon.svg": "icon-3.svg", "flame.js": "flame-4.js"}
    names |= {"speedscope.js": "speedscope-5.js", "speedscope.css": "speedscope-6.css"}
    for name in names.values():
        (dist / name).write_text(f"/* {name} */" * 100, encoding="utf-8")
    (dist / "manifest.json").write_text(json.dumps(names), encoding="utf-8")
    return load(root / "templates", dist)


@pytest.fixture
def dispatcher() -> MemoryDispatcher:
    return MemoryDispatcher()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def client_of(assets: Assets, store: Store, tmp_path: Path) -> Client:
    """A client of an application with its own dispatcher and settings."""

    def make(dispatcher: MemoryDispatcher, **settings: object) -> FlaskClient:
        given = {"data_dir": tmp_path, "rate_limit": "", **settings}
        return create_app(Settings.model_validate(given), dispatcher, store, assets).test_client()

    return make


@pytest.fixture
def client(client_of: Client, dispatcher: MemoryDispatcher) -> FlaskClient:
    return client_of(dispatcher)
