"""Runs on this machine without a web server: by the runner that is there, or by one of our own for this run."""

import asyncio
import contextlib
import subprocess
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import Iterator
from pathlib import Path

from playground.command import children
from playground.contracts.errors import PlaygroundError
from playground.contracts.events import AnyEvent
from playground.contracts.request import RunRequest
from playground.runner.client import RunnerClient
from playground.settings import Settings

READY_WITHIN_S = 120.0
ASK_EVERY_S = 0.05


class NotRunError(Exception):
    """The run did not take place; the text says why."""


def is_ready(client: RunnerClient) -> bool:
    """Whether a runner answers and has a sandbox ready."""
    try:
        return client.describe().ready > 0
    except PlaygroundError:
        return False


async def until_ready(path: Path, runner: Process) -> bool:
    """Wait until a runner is ready; False when it ended instead, or took too long."""
    client = RunnerClient(path)
    deadline = time.monotonic() + READY_WITHIN_S
    while runner.returncode is None and time.monotonic() < deadline:
        if await asyncio.to_thread(is_ready, client):
            return True
        await asyncio.sleep(ASK_EVERY_S)
    return False


@contextlib.contextmanager
def events(settings: Settings, request: RunRequest) -> Iterator[Iterator[AnyEvent]]:
    """Run a snippet and give its events as they come.

    Raises:
        NotRunError: no runner could be started, or it refused.
    """
    try:
        with _runner(settings, request.device) as client:
            yield client.run(request)
    except PlaygroundError as error:
        raise NotRunError(str(error)) from error


@contextlib.contextmanager
def _runner(settings: Settings, device: str) -> Iterator[RunnerClient]:
    shared = RunnerClient(settings.runner_socket(device))
    if is_ready(shared):
        yield shared
        return
    with tempfile.TemporaryDirectory(prefix="playground-") as data_dir, _start(data_dir, device) as runner:
        own = RunnerClient(settings.model_copy(update={"data_dir": Path(data_dir)}).runner_socket(device))
        deadline = time.monotonic() + READY_WITHIN_S
        while not is_ready(own):
            if runner.poll() is not None or time.monotonic() > deadline:
                message = f"the {device} runner did not start"
                raise NotRunError(message)
            time.sleep(ASK_EVERY_S)
        yield own


@contextlib.contextmanager
def _start(data_dir: str, device: str) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {
        "PLAYGROUND_DATA_DIR": data_dir,
        "PLAYGROUND_CONCURRENCY": "1",
        "PLAYGROUND_READY_SANDBOXES": "1",
        "PLAYGROUND_LOG_LEVEL": "error",
    }
    command = children.command("playground.runner", "--device", device)
    with subprocess.Popen(command, **children.options(environment)) as runner:  # noqa: S603 - our own module
        try:
            yield runner
        finally:
            runner.terminate()
