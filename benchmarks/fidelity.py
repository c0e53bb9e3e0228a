"""The same benchmark inside the playground and in a bare ``python`` process, in turn: do the medians agree?

And what compare mode says of the same call, minutes apart, which shows how far this machine agrees with itself.
"""

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks import turns
from benchmarks.statistics import Pairs
from playground.contracts.measured import Benchmark
from playground.contracts.request import Mode, RunOptions, RunRequest
from playground.contracts.result import gather
from playground.runner.client import RunnerClient

GOAL = 0.03
MIN_RUN_MS = 500


@dataclass(frozen=True)
class Program:
    """A call of ``f(x)``. ``call_s`` is about what it takes."""

    text: str
    call_s: float


PROGRAMS: Mapping[str, Program] = {
    "an argument given back": Program("def f(x):\n    return x\n\nx = torch.ones(1)", 4e-8),
    "one addition": Program("def f(x):\n    return x + 1\n\nx = torch.ones(1)", 4e-6),
    "a small network": Program(
        "f = torch.nn.Sequential(torch.nn.Linear(512, 256), torch.nn.ReLU(), torch.nn.Linear(256, 2)).eval()\n"
        "x = torch.randn(1, 512)",
        5e-5,
    ),
    "a product of matrices": Program("def f(x):\n    return x @ x\n\nx = torch.randn(384, 384)", 1.3e-3),
    "ten million logarithms": Program("def f(x):\n    return torch.log(x)\n\nx = torch.rand(10_000_000) + 0.5", 4e-2),
}
"""From about 50 ns to about 50 ms a call."""


@dataclass(frozen=True)
class Found:
    """Of one program: medians taken in turns, in nanoseconds, and compare mode's own."""

    name: str
    pairs: Pairs
    compared: Benchmark


def measure(client: RunnerClient, seconds: float, threads: int) -> Iterator[Found]:
    """Each program inside and bare in turns, for so long."""
    for name, program in PROGRAMS.items():
        compared = _compared(client, program.text, threads)
        yield Found(name, turns.taken(client, program.text, threads, seconds, program.call_s), compared)


def _compared(client: RunnerClient, program: str, threads: int) -> Benchmark:
    """What compare mode says of eager."""
    source = f"import torch\n{program}\nwith torch.no_grad():\n    f(x)\n"
    options = RunOptions.model_validate({"compilers": ["trace"], "threads": threads, "min_run_ms": MIN_RUN_MS})
    request = RunRequest(source=source, mode=Mode.COMPARE, options=options)
    result = gather(request.mode, request.device, client.run(request))
    times = {one.path: one for one in result.benchmarks}
    if "eager" not in times:
        message = f"not timed: {result.status}, {result.error or result.verdicts}"
        raise RuntimeError(message)
    return times["eager"]


def heading() -> str:
    """Above the lines."""
    return (
        f"{'the same benchmark, in turns':30}{'inside':>14}{'bare':>14}{'ratio':>8}{'its interval':>15}{'noise':>8}"
        f"{'compare says':>16}"
    )


def as_text(found: Found) -> str:
    """A line for one program."""
    pairs = found.pairs
    low, high = pairs.interval
    ours, theirs = statistics.median(pairs.ours), statistics.median(pairs.theirs)
    reached = "reached" if abs(pairs.ratio - 1) <= GOAL else "MISSED"
    return (
        f"{found.name:30}{ours:11.0f} ns{theirs:11.0f} ns{pairs.ratio:8.3f}{low:9.3f}-{high:.3f}{pairs.noise:8.1%}"
        f"{found.compared.median_ns:13.0f} ns   goal {GOAL:.0%}: {reached}"
    )


EXPLAINED = "ratio: median over the rounds, and where it lies at 95 %; noise: of the bare one from round to round"
