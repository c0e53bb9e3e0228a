"""``python -m playground.runner --device cpu``: the daemon of one device, settings from the environment."""

import asyncio
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
from playground.runner.front import DeviceFront
from playground.runner.hardware import NoSuchDevice
from playground.runner.progress import Progress
from playground.runner.servants import NotStarted, bury
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

    async def compose(progress: Progress) -> Runner:
        compilers = await _compilers(settings, progress, build=build)
        return Runner(settings, Device(device), hierarchies, report, compilers)

    try:
        asyncio.run(_serve(DeviceFront(settings, Device(device), compose)))
    except NotStarted as problem:
        sys.exit(f"The {device} runner did not start: {problem}")
    finally:
        for parent in set(hierarchies.parents.values()):
            cgroups.remove_tree(parent)


async def _compilers(settings: Settings, progress: Progress, *, build: bool) -> Path | None:
    """What was prepared for compilers; without it all is served, and compiling is slow, or fails with a message."""
    try:
        return await workshop.furnish(settings, progress.step, build=build)
    except workshop.NoWorkshop as problem:
        log.warning("compilers_not_prepared", reason=str(problem))
        return None


async def _serve(front: DeviceFront) -> None:
    task = asyncio.ensure_future(front.serve())
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, bury)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return


if __name__ == "__main__":
    main()
