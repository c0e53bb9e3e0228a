"""The whole path: HTTP, runner, sandbox, and back."""

import re
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from benchmarks.serving import Served, serve
from tests.integration.web.site import Answer, Http

pytestmark = pytest.mark.sandbox
LOOP = "print('up', flush=True)\nimport time\nwhile True: time.sleep(0.01)"
NEXT_RUN_WITHIN_S = 120.0


def first(stream: Iterator[Answer], kind: str) -> Answer:
    """The next event of a kind."""
    return next(event for event in stream if event["type"] == kind)


def runs_now(site: Http) -> int:
    (device,) = site.json("GET", "/api/v1/environment")["devices"]
    return int(device["running"]) + int(device["queued"])


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + NEXT_RUN_WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)


def test_a_run_prints_and_is_timed(site: Http) -> None:
    result = site.run("print(10)")
    assert (result["status"], result["output"]) == ("ok", [{"stream": "stdout", "text": "10\n"}])
    assert result["timings"]["execute"] > 0
    assert result["environment"]["isolation"]


def test_events_come_as_they_happen_and_stopping_ends_them(site: Http) -> None:
    stream = site.stream(LOOP)
    run_id = first(stream, "accepted")["run_id"]
    assert first(stream, "output")["text"].startswith("up")
    assert site.ask("DELETE", f"/api/v1/runs/{run_id}").status == 204
    finished = first(stream, "finished")
    assert finished["status"] == "cancelled"
    assert list(stream) == []


def test_a_broken_stream_goes_on_where_it_broke(site: Http) -> None:
    stream = site.stream(LOOP)
    run_id = first(stream, "accepted")["run_id"]
    printed = first(stream, "output")
    site.hang_up()
    again = site.resume(run_id, printed["id"])
    site.ask("DELETE", f"/api/v1/runs/{run_id}").read()
    ids = [event["id"] for event in again]
    assert ids == list(range(printed["id"] + 1, printed["id"] + 1 + len(ids)))
    assert ids


def test_a_finished_run_is_read_again_from_any_event(site: Http) -> None:
    whole = list(site.stream("print(10)"))
    run_id = whole[0]["run_id"]
    for after in (0, 1, len(whole) - 1, len(whole), len(whole) + 1, 10**6):
        assert list(site.resume(run_id, after)) == whole[after:]


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A playground whose runs do not end by themselves within any test."""
    with serve(tmp_path_factory.mktemp("patient"), PLAYGROUND_TIMEOUT_S="3600") as one:
        yield one


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
def test_a_client_that_goes_away_frees_its_run(
    client_of: Callable[[Served], Http], patient: Served, accept: str
) -> None:
    site = client_of(patient)
    connection = site.send("POST", "/api/v1/runs", {"source": LOOP, "mode": "imperative"}, Accept=accept)
    until(lambda: runs_now(site) == 1)
    connection.close()
    until(lambda: runs_now(site) == 0)


def test_a_file_that_a_snippet_leaves_is_downloaded(site: Http) -> None:
    (artifact,) = site.run("open('notes.txt', 'w').write('kept')\n")["artifacts"]
    answer = site.ask("GET", artifact["url"])
    assert (answer.status, answer.read()) == (200, b"kept")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_link_shows_the_recorded_run(site: Http) -> None:
    program = {"source": "import os; print(os.urandom(8).hex())", "mode": "imperative"}
    result = site.json("POST", "/api/v1/runs", program)
    link = site.json("POST", "/api/v1/snippets", {**program, "run_id": result["run_id"]})
    assert re.fullmatch(re.escape(site.url) + r"/s/[1-9A-HJ-NP-Za-km-z]{11,}", link["url"])
    page = site.ask("GET", link["url"].removeprefix(site.url), Accept="text/html").read().decode()
    assert result["output"][0]["text"].strip() in page
    other = {**program, "source": "print('forged')", "run_id": result["run_id"]}
    assert site.json("POST", "/api/v1/snippets", other)["errors"][0]["field"] == "run_id"


def test_code_comes_with_lines_of_html(site: Http) -> None:
    body = {"source": "a = 1\nprint(a)\n", "mode": "imperative"}
    result = site.json("POST", "/api/v1/runs?html=1", body)
    assert result["code"]
    for code in result["code"]:
        assert len(code["html"]) == code["text"].removesuffix("\n").count("\n") + 1


def test_a_device_that_nobody_serves_is_a_conflict(site: Http) -> None:
    problem = site.run("print(10)", device="cuda")
    assert (problem["status"], problem["devices"]) == (409, ["cpu"])


def test_it_is_ready(site: Http) -> None:
    assert site.json("GET", "/readyz") == {"ready": True, "devices": {"cpu": "ok"}}


def test_the_form_runs_without_scripts(site: Http) -> None:
    form = urllib.parse.urlencode({"source": "print(6 * 7)", "mode": "imperative", "device": "cpu"}).encode()
    with urllib.request.urlopen(urllib.request.Request(site.url, form)) as answer:
        assert answer.headers.get_content_type() == "text/html"
        assert "<pre>42\n</pre>" in answer.read().decode()
