"""So many at a time, so many waiting; stopping and leaving free the place."""

from collections import deque
from collections.abc import Iterator

import pytest

from playground.contracts.errors import NoCapacity, NotFound
from playground.contracts.events import Accepted, AnyEvent, Finished, Status
from playground.contracts.request import Mode, RunRequest
from playground.runner.client import Events
from tests.support.runner import Bench, wait_until

Occupied = tuple[str, Events]
SLEEPER = RunRequest(source="print('up', flush=True)\nimport time; time.sleep(1000)", mode=Mode.IMPERATIVE)
QUICK = RunRequest(source="print(1)", mode=Mode.IMPERATIVE)


def occupy(bench: Bench) -> Occupied:
    """A run that goes on; its id, and the iterator that listens to it."""
    events = bench.client.run(SLEEPER)
    accepted = next(events)
    assert isinstance(accepted, Accepted)
    return accepted.run_id, events


@pytest.fixture
def full(bench: Bench) -> Iterator[list[Occupied]]:
    """Both places are taken."""
    wait_until(lambda: bench.client.describe().running == 0)
    runs = [occupy(bench) for _ in range(2)]
    yield runs
    for run_id, events in runs:
        bench.client.cancel(run_id)
        deque(events, maxlen=0)


def position(events: Iterator[AnyEvent]) -> int:
    accepted = next(events)
    assert isinstance(accepted, Accepted)
    return accepted.position


def test_waiting_runs_are_told_their_place_and_one_too_many_is_refused(bench: Bench, full: list[Occupied]) -> None:
    waiting = [bench.client.run(QUICK) for _ in range(2)]
    assert [position(events) for events in waiting] == [1, 2]
    with pytest.raises(NoCapacity) as refusal:
        next(bench.client.run(QUICK))
    assert refusal.value.retry_after_s >= 1
    bench.client.cancel(full[0][0])
    for events in waiting:
        assert _last(events).status is Status.OK


def _last(events: Iterator[AnyEvent]) -> Finished:
    *_, finished = events
    assert isinstance(finished, Finished)
    return finished


def test_a_run_that_times_is_alone_and_nobody_overtakes_it(bench: Bench) -> None:
    before = occupy(bench)
    timing = bench.client.run(SLEEPER.model_copy(update={"mode": Mode.COMPARE}))
    accepted = next(timing)
    assert isinstance(accepted, Accepted)
    assert accepted.position == 1  # there is another place, but it would not be alone
    behind = bench.client.run(QUICK)
    assert position(behind) == 2
    assert bench.client.describe().running == 1

    bench.client.cancel(before[0])
    deque(before[1], maxlen=0)
    assert next(timing).type == "started"
    assert (bench.client.describe().running, bench.client.describe().queued) == (1, 1)

    bench.client.cancel(accepted.run_id)
    deque(timing, maxlen=0)
    assert _last(behind).status is Status.OK


def test_one_too_many_is_refused_while_a_run_that_times_is_alone(bench: Bench) -> None:
    wait_until(lambda: bench.client.describe().running == 0)
    timing = bench.client.run(SLEEPER.model_copy(update={"mode": Mode.COMPARE}))
    accepted = next(timing)
    assert isinstance(accepted, Accepted)
    assert accepted.position == 0
    waiting = [bench.client.run(QUICK) for _ in range(2)]
    assert [position(events) for events in waiting] == [1, 2]
    with pytest.raises(NoCapacity):
        next(bench.client.run(QUICK))
    bench.client.cancel(accepted.run_id)
    deque(timing, maxlen=0)
    assert [_last(events).status for events in waiting] == [Status.OK, Status.OK]


def test_stopping_keeps_the_output_so_far(bench: Bench) -> None:
    run_id, events = occupy(bench)
    said: list[AnyEvent] = []
    for event in events:
        said.append(event)
        if event.type == "output":
            bench.client.cancel(run_id)
    assert "".join(event.text for event in said if event.type == "output").rstrip() == "up"
    assert isinstance(said[-1], Finished)
    assert said[-1].status is Status.CANCELLED


@pytest.mark.usefixtures("full")
def test_a_waiting_run_can_be_stopped(bench: Bench) -> None:
    events = bench.client.run(QUICK)
    accepted = next(events)
    assert isinstance(accepted, Accepted)
    bench.client.cancel(accepted.run_id)
    assert _last(events).status is Status.CANCELLED


def test_a_client_that_goes_away_frees_its_place(bench: Bench) -> None:
    run_id, events = occupy(bench)
    events.close()
    wait_until(lambda: bench.client.describe().running == 0)
    assert _last(bench.client.attach(run_id)).status is Status.CANCELLED


def test_a_lost_connection_resumes_where_it_was(bench: Bench) -> None:
    run_id, events = occupy(bench)
    next(events)
    events.close()
    again = bench.client.attach(run_id, after=2)
    assert next(again).id == 3
    bench.client.cancel(run_id)
    assert _last(again).status is Status.CANCELLED


def test_a_run_that_never_was_is_not_found(bench: Bench) -> None:
    with pytest.raises(NotFound, match="no run 'nothing'"):
        next(bench.client.attach("nothing"))
