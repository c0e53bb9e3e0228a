"""``python -m playground.runner --device cpu``: the daemon of one device, settings from the environment."""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import click
import structlog

from playground.contracts.request import Device
from playground.logs import configure
from playground.runner import hardware, workshop
from playground.runner.daemon import Runner
from playground.runner.hardware import NoSuchDevice
from playground.sandbox import cgroups, doctor, kernel, unprivileged
from playground.settings import Settings

log = structlog.get_logger()


@click.command()
@click.option("--device", type=click.Choice([device.value for device in Device]), default="cpu")
@click.option("--build/--no-build", default=True, help="Build what is compiled once, where it is missing.")
def main(device: str, *, build: bool) -> None:
    """Run the daemon until it is told to stop."""
    settings = Settings()
    configure(settings.log_level)
    report = doctor.require(settings)
    hierarchies = cgroups.discover(f"playground-{os.getpid()}")
    if os.geteuid() == 0:
        cgroups.sweep(hierarchies)
    elif report.tier == "full":
        unprivileged.enter()
    try:
        hardware.find(Device(device))
    except NoSuchDevice as error:
        sys.exit(str(error))
    asyncio.run(_serve(Runner(settings, Device(device), hierarchies, report, _compilers(settings, build=build))))


def _compilers(settings: Settings, *, build: bool) -> Path | None:
    """What was prepared for compilers; without it all is served, and compiling is slow, or fails with a message."""
    try:
        return workshop.furnish(settings, build=build)
    except workshop.NoWorkshop as problem:
        log.warning("compilers_not_prepared", reason=str(problem))
        return None


async def _serve(runner: Runner) -> None:
    task = asyncio.ensure_future(runner.serve())
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, _reap)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return


def _reap() -> None:
    """Sandboxes whose fork server died are ours now: a PID namespace is gone only when the last of it is reaped."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    main()
