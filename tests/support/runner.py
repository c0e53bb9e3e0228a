"""A real runner, with limits small enough to be reached quickly."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playground.command.local import READY_WITHIN_S
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
    "PLAYGROUND_READY_SANDBOXES": "2",
}


@dataclass
class Bench:
    """A running runner and the process that it is."""

    client: RunnerClient
    process: subprocess.Popen[bytes]
    data_dir: Path
    tier: str = "full"

    def run(self, source: str, mode: str = "imperative", **fields: object) -> Result:
        """Run a snippet to its end."""
        request = RunRequest.model_validate({"source": source, "mode": mode, **fields})
        return gather(Mode(mode), Device.CPU, self.client.run(request))

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def start(
    data_dir: Path,
    log: Path | None = None,
    *,
    container: bool = False,
    module: str = "playground.runner",
    **settings: str,
) -> Bench:
    """Start a runner, on this machine or as in a container, and wait until it serves; it logs to ``log``.

    ``module`` may be one that runs it in its own way.
    """
    environment = {**os.environ, **LIMITS, "PLAYGROUND_DATA_DIR": str(data_dir), **settings}
    inside = [sys.executable, "-m", "tests.support.container"] if container else []
    command = [*inside, sys.executable, "-m", module]
    with log.open("ab") if log else contextlib.nullcontext() as stderr:
        process = subprocess.Popen(command, env=environment, stderr=stderr)
    client = RunnerClient(data_dir / "run" / "cpu.sock")
    wait_until(lambda: process.poll() is not None or serves(client), READY_WITHIN_S)
    assert process.poll() is None, "the runner ended before it served"
    return Bench(client, process, data_dir, client.describe().tier)


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
