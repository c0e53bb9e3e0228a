"""A run over HTTP, against a server that answers as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from playground.command import remote
from playground.contracts import events as ev
from playground.contracts.request import Mode, RunRequest

REQUEST = RunRequest(source="print(10)", mode=Mode.IMPERATIVE)
EVENTS = (
    ev.Accepted(id=1, run_id="r1", position=0),
    ev.Output(id=2, stream="stdout", text="10\n"),
    ev.Finished(id=3, status=ev.Status.OK, exit_code=0),
)


@contextmanager
def server(status: int, body: bytes) -> Iterator[tuple[str, list[tuple[str, str, bytes]]]]:
    seen: list[tuple[str, str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            seen.append((self.command, self.path, self.rfile.read(length)))
            self.send_response(status if self.command == "POST" else 204)
            self.end_headers()
            self.wfile.write(body if self.command == "POST" else b"")

        do_POST = do_DELETE = answer  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}/", seen
        finally:
            http.shutdown()
            thread.join()


def stream(*events: ev.AnyEvent) -> bytes:
    blocks = (f"id: {event.id}\nevent: {event.type}\ndata: {event.model_dump_json()}\n\n" for event in events)
    return ": hello\n\n".join(blocks).encode()


def test_events_arrive_as_they_were_sent() -> None:
    with server(200, stream(*EVENTS)) as (address, seen):
        assert tuple(remote.run(address, REQUEST)) == EVENTS
    ((method, path, body),) = seen
    assert (method, path) == ("POST", "/api/v1/runs")
    assert RunRequest.model_validate_json(body) == REQUEST


def test_a_run_that_is_left_is_stopped_there() -> None:
    with server(200, stream(*EVENTS)) as (address, seen):
        events = remote.run(address, REQUEST)
        next(events)
        events.close()  # type: ignore[attr-defined]
    assert [request[:2] for request in seen] == [("POST", "/api/v1/runs"), ("DELETE", "/api/v1/runs/r1")]


def test_a_connection_that_breaks_is_no_silent_end() -> None:
    with server(200, stream(*EVENTS[:2])) as (address, _), pytest.raises(remote.ServerRefusedError, match="ended befo"):
        tuple(remote.run(address, REQUEST))


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (429, b'{"title": "Too Many Requests", "detail": "All sandboxes are busy."}', "All sandboxes are busy."),
        (409, b'{"title": "Conflict"}', "Conflict"),
        (502, b"<html>Bad Gateway</html>", "502 Bad Gateway"),
        (500, b"[]", "500 Internal Server Error"),
        (500, b"{}", "500 Internal Server Error"),
    ],
)
def test_a_refusal_is_passed_on_in_the_servers_words(status: int, body: bytes, reason: str) -> None:
    with server(status, body) as (address, _), pytest.raises(remote.ServerRefusedError) as refusal:
        tuple(remote.run(address, REQUEST))
    assert str(refusal.value) == reason


def test_a_server_that_is_not_there_is_said_plainly() -> None:
    with pytest.raises(remote.ServerRefusedError, match="refused"):
        tuple(remote.run("http://127.0.0.1:1", REQUEST))


@pytest.mark.parametrize("address", ["file:///etc/passwd", "127.0.0.1:8000", "ftp://host"])
def test_only_http_is_spoken(address: str) -> None:
    with pytest.raises(remote.ServerRefusedError, match="begins with http"):
        tuple(remote.run(address, REQUEST))
