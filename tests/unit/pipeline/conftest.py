"""Runs snippets as production does: in a fork of a process that has torch imported and one thread.

A run takes over its process, so each gets one of its own; the fork server of these tests is started once.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from playground.contracts.events import SANDBOX_EVENT, Error, SaidInside
from playground.contracts.request import RunRequest
from playground.contracts.wire import Done

SERVER = Path(__file__).parent / "fork_server.py"


@dataclass
class Outcome:
    """What a run said."""

    events: list[SaidInside] = field(default_factory=list)
    stdout: str = ""
    stderr: str = ""
    done: Done | None = None
    exit_status: int = 0
    order: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[SaidInside]:
        """The events of one type, in order."""
        return [event for event in self.events if event.type == kind]

    @property
    def error(self) -> Error | None:
        """The exception, if there was one."""
        errors = [event for event in self.events if isinstance(event, Error)]
        return errors[0] if errors else None

    def level(self, name: str) -> SaidInside:
        """The program at one level."""
        (code,) = [event for event in self.events if event.type == "code" and event.level == name]
        return code


RunSnippet = Callable[..., Outcome]


@pytest.fixture(scope="session")
def fork_server() -> Iterator[subprocess.Popen[str]]:
    """One process with torch imported."""
    process = subprocess.Popen(
        [sys.executable, str(SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    yield process
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(30) == 0
    assert process.stdout is not None
    process.stdout.close()


@pytest.fixture
def run_snippet(fork_server: subprocess.Popen[str]) -> RunSnippet:
    """``run_snippet(source, mode="imperative", stdin="", **options)``."""

    def run(source: str, mode: str = "imperative", stdin: str = "", **options: object) -> Outcome:
        request = RunRequest.model_validate({"source": source, "mode": mode, "stdin": stdin, "options": options})
        with tempfile.TemporaryDirectory() as home:
            assert fork_server.stdin is not None
            assert fork_server.stdout is not None
            fork_server.stdin.write(json.dumps({"home": home, "request": request.model_dump(mode="json")}) + "\n")
            fork_server.stdin.flush()
            return _gather(iter(fork_server.stdout.readline, ""))

    return run


def _gather(lines: Iterator[str]) -> Outcome:
    outcome = Outcome()
    for line in lines:
        what, data = line.split(" ", 1)
        outcome.order.append(what)
        if what == "exit":
            outcome.exit_status = int(data)
            return outcome
        if what == "event":
            outcome.events.append(SANDBOX_EVENT.validate_json(data))
        elif what == "done":
            outcome.done = Done.model_validate_json(data)
        elif what == "stdout":
            outcome.stdout += json.loads(data)
        elif what == "stderr":
            outcome.stderr += json.loads(data)
    message = "the fork server ended"
    raise AssertionError(message)
