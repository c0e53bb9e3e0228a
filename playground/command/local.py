"""Runs on this machine without a web server: by the runner that is there, or by one of our own for this run."""

import asyncio
import contextlib
import subprocess
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from playground.command import children
from playground.contracts.errors import PlaygroundError, Starting
from playground.contracts.events import AnyEvent
from playground.contracts.request import Mode, RunRequest
from playground.runner import workshop
from playground.runner.client import RunnerClient
from playground.settings import Settings

READY_WITHIN_S = workshop.BUILT_WITHIN_S + 300.0
"""What is compiled once may have to be built first."""
ASK_EVERY_S = 0.05


class NotRunError(Exception):
    """The run did not take place; the text says why."""


def is_ready(client: RunnerClient) -> bool:
    """Whether a runner answers and has a sandbox ready."""
    try:
        return client.describe().ready > 0
    except PlaygroundError:
        return False


async def until_ready(path: Path, runner: Process, say: Callable[[str], None]) -> bool:
    """Wait until a runner is ready; False when it ended instead, or took too long. ``say`` is told its steps."""
    client = RunnerClient(path)
    deadline = time.monotonic() + READY_WITHIN_S
    said = ""
    while runner.returncode is None and time.monotonic() < deadline:
        step = await asyncio.to_thread(_step, client)
        if step is None:
            return True
        if step not in {"", said}:
            say(said := step)
        await asyncio.sleep(ASK_EVERY_S)
    return False


def _step(client: RunnerClient) -> str | None:
    """What a runner does before it serves; None when it does, nothing where it does not say."""
    try:
        return None if client.describe().ready > 0 else "makes the first sandboxes"
    except Starting as starting:
        return starting.step
    except PlaygroundError:
        return ""


@contextlib.contextmanager
def events(settings: Settings, request: RunRequest) -> Iterator[Iterator[AnyEvent]]:
    """Run a snippet and give its events as they come.

    Raises:
        NotRunError: no runner could be started, or it refused.
    """
    try:
        with runner(settings, request.device, build=may_compile(request)) as found:
            yield RunnerClient(found.runner_socket(request.device)).run(request)
    except PlaygroundError as error:
        raise NotRunError(str(error)) from error


@contextlib.contextmanager
def runner(settings: Settings, device: str, places: int = 1, *, build: bool = False) -> Iterator[Settings]:
    """Give the settings under which a runner is ready: the one that is there, or one of our own for so long.

    With ``build`` ours prepares the compilers where that was never done on this machine, which takes a while.

    Raises:
        NotRunError: no runner could be started.
    """
    if is_ready(RunnerClient(settings.runner_socket(device))):
        yield settings
        return
    with tempfile.TemporaryDirectory(prefix="playground-") as data_dir:
        if build:
            _say_what_takes_long(settings)
        own = settings.model_copy(update={"data_dir": Path(data_dir), "cache_dir": str(settings.workshops)})
        with _start(own, device, places, build=build) as process:
            _wait_until_ready(own, device, process)
            yield own


def _say_what_takes_long(settings: Settings) -> None:
    with contextlib.suppress(workshop.NoWorkshop):  # which the run will tell in its own words
        if workshop.find(settings.workshops) is None:
            click.echo("Preparing the compilers, once on this machine: about half a minute.", err=True)


def may_compile(request: RunRequest) -> bool:
    """Whether a run may want prepared compilers."""
    return request.mode in {Mode.HYBRID, Mode.COMPARE} or "compile" in request.source


def _wait_until_ready(own: Settings, device: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not is_ready(RunnerClient(own.runner_socket(device))):
        if process.poll() is not None or time.monotonic() > deadline:
            message = f"the {device} runner did not start"
            raise NotRunError(message)
        time.sleep(ASK_EVERY_S)


@contextlib.contextmanager
def _start(own: Settings, device: str, places: int, *, build: bool) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {
        "PLAYGROUND_DATA_DIR": str(own.data_dir),
        "PLAYGROUND_CACHE_DIR": str(own.workshops),
        "PLAYGROUND_CONCURRENCY": str(places),
        "PLAYGROUND_READY_SANDBOXES": str(places),
        "PLAYGROUND_LOG_LEVEL": "error",
    }
    command = children.command("playground.runner", "--device", device, "--build" if build else "--no-build")
    with subprocess.Popen(command, **children.options(environment)) as runner:  # noqa: S603 - our own module
        try:
            yield runner
        finally:
            runner.terminate()
