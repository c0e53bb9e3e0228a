"""The same benchmark inside the playground and in a bare ``python`` process, in turns of parts of a second.

Both run at the same time and take turns by the clock, in the order that leaves out what drifts (ours, theirs, theirs,
ours), so that a neighbour who disturbs the machine for seconds disturbs both alike. Within a turn torch's own timer
measures as compare mode and every program outside use it.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from benchmarks.statistics import Pairs
from playground.contracts.request import Device, Mode, RunRequest
from playground.contracts.result import gather
from playground.runner.client import RunnerClient

TURN_S = 0.06
CALLS = 9
"""A turn has room for so many calls at the least: torch's timer makes two more before each that it times."""
SETTLE_S = 6.0
"""Until both have imported torch."""
USED = 0.8
"""Of a turn; the rest is for who is late."""
OURS, THEIRS = (0, 3), (1, 2)
"""Of each four turns."""
_TEXT = """
import json, statistics, time, torch
from torch.utils import benchmark
torch.set_num_threads({threads})
{program}
turn, mine, begin, rounds = {turn}, {mine}, {begin}, {rounds}
found = []
with torch.no_grad():
    f(x)
    timer = benchmark.Timer("f(x)", globals={{"f": f, "x": x}}, num_threads={threads})
    number = max(1, int(turn / 20 / timer.timeit(3).median))
    for cycle in range(rounds):
        for place in mine:
            start = begin + (4 * cycle + place) * turn
            time.sleep(max(0.0, start - time.time()))
            timer.timeit(number)
            times = []
            while time.time() < start + {used} * turn:
                times.append(timer.timeit(number).mean * 1e9)
            if times:
                found.append((cycle, statistics.median(times)))
print(json.dumps(found))
"""
Turns = list[tuple[int, float]]


def taken(client: RunnerClient, program: str, threads: int, seconds: float, call_s: float) -> Pairs:
    """Medians of each four turns, as many as fit into the time; ``call_s`` is about what a call takes."""
    turn = max(TURN_S, CALLS * call_s / USED)
    begin = time.time() + SETTLE_S
    given = {
        "threads": threads,
        "program": program,
        "turn": turn,
        "used": USED,
        "begin": begin,
        "rounds": int(seconds / turn / 4),
    }
    ask: Mapping[tuple[int, int], Callable[[str], Turns]] = {OURS: lambda text: _inside(client, text), THEIRS: _bare}
    with ThreadPoolExecutor() as pool:
        asked = [pool.submit(run, _TEXT.format(mine=mine, **given)) for mine, run in ask.items()]
        ours, theirs = (_of_rounds(one.result()) for one in asked)
    both = sorted(ours.keys() & theirs.keys())
    return Pairs(tuple(ours[cycle] for cycle in both), tuple(theirs[cycle] for cycle in both))


def _of_rounds(turns: Turns) -> dict[int, float]:
    rounds: dict[int, list[float]] = {}
    for cycle, median_ns in turns:
        rounds.setdefault(cycle, []).append(median_ns)
    return {cycle: statistics.fmean(medians) for cycle, medians in rounds.items() if len(medians) == len(OURS)}


def _inside(client: RunnerClient, text: str) -> Turns:
    result = gather(Mode.IMPERATIVE, Device.CPU, client.run(RunRequest(source=text, mode=Mode.IMPERATIVE)))
    if result.error is not None or not result.stdout:
        message = f"not measured: {result.status}, {result.error}"
        raise RuntimeError(message)
    return json.loads(result.stdout)  # type: ignore[no-any-return]


def _bare(text: str) -> Turns:
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}  # as a sandbox has it
    done = subprocess.run([sys.executable, "-c", text], check=True, capture_output=True, text=True, env=environment)
    return json.loads(done.stdout)  # type: ignore[no-any-return]
