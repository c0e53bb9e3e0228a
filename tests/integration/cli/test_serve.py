"""``playground serve``: everything starts, is watched, and ends together."""

import os
import select
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from benchmarks.serving import Served, family, running

pytestmark = pytest.mark.sandbox


def run(served: Served) -> str:
    """Run a snippet over HTTP; the answer."""
    request = urllib.request.Request(
        served.url + "/api/v1/runs",
        b'{"source": "print(10)", "mode": "imperative"}',
        {"Content-Type": "application/json", "Accept": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(answer.read().decode())


def test_the_address_is_printed_when_it_really_serves(served: Served) -> None:
    assert '"status":"ok"' in run(served).replace(" ", "")


def test_the_end_of_the_command_is_the_end_of_everything(served_alone: Served) -> None:
    everybody = {pid: os.pidfd_open(pid) for pid in family(served_alone.process.pid)}
    assert len(everybody) > 4
    assert served_alone.stop() == 0
    left = [pid for pid, descriptor in everybody.items() if not select.select([descriptor], [], [], 60)[0]]
    for descriptor in everybody.values():
        os.close(descriptor)
    assert left == []


def test_a_runner_or_a_web_server_that_died_comes_back(tmp_path: Path) -> None:
    environment = os.environ | {"PLAYGROUND_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "playground", "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        assert any("is ready" in line for line in lines)
        for module, name in (("playground.runner", "cpu runner"), ("playground.command.webserver", "web server")):
            os.kill(running(process.pid, module)[0], signal.SIGKILL)
            said = f"The {name} ended: killed by SIGKILL. Starting it again in 0.5 s."
            assert any(said in line for line in lines)
            assert any(f"The {name} is back." in line for line in lines)
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.wait(60) == 0


@pytest.mark.parametrize("taken", ["port", "data directory"])
def test_what_is_taken_is_said_and_nothing_starts(served: Served, tmp_path: Path, taken: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1]) if taken == "port" else "0"
        data = served.environment if taken == "data directory" else os.environ | {"PLAYGROUND_DATA_DIR": str(tmp_path)}
        command = [sys.executable, "-m", "playground", "serve", "--port", port]
        done = subprocess.run(command, env=data, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: Cannot listen" if taken == "port" else "Error: Another playground serves")


def test_a_setting_that_cannot_be_is_named(tmp_path: Path) -> None:
    environment = os.environ | {"PLAYGROUND_DATA_DIR": str(tmp_path), "PLAYGROUND_TIMEOUT_S": "soon"}
    command = [sys.executable, "-m", "playground", "serve"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "PLAYGROUND_TIMEOUT_S" in done.stderr
    assert "soon" in done.stderr
