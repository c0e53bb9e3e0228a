"""The page speaks the reader's language: the address decides, then an earlier choice, then the browser."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from playground.dispatch.memory import MemoryDispatcher
from playground.web.i18n import match

Client = Callable[..., FlaskClient]


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh_Hans", "zh-Hans"),
        ("ZH-hans-CN", "zh-Hans"),
        ("fr", None),
        ("", None),
        (None, None),
    ],
)
def test_a_tag_is_matched_to_a_language_there_is(tag: str | None, language: str | None) -> None:
    assert match(tag) == language


@pytest.mark.parametrize(
    ("path", "accepts", "language"),
    [
        ("/", "", "en"),
        ("/", "fr, de", "en"),
        ("/", "fr, zh-CN;q=0.8, en;q=0.5", "zh-Hans"),
        ("/", "en, zh", "en"),
        ("/?lang=zh-Hans", "en", "zh-Hans"),
        ("/?lang=en", "zh", "en"),
        ("/?lang=xx", "zh", "zh-Hans"),
    ],
)
def test_the_page_says_its_language(client: FlaskClient, path: str, accepts: str, language: str) -> None:
    assert f'<html lang="{language}">' in client.get(path, headers={"Accept-Language": accepts}).text


def test_a_choice_is_remembered(client: FlaskClient) -> None:
    client.get("/?lang=zh-Hans")
    assert '<html lang="zh-Hans">' in client.get("/", headers={"Accept-Language": "en"}).text


def test_nothing_is_remembered_that_was_not_chosen(client_of: Client) -> None:
    assert "Set-Cookie" not in client_of(MemoryDispatcher()).get("/?lang=xx").headers


def test_errors_speak_it_too(client: FlaskClient) -> None:
    answer = client.get("/nothing", headers={"Accept-Language": "zh", "Accept": "text/html"})
    assert '<html lang="zh-Hans">' in answer.text
