"""The same benchmark inside the playground and in a bare ``python`` process, in turn: do the medians agree?"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping

from benchmarks.statistics import Pairs
from playground.contracts.request import Mode, RunOptions, RunRequest
from playground.contracts.result import gather
from playground.runner.client import RunnerClient

GOAL = 0.03
MIN_RUN_MS = 100
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


def measure(client: RunnerClient, rounds: int, threads: int) -> dict[str, Pairs]:
    """Each program inside and bare, ``rounds`` times, who is first in turn too."""
    found = {}
    for name, program in PROGRAMS.items():
        pairs = [_pair(client, program, threads, inside_first=bool(number % 2)) for number in range(rounds)]
        found[name] = Pairs(*zip(*pairs, strict=True))
    return found


def _pair(client: RunnerClient, program: str, threads: int, *, inside_first: bool) -> tuple[float, float]:
    if inside_first:
        return inside(client, program, threads), bare(program, threads)
    alone = bare(program, threads)
    return inside(client, program, threads), alone


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


def as_text(found: Mapping[str, Pairs]) -> str:
    """A line for each program."""
    lines = [f"{'the same benchmark':26}{'inside':>14}{'bare':>14}{'ratio':>8}{'its interval':>15}{'noise':>8}"]
    for name, pairs in found.items():
        low, high = pairs.interval
        inside_ns, bare_ns = statistics.median(pairs.ours), statistics.median(pairs.theirs)
        lines.append(
            f"{name:26}{inside_ns:11.0f} ns{bare_ns:11.0f} ns{pairs.ratio:8.3f}{low:9.3f}-{high:.3f}{pairs.noise:8.1%}"
            f"   goal {GOAL:.0%}: {pairs.conclusion(1 - GOAL, 1 + GOAL)}"
        )
    lines.append("ratio: median over the rounds, and where it lies at 95 %; noise: of the bare one between rounds")
    return "\n".join(lines)
