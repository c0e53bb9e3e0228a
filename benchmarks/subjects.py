"""What is measured: each subject is set up once, then asked again and again, and says how long an answer took."""

import http.client
import json
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from playground.contracts.request import Mode, RunRequest
from playground.contracts.result import gather
from playground.runner.client import RunnerClient

PATIENCE_S = 120.0
_PREPARE = "import gc; from playground import pipeline; pipeline.prepare(); gc.collect(); gc.freeze()"
_FORK_WHEN_ASKED = f"""
{_PREPARE}
import os, sys, time
print("ready", flush=True)
for line in sys.stdin:
    began = time.perf_counter_ns()
    for _ in range(int(line)):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
    print(time.perf_counter_ns() - began, flush=True)
"""


class Playground:
    """A playground over HTTP, on one connection that is kept."""

    def __init__(self, address: str) -> None:
        place = urllib.parse.urlsplit(address)
        self.connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE_S)
        self.result: dict[str, Any] = {}

    def ask(self, source: str, mode: Mode = Mode.IMPERATIVE, **options: object) -> int:
        """Run a snippet; nanoseconds from the first byte sent to the last byte read."""
        body = json.dumps({"source": source, "mode": mode, "options": options})
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        began = time.perf_counter_ns()
        self.connection.request("POST", "/api/v1/runs", body, headers)
        answer = self.connection.getresponse()
        data = answer.read()
        took = time.perf_counter_ns() - began
        self.result = json.loads(data)
        if self.result.get("status") != "ok":
            message = f"the playground answered {answer.status}: {data[:500]!r}"
            raise RuntimeError(message)
        return took

    def healthz(self) -> int:
        """Ask the web server for next to nothing."""
        began = time.perf_counter_ns()
        self.connection.request("GET", "/healthz")
        self.connection.getresponse().read()
        return time.perf_counter_ns() - began


class Runner:
    """The same runner without HTTP: what is left is what the web tier costs."""

    def __init__(self, socket: Path) -> None:
        self.client = RunnerClient(socket)

    def ask(self, source: str) -> int:
        """Run a snippet; nanoseconds until its last event is read."""
        request = RunRequest(source=source, mode=Mode.IMPERATIVE)
        began = time.perf_counter_ns()
        events = list(self.client.run(request))
        took = time.perf_counter_ns() - began
        gather(request.mode, request.device, events)
        return took


class Kernel:
    """A warm Jupyter kernel: torch imported, no isolation at all."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self.client = client

    def ask(self, source: str) -> int:
        """Execute a cell; nanoseconds until the kernel is idle again and all its output has come."""
        began = time.perf_counter_ns()
        cell = self.client.execute(source)
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE_S)
            if message["parent_header"].get("msg_id") != cell:
                continue
            if message["msg_type"] == "error":
                raise RuntimeError(message["content"]["evalue"])
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return time.perf_counter_ns() - began


class Forks:
    """A process that has imported what the fork server has, and does nothing but fork, exit and wait."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def begin(self, number: int) -> None:
        """Ask for so many forks, one after another."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{number}\n")
        self.process.stdin.flush()

    def end(self) -> int:
        """Nanoseconds that those took."""
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    def ask(self) -> int:
        """One fork, its exit and the wait for it."""
        self.begin(1)
        return self.end()


def cold(source: str) -> int:
    """A new process that imports torch first, as running a script does."""
    began = time.perf_counter_ns()
    subprocess.run([sys.executable, "-c", f"import torch\n{source}"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter_ns() - began


@contextmanager
def kernel() -> Iterator[Kernel]:
    """A Jupyter kernel of our own, warmed."""
    manager, client = start_new_kernel(kernel_name="python3", stderr=subprocess.DEVNULL)
    try:
        warm = Kernel(client)
        warm.ask("import torch; print(torch.ones(2) + 1)")
        yield warm
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@contextmanager
def forks() -> Iterator[Forks]:
    """A process that forks when asked."""
    command = [sys.executable, "-c", _FORK_WHEN_ASKED]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield Forks(process)
        assert process.stdin is not None
        process.stdin.close()
