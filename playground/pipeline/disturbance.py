"""What no program may depend on, changed on purpose: where objects lie, and how long everything takes.

Forks of one process are more alike than two runs of a program ever are: without this, a program that prints an address
would seem to print the same one each time.
"""

import ctypes
import os
import random
import sys
import time
from types import FrameType

SMALL = range(0, 512, 16)
"""Sizes that Python's own allocator serves (Objects/obmalloc.c)."""
OFTEN, SELDOM = 64, 64
"""Each of the first calls is delayed, then one in so many."""
DELAY_NS, MOST_NS = 100_000, 200_000_000
_kept: list[object] = []


def move_objects() -> None:
    """Let new objects lie elsewhere, so that whatever a program does with addresses comes out differently."""
    chance = random.Random(os.urandom(8))  # noqa: S311 - one of our own: the program's must stay as they are
    _kept.extend(bytes(size) for size in SMALL for _ in range(chance.randint(100, 300)))
    _kept.extend(([], {}, float(n), {n}) for n in range(chance.randint(100, 300)))  # which have lists of free ones
    _kept.extend(tuple(range(n % 20)) for n in range(5_000))
    _kept.extend(ctypes.create_string_buffer(chance.randint(1 << 10, 1 << 16)) for _ in range(chance.randint(20, 60)))


def slow_down() -> None:
    """Let calls take longer, so that whatever a program does with times comes out differently."""
    calls, spent = 0, 0

    def delay(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal calls, spent
        calls += 1
        if calls > OFTEN and calls % SELDOM:
            return
        until = time.perf_counter_ns() + DELAY_NS
        while time.perf_counter_ns() < until:
            pass
        spent += DELAY_NS
        if spent > MOST_NS:
            sys.setprofile(None)

    sys.setprofile(delay)
