"""What observing a compiled program costs in steady state: ``python -m benchmarks.observing [--rounds N]``.

The same timed loop, in turn with the ladder captured (hybrid mode) and without (imperative mode), in sandboxes; in
processor time, which neighbours disturb less than the clock.
"""

import json
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks.serving import serve
from benchmarks.statistics import Pairs
from benchmarks.subjects import Playground
from playground.contracts.request import Mode

GOAL = 1.02
"""More than that is more than noise."""
LOOP = """
import json, time, torch
from torch import nn

net = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 2))
x = torch.randn(1, 512)
fast = torch.compile(net)
for _ in range(200):
    fast(x)
times = []
for _ in range(15):
    began = time.process_time_ns()
    for _ in range(1000):
        fast(x)
    times.append((time.process_time_ns() - began) / 1000)
print(json.dumps(times))
"""


@click.command()
@click.option("--rounds", type=click.IntRange(2, 100), default=12, show_default=True, help="Runs of each.")
def main(rounds: int) -> None:
    """Time a compiled network in steady state with and without being observed."""
    with (
        TemporaryDirectory(prefix="playground-bench-") as folder,
        serve(Path(folder), PLAYGROUND_TIMEOUT_S="120") as served,
    ):
        playground = Playground(served.url)
        pairs = Pairs(*zip(*(_pair(playground, seen_first=bool(n % 2)) for n in range(rounds)), strict=True))
    seen, unseen = statistics.median(pairs.ours), statistics.median(pairs.theirs)
    low, high = pairs.interval
    click.echo(f"a compiled network, per call: {unseen / 1000:.1f} us unobserved, {seen / 1000:.1f} us observed")
    click.echo(
        f"ratio {pairs.ratio:.3f}, at 95 % {low:.3f}-{high:.3f}; unobserved from round to round {pairs.noise:.1%}"
    )
    click.echo(f"goal at most {GOAL}: {pairs.conclusion(0, GOAL)}")


def _pair(playground: Playground, *, seen_first: bool) -> tuple[float, float]:
    if seen_first:
        return _ask(playground, Mode.HYBRID), _ask(playground, Mode.IMPERATIVE)
    unseen = _ask(playground, Mode.IMPERATIVE)
    return _ask(playground, Mode.HYBRID), unseen


def _ask(playground: Playground, mode: Mode) -> float:
    """Nanoseconds per call in the quickest of its batches, which neighbours disturbed least."""
    playground.ask(LOOP, mode)
    times: list[float] = json.loads(playground.result["output"][0]["text"])
    return min(times)


if __name__ == "__main__":
    main()
