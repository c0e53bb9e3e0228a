"""The twin keeps the promises of a runner: order, numbers, resuming, stopping, room."""

import pytest

from playground.contracts.errors import DeviceUnavailable, NoCapacity, NotFound, Unavailable
from playground.contracts.events import Accepted, Finished, Status
from playground.contracts.request import Device, Mode, RunRequest
from playground.contracts.result import gather
from playground.dispatch.base import Dispatcher
from playground.dispatch.local import LocalDispatcher
from playground.dispatch.memory import MemoryDispatcher
from playground.settings import Settings

TEN = RunRequest(source="print(10)", mode=Mode.IMPERATIVE)


def test_both_are_dispatchers() -> None:
    both: list[Dispatcher] = [MemoryDispatcher(), LocalDispatcher(Settings())]
    assert [list(one.devices()) for one in both] == [[Device.CPU]] * 2


def test_events_are_numbered_and_make_a_result() -> None:
    events = list(MemoryDispatcher().run(TEN))
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    assert gather(TEN.mode, TEN.device, events).stdout == "10\n"


def test_a_run_is_listened_to_from_anywhere_and_recalled() -> None:
    dispatcher = MemoryDispatcher()
    events = list(dispatcher.run(TEN))
    assert list(dispatcher.attach("run1", 3)) == events[3:]
    assert list(dispatcher.attach("run1", 99)) == []
    assert dispatcher.recall("run1") == TEN


def test_a_held_run_is_silent_until_it_is_cancelled() -> None:
    dispatcher = MemoryDispatcher(held=True)
    events = dispatcher.run(TEN)
    while events.ready(0):
        event = next(events)
        assert not isinstance(event, Finished)
    dispatcher.cancel("run1")
    (last,) = events
    assert isinstance(last, Finished)
    assert last.status is Status.CANCELLED


def test_cancelling_what_has_finished_changes_nothing() -> None:
    dispatcher = MemoryDispatcher()
    events = list(dispatcher.run(TEN))
    dispatcher.cancel("run1")
    assert dispatcher.runs["run1"].events == events


def test_there_is_only_so_much_room() -> None:
    dispatcher = MemoryDispatcher(held=True, capacity=1)
    assert isinstance(next(dispatcher.run(TEN)), Accepted)
    with pytest.raises(NoCapacity):
        dispatcher.run(TEN)
    dispatcher.cancel("run1")
    dispatcher.run(TEN)


def test_what_is_not_there_is_refused() -> None:
    dispatcher = MemoryDispatcher()
    with pytest.raises(DeviceUnavailable):
        dispatcher.run(TEN.model_copy(update={"device": Device.CUDA}))
    with pytest.raises(NotFound):
        dispatcher.attach("none")
    dispatcher.answers = False
    with pytest.raises(Unavailable):
        dispatcher.describe(Device.CPU)
