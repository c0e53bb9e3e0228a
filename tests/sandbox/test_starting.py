"""A start is told while it goes on, and one that cannot succeed fails at once, with its reason."""

import fcntl
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from playground.contracts.errors import PlaygroundError
from playground.contracts.request import Device
from playground.runner import workshop
from playground.runner.client import RunnerClient
from playground.settings import Settings
from tests.support.runner import wait_until

SPOILED = 'raise RuntimeError("spoiled")'
STEP = "compiles the header of Inductor's C++"
WITHIN_S = 120.0
"""A bound on a hang, far below what a start may take."""


@pytest.fixture
def spoiled(tmp_path: Path) -> Path:
    """A directory in which the fork server cannot import torch: its own ``numpy`` comes first."""
    (tmp_path / "numpy.py").write_text(SPOILED)
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [["playground.runner", "--no-build"], ["playground", "selftest"], ["playground", "serve", "--port", "0"]],
    ids=lambda words: words[-1],
)
def test_a_fork_server_that_crashes_as_it_starts_ends_the_start_with_its_reason(
    spoiled: Path, command: list[str]
) -> None:
    environment = os.environ | {"PLAYGROUND_DATA_DIR": str(spoiled / "data")}
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=spoiled,
        env=environment,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    assert done.returncode in {1, 2}
    reason = "The cpu runner did not start: playground.runner.zygote ended, exit code 1: RuntimeError: spoiled\n"
    assert reason in done.stderr
    assert "Traceback" in done.stderr
    assert list((spoiled / "data").rglob("*.sock")) == []


@contextmanager
def built_elsewhere(cache: Path) -> Iterator[None]:
    """Somebody else is at work on the compilers, and will be for as long as this lasts."""
    place = cache / workshop.key()
    cache.mkdir()
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        workshop.step_file(place).write_text(STEP)
        yield


def test_while_a_server_starts_its_page_is_there_and_says_the_step(tmp_path: Path) -> None:
    environment = os.environ | {
        "PLAYGROUND_DATA_DIR": str(tmp_path / "data"),
        "PLAYGROUND_CACHE_DIR": str(tmp_path / "cache"),
    }
    command = [sys.executable, "-m", "playground", "serve", "--port", "0"]
    with (
        built_elsewhere(tmp_path / "cache"),
        subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process,
    ):
        try:
            assert process.stderr is not None
            said = list(_until("The web server answers on", process.stderr))
            address = said[-1].split(" on ")[1].split(";")[0]
            full = f"prepares the compilers, once for this machine: {STEP}"
            wait_until(lambda: _step(address) == full)
            assert _ask(address + "/healthz")[0] == 200
            status, _, page = _ask(address + "/")
            assert (status, "<textarea" in page) == (200, True)
            status, headers, problem = _ask(address + "/api/v1/runs", {"source": "print(10)", "mode": "imperative"})
            assert (status, int(headers["Retry-After"]) > 0) == (503, True)
            assert json.loads(problem)["step"] == full
            assert any(line == f"The cpu runner {full}.\n" for line in _more(said, process.stderr, full))
        finally:
            process.terminate()
            process.communicate(timeout=60)


def _until(words: str, lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line
        if words in line:
            return


def _more(said: list[str], lines: Iterator[str], words: str) -> list[str]:
    return said if any(words in line for line in said) else [*said, *_until(words, lines)]


def _ask(address: str, body: object = None) -> tuple[int, dict[str, str], str]:
    headers = {"Content-Type": "application/json", "Accept": "application/json" if body else "text/html"}
    request = urllib.request.Request(address, json.dumps(body).encode() if body else None, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()


def _step(address: str) -> str:
    """What ``/readyz`` names; it is not ready for as long as it names something."""
    status, _, text = _ask(address + "/readyz")
    told: dict[str, Any] = json.loads(text)
    assert (status, told["ready"], told["devices"]) == (503, False, {"cpu": "starting"})
    assert told["starting"][0]["since_s"] >= 0
    return str(told["starting"][0]["step"])


def test_the_steps_of_a_runner_are_told_until_it_serves(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    client = RunnerClient(settings.runner_socket(Device.CPU))
    environment = os.environ | {"PLAYGROUND_DATA_DIR": str(tmp_path)}
    steps: list[str] = []
    with subprocess.Popen([sys.executable, "-m", "playground.runner"], env=environment) as process:
        try:
            wait_until(lambda: process.poll() is not None or _serves(client, steps), WITHIN_S)
            assert process.poll() is None
        finally:
            process.terminate()
    assert "imports torch" in steps


def _serves(client: RunnerClient, steps: list[str]) -> bool:
    try:
        return client.describe().ready > 0
    except PlaygroundError as error:
        steps.append(getattr(error, "step", ""))
        time.sleep(0.02)
        return False
