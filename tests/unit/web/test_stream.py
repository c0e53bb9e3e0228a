"""Server-sent events: framed so that nothing can break out, kept alive, closed when nobody is there."""

import json
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import ClientDisconnected

from playground.contracts import events as ev
from playground.contracts.errors import NoCapacity
from playground.contracts.fields import MAX_INT
from playground.contracts.request import Mode, RunRequest
from playground.dispatch.memory import MemoryDispatcher, MemoryEvents
from playground.web import stream

TEN = RunRequest(source="print(10)", mode=Mode.IMPERATIVE)


def as_is(event: ev.AnyEvent) -> ev.AnyEvent:
    return event


@pytest.fixture
def held() -> MemoryEvents:
    """A run that goes on, of which everything so far was heard."""
    events = MemoryDispatcher(held=True).run(TEN)
    while events.ready(0):
        next(events)
    return events


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LOOK_EVERY_S", 0.001)
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.0)


@given(text=st.text(), number=st.integers(1, MAX_INT))
def test_a_frame_is_three_lines_whatever_was_printed(text: str, number: int) -> None:
    event = ev.Output(id=number, stream="stdout", text=text)
    framed = stream.frame(event).decode()
    assert framed.endswith("\n\n")
    first, second, third = framed[:-2].split("\n")
    assert (first, second) == (f"id: {number}", "event: output")
    assert "\r" not in framed
    assert json.loads(third.removeprefix("data: "))["text"] == text


def test_events_that_came_together_leave_together() -> None:
    body = list(stream.EventStream(MemoryDispatcher().run(TEN), as_is, lambda: False))
    assert len(body) == 1
    assert body[0].count(b"\n\n") == 6


@pytest.mark.usefixtures("impatient")
def test_silence_is_filled_with_comments(held: MemoryEvents) -> None:
    assert next(stream.EventStream(held, as_is, lambda: False)) == b":\n\n"


@pytest.mark.usefixtures("impatient")
def test_a_stream_ends_when_its_client_has_gone(held: MemoryEvents) -> None:
    with pytest.raises(StopIteration):
        next(stream.EventStream(held, as_is, lambda: True))


@pytest.mark.usefixtures("impatient")
def test_waiting_for_a_result_ends_when_its_client_has_gone() -> None:
    dispatcher = MemoryDispatcher(held=True)
    with pytest.raises(ClientDisconnected):
        list(stream.follow(dispatcher.run(TEN), lambda: True))
    assert dispatcher.runs["run1"].listeners == 0


def test_a_run_that_is_never_silent_is_given_up_too() -> None:
    dispatcher = MemoryDispatcher(lambda _: [ev.Usage(wall_ns=1, cpu_ns=1, rss_bytes=1)], held=True)
    with pytest.raises(ClientDisconnected):
        list(stream.follow(dispatcher.run(TEN), lambda: True))


def test_a_place_is_given_back_once_however_often_a_stream_is_closed() -> None:
    streams = stream.Streams(1)
    dispatcher = MemoryDispatcher()
    held = streams.open(lambda: dispatcher.run(TEN))
    with pytest.raises(NoCapacity):
        streams.open(lambda: dispatcher.run(TEN))
    for _ in range(2):
        held.close()
    streams.open(lambda: dispatcher.run(TEN)).close()


def test_a_listener_hears_what_comes_while_it_waits() -> None:
    dispatcher = MemoryDispatcher(held=True)
    events = dispatcher.run(TEN)
    canceller = threading.Timer(0.01, dispatcher.cancel, ["run1"])
    canceller.start()
    assert [event.type for event in events][-1] == "finished"
    canceller.join()
