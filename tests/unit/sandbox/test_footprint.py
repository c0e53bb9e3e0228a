"""What counts as a run's memory where no control group counts it: real processes, forked as the fork server forks."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from playground.sandbox import footprint
from playground.sandbox.footprint import Footprint

MIB = 1 << 20
SLACK = 16 * MIB
"""Of pages that any process writes to as soon as it lives."""


@contextmanager
def forked(grow: Callable[[], object] = lambda: None) -> Iterator[int]:
    """A process that did something and then waits."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        kept = grow()
        os.write(writing, b"1")
        signal.pause()
        os._exit(bool(kept))
    os.read(reading, 1)
    try:
        yield pid
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(reading)
        os.close(writing)


def measured(*pids: int) -> Footprint:
    return footprint.of_processes(map(str, pids))


def test_what_a_run_was_born_with_is_not_its_own() -> None:
    inherited = os.urandom(100 * MIB)
    with forked() as first:
        birth = measured(first)
        with forked() as second, forked() as third:
            assert birth.common_bytes > len(inherited)
            assert measured(first, second, third).memory_since(birth) < SLACK


def test_what_a_process_takes_counts() -> None:
    with forked() as first:
        birth = measured(first)
        with forked(lambda: os.urandom(100 * MIB)) as second:
            assert 100 * MIB <= measured(first, second).memory_since(birth) < 100 * MIB + SLACK


def test_memory_that_a_run_shares_among_its_own_processes_counts_beyond_what_it_was_born_with() -> None:
    with forked() as first:
        birth = measured(first)
        taken = os.urandom(birth.common_bytes + 100 * MIB)
        with ExitStack() as stack:
            own = [stack.enter_context(forked()) for _ in range(20)]
            assert measured(first, *own).memory_since(birth) > len(taken) * 19 / 22 - birth.common_bytes


def test_a_process_that_is_gone_uses_nothing() -> None:
    with forked() as pid:
        pass
    assert measured(pid) == Footprint()
