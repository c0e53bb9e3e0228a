"""``python -m playground.runner --device cpu``: the daemon of one device, settings from the environment."""

import asyncio
import os
import signal
import sys

import click

from playground.contracts.request import Device
from playground.logs import configure
from playground.runner.daemon import Runner
from playground.runner.hardware import NoSuchDevice
from playground.sandbox import cgroups, doctor, unprivileged
from playground.settings import Settings


@click.command()
@click.option("--device", type=click.Choice([device.value for device in Device]), default="cpu")
def main(device: str) -> None:
    """Run the daemon until it is told to stop."""
    settings = Settings()
    configure(settings.log_level)
    doctor.require(settings)
    hierarchies = cgroups.discover(f"playground-{os.getpid()}")
    if os.geteuid() == 0:
        cgroups.sweep(hierarchies)
    else:
        unprivileged.enter()
    try:
        runner = Runner(settings, Device(device), hierarchies)
    except NoSuchDevice as error:
        sys.exit(str(error))
    asyncio.run(_serve(runner))


async def _serve(runner: Runner) -> None:
    task = asyncio.ensure_future(runner.serve())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return


if __name__ == "__main__":
    main()
