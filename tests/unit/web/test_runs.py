"""``/api/v1/runs``: a run as one object or as a stream; come back to it; stop it."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask.testing import FlaskClient

from playground.contracts import events as ev
from playground.contracts.request import Device, Level, RunRequest
from playground.contracts.result import Result
from playground.dispatch.memory import MemoryDispatcher, Said, ten

RUNS = "/api/v1/runs"
TEN = {"source": "print(10)", "mode": "imperative"}
STREAM = {"Accept": "text/event-stream"}
Client = Callable[..., FlaskClient]


def frames(text: str) -> list[dict[str, str]]:
    """Server-sent events as a browser reads them: fields by line, comments left out."""
    blocks = [[line.partition(": ") for line in block.split("\n")] for block in text.split("\n\n") if block]
    return [{name: value for name, _, value in block if name} for block in blocks]


def some_code(request: RunRequest) -> Iterable[Said]:
    yield from ten(request)
    yield ev.Code(level=Level.PROGRAM, title="Program", language="python", text="x = 1\nprint('<b>')\n")


def test_a_run_is_one_object_when_json_is_wanted(client: FlaskClient) -> None:
    answer = client.post(RUNS, json=TEN, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    result = Result.model_validate_json(answer.data)
    assert (result.status, result.stdout, result.timings) == ("ok", "10\n", {"execute": 1_000})


def test_a_run_is_a_stream_when_events_are_wanted(client: FlaskClient) -> None:
    answer = client.post(RUNS, json=TEN, headers=STREAM)
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
    assert (answer.headers["Cache-Control"], answer.headers["X-Accel-Buffering"]) == ("no-cache", "no")
    said = frames(answer.text)
    assert [frame["event"] for frame in said] == ["accepted", "started", "stage", "output", "stage", "finished"]
    assert [frame["id"] for frame in said] == ["1", "2", "3", "4", "5", "6"]
    assert all(json.loads(frame["data"])["type"] == frame["event"] for frame in said)


@pytest.mark.parametrize(
    ("accept", "mime"),
    [
        ("*/*", "application/json"),
        ("text/event-stream;q=0.5, application/json", "application/json"),
        ("application/json;q=0.5, text/event-stream", "text/event-stream"),
        ("text/event-stream;q=0", "application/json"),
        ("text/html", "application/json"),
        ("nonsense;;q=x", "application/json"),
    ],
)
def test_accept_decides(client: FlaskClient, accept: str, mime: str) -> None:
    assert client.post(RUNS, json=TEN, headers={"Accept": accept}).mimetype == mime


def test_code_has_html_by_the_line_only_when_asked_for(client_of: Client) -> None:
    client = client_of(MemoryDispatcher(some_code))
    (code,) = client.post(f"{RUNS}?html=1", json=TEN).get_json()["code"]
    assert code["html"] == ['x = <span class="m">1</span>', code["html"][1]]
    assert "&lt;b&gt;" in code["html"][1]
    assert "html" not in client.post(RUNS, json=TEN).get_json()["code"][0]
    for query, there in (("?html=1", True), ("", False)):
        text = client.post(RUNS + query, json=TEN, headers=STREAM).text
        data = next(json.loads(frame["data"]) for frame in frames(text) if frame["event"] == "code")
        assert ("html" in data) is there
        assert data["text"] == "x = 1\nprint('<b>')\n"


@pytest.mark.parametrize("seen", [{"headers": {"Last-Event-ID": "4"}}, {"query_string": {"after": "4"}}])
def test_a_stream_resumes_after_the_last_event_seen(client: FlaskClient, seen: dict[str, Any]) -> None:
    run_id = client.post(RUNS, json=TEN).get_json()["run_id"]
    answer = client.get(f"{RUNS}/{run_id}/events", **seen)
    assert [frame["id"] for frame in frames(answer.text)] == ["5", "6"]


@pytest.mark.parametrize("place", ["Last-Event-ID", "after"])
@pytest.mark.parametrize("wrong", ["-1", "x", "1.5", ""])
def test_where_to_resume_is_a_number_wherever_it_is_said(client: FlaskClient, place: str, wrong: str) -> None:
    run_id = client.post(RUNS, json=TEN).get_json()["run_id"]
    said = {"Last-Event-ID": "1", "after": "1", place: wrong}
    headers = {"Last-Event-ID": said["Last-Event-ID"]}
    answer = client.get(f"{RUNS}/{run_id}/events", headers=headers, query_string={"after": said["after"]})
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, place)


def test_stopping_a_run_ends_its_stream(client_of: Client) -> None:
    dispatcher = MemoryDispatcher(held=True)
    client = client_of(dispatcher)
    answer = client.post(RUNS, json=TEN, headers=STREAM, buffered=False)
    body = answer.iter_encoded()
    assert b"accepted" in next(body)
    assert client.delete(f"{RUNS}/run1").status_code == 204
    assert b'"status":"cancelled"' in b"".join(body)
    answer.close()


def test_a_client_that_goes_away_is_listened_for_no_more(client_of: Client) -> None:
    dispatcher = MemoryDispatcher(held=True)
    answer = client_of(dispatcher).post(RUNS, json=TEN, headers=STREAM, buffered=False)
    assert dispatcher.runs["run1"].listeners == 1
    answer.close()  # before the first byte was read
    assert dispatcher.runs["run1"].listeners == 0


def test_live_streams_are_limited_and_each_end_makes_room(client_of: Client) -> None:
    client = client_of(MemoryDispatcher(held=True), max_streams=1)
    first = client.post(RUNS, json=TEN, headers=STREAM, buffered=False)
    refused = client.post(RUNS, json=TEN, headers=STREAM)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    first.close()
    client.post(RUNS, json=TEN, headers=STREAM, buffered=False).close()


def test_however_many_streams_are_allowed_one_thread_is_left_for_everybody_else(client_of: Client) -> None:
    client = client_of(MemoryDispatcher(held=True), max_streams=192, web_threads=4)
    streams = [client.post(RUNS, json=TEN, headers=STREAM, buffered=False) for _ in range(4)]
    assert [stream.status_code for stream in streams] == [200, 200, 200, 429]
    for stream in streams:
        stream.close()


def test_a_refused_run_gives_its_place_back(client_of: Client) -> None:
    client = client_of(MemoryDispatcher(capacity=0), max_streams=1)
    assert {client.post(RUNS, json=TEN).status_code for _ in range(3)} == {429}
    assert client.get("/api/v1/runs/nothing/events").status_code == 404


def test_no_capacity_says_when_to_come_back(client_of: Client) -> None:
    answer = client_of(MemoryDispatcher(capacity=0)).post(RUNS, json=TEN, headers=STREAM)
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert answer.headers["Retry-After"] == "1"
    assert answer.get_json()["type"].endswith("/NoCapacity")


def test_a_device_that_nobody_serves_is_a_conflict_with_those_there_are(client: FlaskClient) -> None:
    answer = client.post(RUNS, json={**TEN, "device": "cuda"})
    assert (answer.status_code, answer.get_json()["devices"]) == (409, ["cpu"])
    assert "cuda" in answer.get_json()["detail"]


def test_other_devices_are_served_where_they_are(client_of: Client) -> None:
    client = client_of(MemoryDispatcher(devices=[Device.CPU, Device.CUDA]))
    assert client.post(RUNS, json={**TEN, "device": "cuda"}).get_json()["device"] == "cuda"


def test_a_runner_that_does_not_answer_is_said_to_come_back(client_of: Client) -> None:
    dispatcher = MemoryDispatcher()
    dispatcher.answers = False
    answer = client_of(dispatcher).post(RUNS, json=TEN)
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)


@pytest.mark.parametrize(("method", "path"), [("GET", "/x/events"), ("DELETE", "/x")])
def test_a_run_that_never_was_is_not_found(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(RUNS + path, method=method)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
