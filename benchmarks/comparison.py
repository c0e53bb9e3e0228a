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
@click.option("--rounds", type=click.IntRange(2, 100), default=15, show_default=True, help="Of each program, each way.")
@click.option("--threads", type=click.IntRange(1, 64), default=1, show_default=True, help="Of torch, for fidelity.")
def main(rounds: int, threads: int) -> None:
    """Measure the same inside and outside, then look for what is known."""
    with (
        TemporaryDirectory(prefix="playground-bench-") as data_dir,
        serve(Path(data_dir), PLAYGROUND_LOG_LEVEL="warning"),
    ):
        client = RunnerClient(Settings(data_dir=Path(data_dir)).runner_socket("cpu"))
        click.echo(f"load {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} processors")
        click.echo(fidelity.as_text(fidelity.measure(client, rounds, threads)))
        click.echo()
        click.echo(truths.as_text(list(truths.findings(client))))


if __name__ == "__main__":
    main()
