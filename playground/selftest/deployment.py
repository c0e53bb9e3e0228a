"""The deployment that is attacked: its runner, its web tier, the canaries around it, and all that came out of it."""

import contextlib
import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from flask import Flask
from werkzeug.datastructures import Headers

from playground.app import create_app
from playground.contracts.events import Accepted, AnyEvent, Output
from playground.contracts.request import Device, Mode, RunOptions, RunRequest
from playground.contracts.result import Result, gather
from playground.dispatch.local import LocalDispatcher
from playground.runner.client import RunnerClient
from playground.selftest.attempt import Snippet
from playground.selftest.canaries import Canaries, plant, told
from playground.settings import Settings
from playground.store.memory import MemoryStore

PREAMBLE = Path(__file__).with_name("preamble.py").read_text(encoding="utf-8")
FULL = "full"


@dataclass(frozen=True)
class Answer:
    """What the web tier answers."""

    status: int
    headers: Headers
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Read it."""
        return json.loads(self.body)


class Site(Protocol):
    """The web tier."""

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Send a request and wait for the whole answer."""
        ...


@dataclass(frozen=True)
class Inside:
    """The web tier in this process, whole but for the server around it."""

    app: Flask

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Send a request and wait for the whole answer."""
        with self.app.test_client().open(path, method=method, data=body, headers=dict(headers)) as response:
            return Answer(response.status_code, response.headers, response.data)


@dataclass
class Deployment:
    """What is attacked."""

    settings: Settings
    client: RunnerClient
    site: Site
    canaries: Canaries
    tier: str
    said: list[bytes] = field(default_factory=list)
    """Whatever came out of it during the present attempt."""

    def run(self, source: str, **fields: object) -> list[AnyEvent]:
        """Run a snippet to its end."""
        given = {"source": source, "mode": Mode.IMPERATIVE, **fields}
        return self._heard(self.client.run(RunRequest.model_validate(given), gathered=True))

    def attack(self, snippet: Snippet) -> list[AnyEvent]:
        """Run a hostile snippet, with what comes before it and beside it."""
        if snippet.before:
            self._hostile(snippet.before, snippet, None)
        with self._neighbour(snippet) as neighbour:
            return self._hostile(snippet.source, snippet, neighbour)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send a request to the API; ``body`` is sent as JSON unless it is bytes."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.site.ask(method, path, data, {"Content-Type": "application/json", **given})
        self.said += [answer.body, str(answer.headers).encode()]
        return answer

    def _request(self, source: str, snippet: Snippet, neighbour: object) -> RunRequest:
        limits = {limit.name: limit.value for limit in self.client.describe().limits}
        return RunRequest(
            source=PREAMBLE + textwrap.dedent(source),
            mode=Mode.IMPERATIVE,
            stdin=told(self.canaries, neighbour, {"limits": limits}),
            options=RunOptions(timeout_s=snippet.timeout_s, threads=snippet.threads, levels=()),
        )

    def _hostile(self, source: str, snippet: Snippet, neighbour: object) -> list[AnyEvent]:
        return self._heard(self.client.run(self._request(source, snippet, neighbour), gathered=True))

    @contextlib.contextmanager
    def _neighbour(self, snippet: Snippet) -> Iterator[object]:
        """Keep a run going, if there is to be one; what it printed first."""
        if not snippet.beside:
            yield None
            return
        with self.client.run(self._request(snippet.beside, snippet, None)) as events:
            accepted = next(events)
            assert isinstance(accepted, Accepted)  # noqa: S101 - the first event
            first = next((event.text for event in events if isinstance(event, Output)), "null")
            yield json.loads(first.splitlines()[0])
            self.client.cancel(accepted.run_id)

    def _heard(self, events: Iterable[AnyEvent]) -> list[AnyEvent]:
        heard = list(events)
        for event in heard:
            self.said.append(event.model_dump_json().encode())
            if event.type == "artifact":
                self.said.append(Path(self.client.fetch(_run_id(heard), event.name).path).read_bytes())
        return heard


def result(events: list[AnyEvent]) -> Result:
    """Gather a run."""
    return gather(Mode.IMPERATIVE, Device.CPU, events)


def _run_id(events: list[AnyEvent]) -> str:
    return result(events).run_id


@contextlib.contextmanager
def deployed(settings: Settings) -> Iterator[Deployment]:
    """Give the deployment whose runner is ready under ``settings``, with canaries around it.

    Links that are made on the way are forgotten: the deployment's own database is not written to.
    """
    with (
        contextlib.closing(RunnerClient(settings.runner_socket(Device.CPU))) as client,
        contextlib.closing(LocalDispatcher(settings)) as dispatcher,
        plant(settings) as canaries,
    ):
        app = create_app(settings.model_copy(update={"rate_limit": ""}), dispatcher, MemoryStore())
        yield Deployment(settings, client, Inside(app), canaries, client.describe().tier)
