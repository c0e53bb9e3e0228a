"""A real runner, with limits small enough to be reached quickly."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playground.contracts.errors import Unavailable
from playground.contracts.request import Device, Mode, RunRequest
from playground.contracts.result import Result, gather
from playground.runner.client import RunnerClient

MIB = 1 << 20
LIMITS = {
    "PLAYGROUND_TIMEOUT_S": "20",
    "PLAYGROUND_MEMORY_MB": "400",
    "PLAYGROUND_DISK_MB": "64",
    "PLAYGROUND_OUTPUT_KB": "64",
    "PLAYGROUND_PROCESSES": "40",
    "PLAYGROUND_ARTIFACT_MB": "4",
    "PLAYGROUND_CONCURRENCY": "2",
    "PLAYGROUND_QUEUE_SIZE": "2",
}


@dataclass
class Bench:
    """A running runner and the process that it is."""

    client: RunnerClient
    process: subprocess.Popen[bytes]
    data_dir: Path

    def run(self, source: str, mode: str = "imperative", **fields: object) -> Result:
        """Run a snippet to its end."""
        request = RunRequest.model_validate({"source": source, "mode": mode, **fields})
        return gather(Mode(mode), Device.CPU, self.client.run(request))


def start(data_dir: Path, **settings: str) -> Bench:
    """Start a runner and wait until it serves."""
    environment = {**os.environ, **LIMITS, "PLAYGROUND_DATA_DIR": str(data_dir), **settings}
    process = subprocess.Popen([sys.executable, "-m", "playground.runner"], env=environment)
    client = RunnerClient(data_dir / "run" / "cpu.sock")
    wait_until(lambda: process.poll() is not None or serves(client), 120)
    assert process.poll() is None, "the runner ended before it served"
    return Bench(client, process, data_dir)


def serves(client: RunnerClient) -> bool:
    """Whether the runner has a sandbox ready."""
    try:
        return client.describe().ready > 0
    except Unavailable:
        return False


def wait_until(condition: Callable[[], bool], timeout_s: float = 30) -> None:
    """Poll until something holds; a bound on a hang, not a measure of speed."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)
