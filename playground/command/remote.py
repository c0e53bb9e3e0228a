"""A run on another machine: its events as they stream over HTTP."""

import contextlib
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Iterator

from playground.contracts import events as ev
from playground.contracts.request import RunRequest

SILENCE_S = 60.0
"""A server says something, if only a comment, more often than this."""


class ServerRefusedError(Exception):
    """The server did not run it; the text says why, in its words."""


def run(server: str, request: RunRequest) -> Iterator[ev.AnyEvent]:
    """Run a snippet on a server and yield its events. Left early, for instance by Ctrl-C, the run is stopped there.

    Raises:
        ServerRefusedError: it refused, or cannot be reached.
    """
    address = server.rstrip("/") + "/api/v1/runs"
    run_id = None
    finished = False
    try:
        with _open(_post(address, request)) as answer:
            for event in _parse(answer):
                if isinstance(event, ev.Accepted):
                    run_id = event.run_id
                finished = isinstance(event, ev.Finished)
                yield event
        if not finished:
            message = "the connection ended before the run did"
            raise ServerRefusedError(message)
    finally:
        if run_id and not finished:
            _open(urllib.request.Request(f"{address}/{run_id}", method="DELETE")).close()  # noqa: S310 - as below


def _post(address: str, request: RunRequest) -> urllib.request.Request:
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
    body = request.model_dump_json(exclude_none=True).encode()
    if not address.startswith(("http://", "https://")):
        message = f"{address}: the server's address begins with http:// or https://"
        raise ServerRefusedError(message)
    return urllib.request.Request(address, body, headers)  # noqa: S310 - http and https only


def _open(request: urllib.request.Request) -> http.client.HTTPResponse:
    try:
        answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=SILENCE_S)  # noqa: S310 - as above
    except urllib.error.HTTPError as error:
        raise ServerRefusedError(_reason(error)) from None
    except urllib.error.URLError as error:
        message = f"{request.full_url}: {error.reason}"
        raise ServerRefusedError(message) from None
    return answer


def _reason(error: urllib.error.HTTPError) -> str:
    """Read the problem document; a proxy in between may have answered with something else."""
    with contextlib.suppress(ValueError, TypeError, LookupError, AttributeError, OSError):
        problem = json.loads(error.read())
        return str(problem.get("detail") or problem["title"])
    return f"{error.code} {error.reason}"


def _parse(answer: Iterator[bytes] | http.client.HTTPResponse) -> Iterator[ev.AnyEvent]:
    """Read server-sent events. Ours carry each event as one ``data`` line, and comments to keep a connection alive."""
    for line in answer:
        if line.startswith(b"data:"):
            yield ev.ANY_EVENT.validate_json(line[5:])
