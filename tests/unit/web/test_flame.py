"""The flame chart's page: a trace of a run, under a policy of its own that opens nothing for other pages."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from playground.dispatch.memory import MemoryDispatcher

Client = Callable[..., FlaskClient]
CSP = "Content-Security-Policy"
TEN = {"source": "print(10)", "mode": "compare"}


@pytest.fixture
def client(client_of: Client, tmp_path: Path) -> FlaskClient:
    trace = tmp_path / "trace.json"
    trace.write_text('{"traceEvents": []}', encoding="utf-8")
    return client_of(MemoryDispatcher(files={"traces/eager <1>.json": trace}))


def _policy(client: FlaskClient, path: str) -> dict[str, str]:
    written = client.get(path).headers[CSP].split("; ")
    return {name: values for name, _, values in (part.partition(" ") for part in written)}


def test_it_names_the_trace_and_loads_what_draws_it(client: FlaskClient) -> None:
    run_id = client.post("/api/v1/runs", json=TEN).get_json()["run_id"]
    answer = client.get(f"/flame/{run_id}/traces/eager%20%3C1%3E.json")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert f'data-trace="/api/v1/artifacts/{run_id}/traces/eager%20%3C1%3E.json"' in answer.text
    assert 'data-speedscope="/static/speedscope-5.js"' in answer.text
    assert "<title>eager &lt;1&gt;.json" in answer.text
    assert "<1>" not in answer.text


def test_its_policy_is_its_own(client: FlaskClient) -> None:
    run_id = client.post("/api/v1/runs", json=TEN).get_json()["run_id"]
    policy = _policy(client, f"/flame/{run_id}/traces/eager%20%3C1%3E.json")
    assert policy["default-src"] == "'none'"
    assert re.fullmatch(r"'self' 'nonce-[\w-]+' 'wasm-unsafe-eval'", policy["script-src"])
    assert re.fullmatch(r"'self' 'nonce-[\w-]+'", policy["style-src"])
    assert policy["connect-src"] == "'self' blob:"
    main = _policy(client, "/")
    assert (main["connect-src"], "unsafe" in main["script-src"]) == ("'self'", False)


@pytest.mark.parametrize("path", ["nothing/trace.json", "run1/nothing.json"])
def test_what_is_not_kept_is_not_found(client: FlaskClient, path: str) -> None:
    client.post("/api/v1/runs", json=TEN)
    answer = client.get(f"/flame/{path}", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "unsafe" not in answer.headers[CSP]
