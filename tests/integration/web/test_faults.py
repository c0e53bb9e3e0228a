"""Processes die, the disk is full, the database is locked: readers are told, nothing accepted is lost, it goes on."""

import contextlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.serving import Served, running, serve
from tests.integration.web.site import Answer, Http
from tests.support.disk import full, small_disk
from tests.support.runner import wait_until

pytestmark = pytest.mark.sandbox
SIGKILL = 9
RUNNER, WEB = "playground.runner", "playground.command.webserver"
LOOP = "print('up', flush=True)\nimport time\nwhile True: time.sleep(0.01)"
LEAVES_A_FILE = "open('left', 'w').write('kept')\nprint(10)"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    directory = tmp_path_factory.mktemp("faults")
    with small_disk(directory) if os.geteuid() == 0 else contextlib.nullcontext():
        yield directory


@pytest.fixture(scope="module")
def broken(data_dir: Path) -> Iterator[Served]:
    """A playground to break: one run at a time, so that a second one waits."""
    with serve(data_dir, PLAYGROUND_CONCURRENCY="1", PLAYGROUND_READY_SANDBOXES="1") as one:
        yield one


@pytest.fixture
def site(client_of: Callable[[Served], Http], broken: Served) -> Http:
    return client_of(broken)


@pytest.fixture(autouse=True)
def links_and_runs_are_fine_after(site: Http) -> Iterator[None]:
    link = share(site, "print('before')")
    yield
    assert site.json("GET", f"/api/v1/snippets/{link['id']}")["source"] == "print('before')"
    wait_until(lambda: site.run("print(10)").get("status") == "ok")


def share(site: Http, source: str) -> Answer:
    return site.json("POST", "/api/v1/snippets", {"source": source, "mode": "imperative"})


def first(stream: Iterator[Answer], kind: str) -> Answer:
    """The next event of a kind."""
    return next(event for event in stream if event["type"] == kind)


def test_when_the_runner_dies_what_ran_ends_and_what_waited_is_run(site: Http, broken: Served) -> None:
    runs = site.stream(LOOP)
    first(runs, "output")
    waits = site.stream("print(10)")
    accepted = first(waits, "accepted")
    assert accepted["position"] == 1
    os.kill(running(broken.process.pid, RUNNER)[0], SIGKILL)
    *_, finished = runs
    assert (finished["type"], finished["status"]) == ("finished", "internal")
    said = list(waits)
    assert [event["id"] for event in said] == list(range(2, 2 + len(said)))
    assert "".join(event["text"] for event in said if event["type"] == "output") == "10\n"
    recorded = {"source": "print(10)", "mode": "imperative", "run_id": accepted["run_id"]}
    assert site.ask("POST", "/api/v1/snippets", recorded).status == 201


def test_when_a_web_worker_dies_its_runs_are_come_back_to(site: Http, broken: Served) -> None:
    stream = site.stream(LOOP)
    run_id = first(stream, "accepted")["run_id"]
    printed = first(stream, "output")
    worker = running(broken.process.pid, WEB)[1]
    os.kill(worker, SIGKILL)
    ids = [printed["id"], *(event["id"] for event in stream)]
    again = site.resume(run_id, ids[-1])
    assert site.ask("DELETE", f"/api/v1/runs/{run_id}").status == 204
    rest = list(again)
    ids += [event["id"] for event in rest]
    assert ids == list(range(ids[0], ids[0] + len(ids)))
    assert rest[-1]["status"] == "cancelled"
    assert worker not in running(broken.process.pid, WEB)


def test_when_the_web_server_dies_its_streams_go_on_until_it_is_back(site: Http, broken: Served) -> None:
    stream = site.stream(LOOP)
    run_id = first(stream, "accepted")["run_id"]
    first(stream, "output")
    master = running(broken.process.pid, WEB)[0]
    os.kill(master, SIGKILL)
    assert site.ask("GET", "/healthz").status == 200
    wait_until(lambda: running(broken.process.pid, WEB)[:1] not in ([], [master]))
    assert site.ask("DELETE", f"/api/v1/runs/{run_id}").status == 204
    assert first(stream, "finished")["status"] == "cancelled"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk to fill")
def test_on_a_full_disk_runs_go_on_and_links_lead_where_they_led(site: Http, data_dir: Path) -> None:
    link = share(site, "print('there')")
    large = "#" * 60_000
    with full(data_dir):
        result = site.run(LEAVES_A_FILE)
        assert (result["status"], result["artifacts"], len(result["diagnostics"])) == ("ok", [], 1)
        not_stored(site, large)
        assert site.ask("GET", f"/s/{link['id']}", Accept="text/html").status == 200
        assert share(site, "print('there')") == link
    assert "url" in share(site, large)
    assert [artifact["name"] for artifact in site.run(LEAVES_A_FILE)["artifacts"]] == ["left"]


def test_while_the_database_is_locked_links_lead_where_they_led(site: Http, data_dir: Path) -> None:
    link = share(site, "print('there')")
    with contextlib.closing(sqlite3.connect(data_dir / "playground.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        not_stored(site, "print('locked')")
        assert site.ask("GET", f"/s/{link['id']}", Accept="text/html").status == 200
        assert share(site, "print('there')") == link
    assert "url" in share(site, "print('locked')")


def not_stored(site: Http, source: str) -> None:
    """A new link is refused, for now, and why is said."""
    answer = site.ask("POST", "/api/v1/snippets", {"source": source, "mode": "imperative"})
    problem = json.loads(answer.read())
    assert (answer.status, answer.headers.get_content_type()) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0
    assert problem["detail"].startswith("The link could not be stored.")
