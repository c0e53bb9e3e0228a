"""What protects a reader is on every answer."""

import re

import pytest
from flask.testing import FlaskClient

CSP = "Content-Security-Policy"
TEN = {"source": "print(10)", "mode": "imperative"}
PATHS = [
    "/",
    "/nothing",
    "/healthz",
    "/readyz",
    "/highlight.css",
    "/static/app-1.js",
    "/api/v1/runs",
    "/api/v1/examples",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_them(client: FlaskClient, path: str) -> None:
    headers = client.get(path, headers={"Accept": "text/html"}).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "frame-ancestors 'none'" in headers[CSP]
    assert "unsafe" not in headers[CSP]
    assert len(headers.getlist(CSP)) == 1


def test_a_stream_has_them_too(client: FlaskClient) -> None:
    headers = client.post("/api/v1/runs", json=TEN, headers={"Accept": "text/event-stream"}).headers
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_no_page_may_do_nothing(client: FlaskClient) -> None:
    assert client.get("/api/v1/examples").headers[CSP].startswith("default-src 'none'; frame-ancestors 'none'")


def test_a_page_runs_only_scripts_that_know_its_nonce(client: FlaskClient) -> None:
    answers = [client.get("/") for _ in range(2)]
    nonces = [re.findall(r"'nonce-([\w-]+)'", answer.headers[CSP]) for answer in answers]
    assert nonces[0] != nonces[1]
    for answer, own in zip(answers, nonces, strict=True):
        assert len(set(own)) == 1
        assert "default-src 'none'" in answer.headers[CSP]
        scripts = re.findall(r"<script[^>]*>", answer.text)
        assert scripts
        assert all(f'nonce="{own[0]}"' in script for script in scripts)


def test_a_page_has_no_style_or_handler_of_its_own(client: FlaskClient) -> None:
    assert not re.search(r"<[^>]+\s(style|on\w+)=", client.get("/").text)
