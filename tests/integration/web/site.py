"""A client of a whole playground: HTTP as it is on the wire."""

import http.client
import json
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Answer = dict[str, Any]

PATIENCE_S = 120.0
"""A bound on a hang, not a measure of speed."""


@dataclass
class Http:
    """Requests to one server, each on a connection of its own that can be hung up."""

    url: str
    connections: list[http.client.HTTPConnection] = field(default_factory=list)

    def send(self, method: str, path: str, body: object = None, **headers: str) -> http.client.HTTPConnection:
        """Send a request, and wait for nothing."""
        place = urllib.parse.urlsplit(self.url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE_S)
        self.connections.append(connection)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body)
        connection.request(method, path, data, {"Content-Type": "application/json", **given})
        return connection

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> http.client.HTTPResponse:
        """Send a request; its answer, to be read."""
        return self.send(method, path, body, **headers).getresponse()

    def json(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send a request; its answer, read as JSON."""
        read: Answer = json.loads(self.ask(method, path, body, **headers).read())
        return read

    def run(self, source: str, **fields: object) -> Answer:
        """Run a snippet to its end."""
        return self.json("POST", "/api/v1/runs", {"source": source, "mode": "imperative", **fields})

    def stream(self, source: str, **fields: object) -> Iterator[Answer]:
        """Run a snippet; its events as they come."""
        body = {"source": source, "mode": "imperative", **fields}
        return events(self.ask("POST", "/api/v1/runs", body, Accept="text/event-stream"))

    def resume(self, run_id: str, after: int) -> Iterator[Answer]:
        """Come back to a stream."""
        return events(self.ask("GET", f"/api/v1/runs/{run_id}/events", Last_Event_ID=str(after)))

    def hang_up(self) -> None:
        """Close the newest connection, as a browser does that goes elsewhere."""
        self.connections.pop().close()


def events(answer: http.client.HTTPResponse) -> Iterator[Answer]:
    """Read server-sent events as they come."""
    with answer:
        assert answer.status == 200, answer.read()
        assert answer.headers.get_content_type() == "text/event-stream"
        for line in answer:
            if line.startswith(b"data: "):
                yield json.loads(line.removeprefix(b"data: "))
