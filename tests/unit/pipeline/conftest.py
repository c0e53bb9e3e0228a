"""Runs snippets as production does: in a fork of a process that has torch imported and one thread.

A run takes over its process, so each gets one of its own; the fork server of these tests is started once.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.contracts.request import RunRequest
from playground.runner import workshop
from playground.settings import Settings
from tests.support.pipeline import Outcome, RunSnippet, gather

SERVER = Path(__file__).parent / "fork_server.py"


def _serving(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(SERVER), *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ})
    yield process
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(30) == 0
    assert process.stdout is not None
    process.stdout.close()


@pytest.fixture(scope="session")
def fork_server() -> Iterator[subprocess.Popen[str]]:
    """One process with torch imported."""
    yield from _serving()


@pytest.fixture(scope="session")
def compiling_server() -> Iterator[subprocess.Popen[str]]:
    """One in which compiling was rehearsed, from what is built once a machine; needs g++."""
    subprocess.run([sys.executable, "-m", "playground", "prepare"], check=True)  # all of it, so that no g++ goes on
    yield from _serving(str(asyncio.run(workshop.furnish(Settings(), build=False))))


@pytest.fixture
def run_snippet(fork_server: subprocess.Popen[str]) -> RunSnippet:
    """``run_snippet(source, mode="imperative", stdin="", **options)``."""
    return _running(fork_server)


@pytest.fixture
def compile_snippet(compiling_server: subprocess.Popen[str]) -> RunSnippet:
    """The same, where torch.compile is warm."""
    return _running(compiling_server)


def _running(server: subprocess.Popen[str]) -> RunSnippet:
    def run(source: str, mode: str = "imperative", stdin: str = "", **options: object) -> Outcome:
        request = RunRequest.model_validate({"source": source, "mode": mode, "stdin": stdin, "options": options})
        with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as temporary:
            assert server.stdin is not None
            assert server.stdout is not None
            order = {"home": home, "temporary": temporary, "request": request.model_dump(mode="json")}
            server.stdin.write(json.dumps(order) + "\n")
            server.stdin.flush()
            return gather(iter(server.stdout.readline, ""))

    return run
