"""Can compare mode be trusted? ``python -m benchmarks.comparison`` holds it against a bare process and known truths."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks import fidelity, truths
from benchmarks.serving import serve
from playground.runner.client import RunnerClient
from playground.settings import Settings


@click.command()
@click.option("--seconds", type=click.FloatRange(2, 600), default=40, show_default=True, help="Of each program.")
@click.option("--threads", type=click.IntRange(1, 64), default=1, show_default=True, help="Of torch, for fidelity.")
def main(seconds: float, threads: int) -> None:
    """Measure the same inside and outside, then look for what is known."""
    with (
        TemporaryDirectory(prefix="playground-bench-") as data_dir,
        serve(Path(data_dir), PLAYGROUND_LOG_LEVEL="warning", PLAYGROUND_TIMEOUT_S=str(2 * seconds + 20)),
    ):
        client = RunnerClient(Settings(data_dir=Path(data_dir)).runner_socket("cpu"))
        click.echo(f"load {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} processors")
        click.echo(fidelity.heading())
        for found in fidelity.measure(client, seconds, threads):
            click.echo(fidelity.as_text(found))
        click.echo(f"{fidelity.EXPLAINED}\n")
        click.echo(truths.as_text(list(truths.findings(client))))


if __name__ == "__main__":
    main()
