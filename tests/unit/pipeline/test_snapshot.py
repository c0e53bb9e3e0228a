import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.pipeline.messages import LateError
from playground.pipeline.snapshot import LostError, Snapshot

both = pytest.mark.parametrize("adopted", [False, True])


@both
def test_a_copy_goes_on_from_where_it_was_made(adopted: bool) -> None:  # noqa: FBT001 - a parameter of the test
    values = [1]

    def steps() -> Iterator[list[int]]:
        yield list(values)
        values.append(3)
        yield list(values)

    copy = Snapshot(steps, adopted=adopted)
    values.append(2)
    assert list(copy.ask(30)) == [[1], [1, 3]]
    assert values == [1, 2]


def children() -> set[str]:
    """The processes that this one may wait for; other tests have some, too."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split())


@both
def test_a_copy_that_nobody_asks_ends(adopted: bool) -> None:  # noqa: FBT001
    before = children()
    copy: Snapshot[int] = Snapshot(lambda: iter([1]), adopted=adopted)
    copy.drop()
    assert children() == before


@both
def test_only_a_copy_that_is_not_adopted_is_a_child_to_wait_for(adopted: bool) -> None:  # noqa: FBT001
    before = children()
    copy: Snapshot[int] = Snapshot(lambda: iter([1]), adopted=adopted)
    assert len(children() - before) == (0 if adopted else 1)
    assert list(copy.ask(30)) == [1]
    assert children() == before


@both
def test_a_copy_that_takes_too_long_is_ended_with_all_that_it_started(adopted: bool) -> None:  # noqa: FBT001
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    path = f"/proc/self/fd/{writing}"

    def steps() -> Iterator[int]:
        held = os.open(path, os.O_WRONLY)  # opened anew: a copy lets go of the pipes that it finds
        os.fork()
        yield held
        time.sleep(600)

    with contextlib.closing(os.fdopen(reading, "rb")) as pipe:
        path = f"/proc/{os.getpid()}/fd/{writing}"
        copy = Snapshot(steps, adopted=adopted)
        with pytest.raises(LateError):
            list(copy.ask(0.5))
        os.close(writing)
        assert pipe.read() == b""  # comes when nobody has the other end any more


def test_a_copy_lets_go_of_pipes_that_others_wait_on() -> None:
    reading, writing = os.pipe()
    copy: Snapshot[int] = Snapshot(lambda: iter([1]), adopted=False)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read() == b""
    assert list(copy.ask(30)) == [1]


def test_a_copy_that_cannot_be_reached_is_lost() -> None:
    copy: Snapshot[int] = Snapshot(lambda: iter([1]), adopted=False)
    os.close(copy._order)
    with pytest.raises(LostError):
        list(copy.ask(30))


def test_what_a_copy_says_may_be_long() -> None:
    copy: Snapshot[bytes] = Snapshot(lambda: iter([b"x" * 5_000_000, b"y"]), adopted=False)
    assert [len(step) for step in copy.ask(30)] == [5_000_000, 1]
