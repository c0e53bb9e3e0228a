"""The built page is kept for ever, packed, and missed at the start when it is not there."""

import gzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from playground.app import create_app
from playground.dispatch.memory import MemoryDispatcher
from playground.settings import Settings
from playground.store import MemoryStore
from playground.web.assets import Assets, MissingPartError, find, load


def test_a_file_may_be_kept_for_ever(client: FlaskClient, assets: Assets) -> None:
    answer = client.get(assets.url("app.js"))
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_file_is_packed_for_those_who_can_unpack(client: FlaskClient, assets: Assets) -> None:
    path = assets.url("app.css")
    plain = client.get(path, headers={"Accept-Encoding": "br"})
    packed = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("name", ["manifest.json", "none.js", "..%2fmanifest.json", "../index.html"])
def test_only_the_built_page_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_a_page_that_is_not_built_is_said_at_the_start(assets: Assets, tmp_path: Path) -> None:
    with pytest.raises(MissingPartError, match="make page"):
        load(assets.templates, tmp_path)
    with pytest.raises(MissingPartError, match=r"index\.html"):
        load(tmp_path, assets.dist)


def test_a_wheel_brings_its_own(assets: Assets, tmp_path: Path) -> None:
    shipped = tmp_path / "_assets"
    shipped.mkdir()
    (shipped / "templates").symlink_to(assets.templates)
    (shipped / "dist").symlink_to(assets.dist)
    assert find(tmp_path).dist == shipped / "dist"


def test_the_colors_of_code_are_served(client: FlaskClient) -> None:
    answer = client.get("/highlight.css")
    assert answer.mimetype == "text/css"
    assert '[data-theme="dark"]' in answer.text
    assert "prefers-color-scheme: dark" in answer.text


def test_the_parts_can_be_given(assets: Assets, tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path), MemoryDispatcher(), MemoryStore(), assets)
    assert app.test_client().get("/").status_code == 200
