"""The same benchmark inside the playground and in a bare ``python`` process, in turn: do the medians agree?"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from playground.contracts.request import Mode, RunOptions, RunRequest
from playground.contracts.result import gather
from playground.runner.client import RunnerClient

GOAL = 0.03
MIN_RUN_MS = 500
PROGRAMS: Mapping[str, str] = {
    "an argument given back": "def f(x):\n    return x\n\nx = torch.ones(1)",
    "one addition": "def f(x):\n    return x + 1\n\nx = torch.ones(1)",
    "a small network": (
        "f = torch.nn.Sequential(torch.nn.Linear(512, 256), torch.nn.ReLU(), torch.nn.Linear(256, 2)).eval()\n"
        "x = torch.randn(1, 512)"
    ),
    "a product of matrices": "def f(x):\n    return x @ x\n\nx = torch.randn(384, 384)",
    "ten million logarithms": "def f(x):\n    return torch.log(x)\n\nx = torch.rand(10_000_000) + 0.5",
}
"""From about 50 ns to about 50 ms a call."""
_BARE = """
import json, statistics, torch
from torch.utils import benchmark
torch.set_num_threads({threads})
{program}
with torch.no_grad():
    f(x)
    timer = benchmark.Timer("f(x)", globals={{"f": f, "x": x}}, num_threads={threads})
    print(json.dumps(statistics.median(timer.blocked_autorange(min_run_time={seconds}).times) * 1e9))
"""


@dataclass(frozen=True)
class Pair:
    """Medians of the medians, in nanoseconds."""

    inside_ns: float
    bare_ns: float

    @property
    def apart(self) -> float:
        """How far they are apart, as a share of the bare one."""
        return abs(self.inside_ns / self.bare_ns - 1)


def measure(client: RunnerClient, rounds: int, threads: int) -> dict[str, Pair]:
    """Each program inside and bare, ``rounds`` times in turn, so that what else the machine does falls on both."""
    found = {}
    for name, program in PROGRAMS.items():
        pairs = [(inside(client, program, threads), bare(program, threads)) for _ in range(rounds)]
        found[name] = Pair(*(statistics.median(side) for side in zip(*pairs, strict=True)))
    return found


def inside(client: RunnerClient, program: str, threads: int) -> float:
    """Eager's median in the playground."""
    source = f"import torch\n{program}\nwith torch.no_grad():\n    f(x)\n"
    options = RunOptions.model_validate({"compilers": ["trace"], "threads": threads, "min_run_ms": MIN_RUN_MS})
    request = RunRequest(source=source, mode=Mode.COMPARE, options=options)
    result = gather(request.mode, request.device, client.run(request))
    times = {one.path: one for one in result.benchmarks}
    if "eager" not in times:
        message = f"not timed: {result.status}, {result.error or result.verdicts}"
        raise RuntimeError(message)
    return times["eager"].median_ns


def bare(program: str, threads: int) -> float:
    """The same in a new process without any of ours."""
    text = _BARE.format(program=program, threads=threads, seconds=MIN_RUN_MS / 1000)
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}  # as a sandbox has it
    command = [sys.executable, "-c", text]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return float(json.loads(done.stdout))


def as_text(found: Mapping[str, Pair]) -> str:
    """A line for each program."""
    lines = [f"{'the same benchmark':30}{'inside':>14}{'bare':>14}{'apart':>9}"]
    for name, pair in found.items():
        reached = "reached" if pair.apart <= GOAL else "MISSED"
        lines.append(
            f"{name:30}{pair.inside_ns:11.0f} ns{pair.bare_ns:11.0f} ns{pair.apart:9.1%}   goal {GOAL:.0%}: {reached}"
        )
    return "\n".join(lines)
