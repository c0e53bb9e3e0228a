"""Times of several actions, taken in turns: whatever disturbs the machine meanwhile disturbs all of them alike."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

BLOCK_S = 0.0002
"""A run: long enough for the clock not to matter, too short for a neighbour to be in most of them."""
MAX_NUMBER = 1_000_000
FEW, TRIES = 5, 3


@dataclass(frozen=True)
class Turns:
    """One action: nanoseconds per call of each run, and how many calls a run was."""

    times_ns: tuple[float, ...]
    number: int


def interleaved(actions: Sequence[Callable[[], object]], min_run_s: float) -> tuple[Turns, ...]:
    """Time each action for at least ``min_run_s``, in turns; at least a few runs of it, however long it takes."""
    was_enabled = gc.isenabled()
    gc.disable()  # as timeit does: who happens to pay for a collection is chance
    try:
        numbers = [_calibrate(action) for action in actions]
        times: list[list[float]] = [[] for _ in actions]
        left = [min_run_s * 1e9] * len(actions)
        while max(left) > 0 or len(times[0]) < FEW:
            for index, action in enumerate(actions):
                took = _time(action, numbers[index])
                times[index].append(took / numbers[index])
                left[index] -= took
    finally:
        if was_enabled:
            gc.enable()
    return tuple(Turns(tuple(row), number) for row, number in zip(times, numbers, strict=True))


def _calibrate(action: Callable[[], object]) -> int:
    """How many calls take as long as a run should; the fastest of a few tries counts, the others were disturbed."""
    number = 1
    while (took := min(_time(action, number) for _ in range(TRIES))) < BLOCK_S * 1e9 and number < MAX_NUMBER:
        number = min(MAX_NUMBER, max(number * 2, round(number * BLOCK_S * 1e9 / max(took, 1))))
    return number


def _time(action: Callable[[], object], number: int) -> int:
    began = time.perf_counter_ns()
    for _ in range(number):
        action()
    return time.perf_counter_ns() - began
