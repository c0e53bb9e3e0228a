"""Runs snippets as production does: in a fork of a process that has torch imported and one thread.

A run takes over its process, so each gets one of its own; the fork server of these tests is started once.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.contracts.request import RunRequest
from tests.support.pipeline import Outcome, RunSnippet, gather

SERVER = Path(__file__).parent / "fork_server.py"


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
            return gather(iter(fork_server.stdout.readline, ""))

    return run
