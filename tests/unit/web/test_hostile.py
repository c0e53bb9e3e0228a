"""Whatever comes out of a sandbox, and whatever a client says of itself, every endpoint answers as it should."""

from collections.abc import Sequence
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.contracts.events import SaidInside
from playground.contracts.result import Result
from playground.dispatch.memory import MemoryDispatcher
from tests.support.events import said_inside
from tests.unit.web.conftest import Client

ONE_APPLICATION_FOR_ALL = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
RUNS, SNIPPETS = "/api/v1/runs", "/api/v1/snippets"
TEN = {"source": "print(10)", "mode": "imperative"}
STREAM = {"Accept": "text/event-stream"}
HTML = {"html": "1"}
LATIN = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"))
"""What a server can hand on of a header."""
SAID: dict[str, st.SearchStrategy[str]] = {
    "Accept": LATIN | st.sampled_from(["text/event-stream;q=x", "text/*;q=nan", "*/*;q=1e999", ",;=,"]),
    "Accept-Encoding": LATIN,
    "Accept-Language": LATIN | st.sampled_from(["zh-" * 50, "en;q=-1", "*"]),
    "Content-Type": LATIN | st.sampled_from(["application/json; charset=x", "multipart/form-data; boundary="]),
    "Cookie": LATIN.map(lambda value: f"lang={value}"),
    "Host": LATIN | st.sampled_from(["[", "a:b", "localhost:99999", "@"]),
    "If-Modified-Since": LATIN,
    "If-None-Match": LATIN,
    "Last-Event-ID": LATIN | st.integers().map(str),
    "Origin": LATIN | st.sampled_from(["http://[", "http://localhost:x", "//"]),
    "Range": LATIN | st.sampled_from(["bytes=-1", "bytes=5-1", "bytes=0-,1-"]),
    "Sec-Fetch-Site": LATIN,
    "X-Forwarded-For": LATIN,
}
ENDPOINTS = [
    ("GET", "/"),
    ("POST", "/"),
    ("GET", "/s/{}"),
    ("GET", "/s/{}/raw"),
    ("GET", "/static/{}"),
    ("GET", "/api/v1/environment"),
    ("POST", RUNS),
    ("DELETE", RUNS + "/{}"),
    ("GET", RUNS + "/{}/events"),
    ("POST", SNIPPETS),
    ("GET", SNIPPETS + "/{}"),
    ("GET", "/api/v1/artifacts/run1/{}"),
]
NAMES = st.text(min_size=1, max_size=20) | st.sampled_from(["run1", "CCVQy8XDvg3", "app-1.js"])


@pytest.fixture
def said() -> list[SaidInside]:
    """What the next run says."""
    return []


@pytest.fixture
def client(client_of: Client, said: list[SaidInside]) -> FlaskClient:
    return client_of(MemoryDispatcher(lambda _: tuple(said)))


@ONE_APPLICATION_FOR_ALL
@given(events=st.lists(said_inside(), max_size=4))
def test_whatever_a_run_says_every_answer_shows_it(
    client: FlaskClient, said: list[SaidInside], events: Sequence[SaidInside]
) -> None:
    said[:] = events
    assert client.post("/", data=TEN).status_code == 200
    stream = client.post(RUNS, json=TEN, headers=STREAM, query_string=HTML, buffered=True).text
    ids = [line for line in stream.splitlines() if line.startswith("id: ")]
    assert ids == [f"id: {number + 1}" for number in range(len(events) + 3)]
    result = Result.model_validate_json(client.post(RUNS, json=TEN).get_data())
    again = client.get(f"{RUNS}/{result.run_id}/events", query_string=HTML, buffered=True).text
    assert again.count("\nevent: ") == len(ids)
    link = client.post(SNIPPETS, json={**TEN, "run_id": result.run_id}).get_json()
    assert client.get(link["url"]).status_code == 200


@pytest.mark.parametrize("header", SAID)
@ONE_APPLICATION_FOR_ALL
@given(endpoint=st.sampled_from(ENDPOINTS), name=NAMES, data=st.data())
def test_whatever_a_client_says_of_itself_is_never_our_fault(
    client: FlaskClient, header: str, endpoint: tuple[str, str], name: str, data: st.DataObject
) -> None:
    method, path = endpoint
    headers = {header: data.draw(SAID[header])}
    with client.open(path.format(quote(name)), method=method, headers=headers, data=b"source=1") as answer:
        assert answer.status_code < 500
