"""Links: the same content has the same one; a record is the server's own, and of the program that is shared."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from playground.dispatch.memory import MemoryDispatcher
from playground.web import snippets

SNIPPETS = "/api/v1/snippets"
TEN: dict[str, Any] = {"source": "print(10)", "mode": "imperative"}
Client = Callable[..., FlaskClient]


def test_a_link_is_made_once(client: FlaskClient) -> None:
    first = client.post(SNIPPETS, json=TEN)
    again = client.post(SNIPPETS, json={**TEN, "device": "cpu", "options": {}, "stdin": None})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert first.headers["Location"] == first.get_json()["url"]


@pytest.mark.parametrize(
    "other",
    [
        {"source": "print(11)"},
        {"mode": "symbolic"},
        {"device": "cuda"},
        {"stdin": ""},
        {"options": {"threads": 1}},
        {"layout": {"tab": "time"}},
    ],
)
def test_other_content_has_another_link(client: FlaskClient, other: dict[str, Any]) -> None:
    assert client.post(SNIPPETS, json=TEN).get_json() != client.post(SNIPPETS, json=TEN | other).get_json()


def test_a_link_is_read_as_it_was_shared(client: FlaskClient) -> None:
    shared = {**TEN, "stdin": "x", "options": {"target": "net", "timeout_s": 5}, "layout": {"tab": "code", "n": 2}}
    link = client.post(SNIPPETS, json=shared).get_json()
    read = client.get(f"{SNIPPETS}/{link['id']}").get_json()
    assert read == {**read, **shared, **link, "options": {**read["options"], "target": "net", "timeout_s": 5}}


def test_links_lead_to_where_readers_see_the_server(client_of: Client) -> None:
    link = client_of(MemoryDispatcher(), public_url="https://play.example/").post(SNIPPETS, json=TEN).get_json()
    assert link["url"] == f"https://play.example/s/{link['id']}"


def test_each_recorded_run_has_a_link_of_its_own(client: FlaskClient) -> None:
    runs = [client.post("/api/v1/runs", json=TEN).get_json()["run_id"] for _ in range(2)]
    links = [client.post(SNIPPETS, json={**TEN, "run_id": run}).get_json()["id"] for run in (*runs, runs[0])]
    assert links[0] == links[2] != links[1]
    assert client.post(SNIPPETS, json=TEN).get_json()["id"] not in links


def _refused(client: FlaskClient, body: dict[str, Any]) -> str:
    answer = client.post(SNIPPETS, json=body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    (error,) = answer.get_json()["errors"]
    assert error["field"] == "run_id"
    return str(error["message"])


@pytest.mark.parametrize("other", [{"source": "print(11)"}, {"mode": "symbolic"}, {"options": {"threads": 1}}])
def test_the_run_of_one_program_is_not_recorded_for_another(client: FlaskClient, other: dict[str, Any]) -> None:
    run_id = client.post("/api/v1/runs", json=TEN).get_json()["run_id"]
    assert "another program" in _refused(client, {**TEN, **other, "run_id": run_id})


def test_a_run_that_is_gone_cannot_be_recorded(client: FlaskClient) -> None:
    assert "no run" in _refused(client, {**TEN, "run_id": "none"})


def test_a_run_that_goes_on_cannot_be_recorded(client_of: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snippets, "SOON_S", 0.0)
    dispatcher = MemoryDispatcher(held=True)
    client = client_of(dispatcher)
    client.post("/api/v1/runs", json=TEN, headers={"Accept": "text/event-stream"}, buffered=False).close()
    assert "not finished" in _refused(client, {**TEN, "run_id": "run1"})
    assert dispatcher.runs["run1"].listeners == 0


def test_a_result_that_is_too_large_is_not_recorded(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snippets, "MAX_RECORD_BYTES", 10)
    run_id = client.post("/api/v1/runs", json=TEN).get_json()["run_id"]
    assert "too large" in _refused(client, {**TEN, "run_id": run_id})


@pytest.mark.parametrize("layout", [[], {"tab": []}, {"tab": "x" * 201}, {str(n): n for n in range(33)}])
def test_a_layout_is_small_and_flat(client: FlaskClient, layout: object) -> None:
    answer = client.post(SNIPPETS, json={**TEN, "layout": layout})
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"].startswith("layout")
