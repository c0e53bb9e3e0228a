"""Measure and print: ``python -m benchmarks [--json FILE] [--rounds N] [--runs N]``."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks import compiling, memory, subjects, throughput
from benchmarks.latency import Latency
from benchmarks.report import Report
from benchmarks.serving import serve
from benchmarks.statistics import summary
from playground.settings import Settings


@click.command()
@click.option("--rounds", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Samples per subject.")
@click.option("--runs", type=click.IntRange(4, 100_000), default=200, show_default=True, help="Runs for throughput.")
@click.option("--clients", type=click.IntRange(1, 32), default=4, show_default=True, help="Clients for throughput.")
@click.option("--pause", type=float, default=0.15, show_default=True, help="Seconds of rest before each sample.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write everything there, as JSON.")
def main(rounds: int, runs: int, clients: int, pause: float, json_file: Path | None) -> None:
    """Measure a playground beside a warm Jupyter kernel, a cold process and a bare fork."""
    with ExitStack() as stack:
        data_dir = stack.enter_context(TemporaryDirectory(prefix="playground-bench-"))
        served = stack.enter_context(serve(Path(data_dir), PLAYGROUND_LOG_LEVEL="warning", PLAYGROUND_TIMEOUT_S="60"))
        runner = subjects.Runner(Settings(data_dir=Path(data_dir)).runner_socket("cpu"))
        kernel = stack.enter_context(subjects.kernel())
        forks = [stack.enter_context(subjects.forks()) for _ in range(throughput.PROCESSES)]
        latency = Latency(subjects.Playground(served.url), runner, kernel, forks[0], pause)
        report = Report(
            latency=latency.measure(rounds),
            stages={name: summary(samples) for name, samples in latency.stages.items()},
            memory=memory.measure(served.process.pid),
            compiling=compiling.measure(served.url),
            throughput=throughput.measure(served.url, forks, clients, runs),
        )
    click.echo(report.as_text())
    if json_file:
        json_file.write_text(report.as_json() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
