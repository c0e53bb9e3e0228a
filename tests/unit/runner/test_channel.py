"""What arrives from a sandbox is hostile: nothing of it may raise anything but ``TooMuch``."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.contracts.events import Output, SaidInside, Stage
from playground.contracts.wire import REPLY, Done
from playground.runner.channel import LEAST_BYTES, MAX_MALFORMED, Parser, Stream, TooMuch
from tests.support.events import SAID_INSIDE, said_inside

STAGE = b'{"type":"stage","name":"execute","phase":"begin"}'


def parser(output: int = 1000, events: int = 10_000) -> Parser:
    return Parser(max_output_bytes=output, max_event_bytes=events)


def test_printed_bytes_become_text_of_their_stream() -> None:
    assert list(parser().printed("stdout", b"hello")) == [Output(stream="stdout", text="hello")]
    assert list(parser().printed("stderr", b"oops")) == [Output(stream="stderr", text="oops")]


def test_a_character_cut_in_two_arrives_whole() -> None:
    channel = parser()
    euro = "€".encode()
    assert list(channel.printed("stdout", euro[:1])) == []
    assert list(channel.printed("stdout", euro[1:])) == [Output(stream="stdout", text="€")]


def test_a_character_that_never_ends_is_replaced_at_the_end() -> None:
    channel = parser()
    list(channel.printed("stdout", b"\xe2"))
    assert [event.text for event in channel.rest()] == ["\N{REPLACEMENT CHARACTER}"]


def test_an_event_in_parts_is_put_together() -> None:
    channel = parser()
    assert list(channel.message(b"P" + STAGE[:10])) == []
    assert list(channel.printed("stdout", b"between")) == [Output(stream="stdout", text="between")]
    assert list(channel.message(b"E" + STAGE[10:])) == [Stage(name="execute", phase="begin")]


def test_output_up_to_the_limit_is_kept() -> None:
    said = parser(output=5).printed("stdout", b"123456789")
    assert next(said) == Output(stream="stdout", text="12345")
    with pytest.raises(TooMuch):
        next(said)


def test_events_have_a_limit_too() -> None:
    channel = parser(events=2 * LEAST_BYTES)
    half = b"P" + b"x" * (LEAST_BYTES - 1)
    list(channel.message(half))
    list(channel.message(half))
    with pytest.raises(TooMuch):
        list(channel.message(half))


@pytest.mark.parametrize("message", [b"E", b"?", b"P"])
def test_a_flood_of_empty_messages_ends(message: bytes) -> None:
    channel = parser(events=10 * LEAST_BYTES)
    with pytest.raises(TooMuch):
        [list(channel.message(message)) for _ in range(20)]


def test_a_flood_of_broken_lines_in_one_message_ends_before_they_are_all_looked_at() -> None:
    channel = parser(events=100_000 * LEAST_BYTES)
    with pytest.raises(TooMuch):
        list(channel.message(b"E" + b"x\n" * 30_000))
    assert channel.malformed == MAX_MALFORMED + 1


@pytest.mark.parametrize(
    "forged",
    [
        b'E{"type":"finished","status":"ok"}',
        b'E{"type":"accepted","run_id":"x","position":0}',
        b'E{"type":"artifact","name":"x","size_bytes":1,"sha256":"","url":"http://elsewhere"}',
        b'E{"type":"usage","wall_ns":1,"cpu_ns":1,"rss_bytes":1}',
        b"Enot json",
        b"D{}x",
        b"Zwhat",
        b"",
    ],
)
def test_what_only_the_runner_may_say_is_dropped_and_counted(forged: bytes) -> None:
    channel = parser()
    assert list(channel.message(forged)) == []
    assert channel.malformed == 1
    assert channel.done is None


def test_the_last_word_is_understood() -> None:
    channel = parser()
    list(channel.message(b'D{"exit_code":3,"failed":true}'))
    assert channel.done == Done(exit_code=3, failed=True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([1e400, 10**4299, -(10**18)]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)
NEARLY = st.builds(
    lambda event, field, value: json.dumps(event.model_dump(mode="json") | {field: value}).encode(),
    said_inside(),
    st.sampled_from(sorted({name for kind in SAID_INSIDE for name in kind.model_fields})),
    JSON,
)
"""An event with one field that is something else."""
WHOLE = said_inside().map(lambda event: event.model_dump_json().encode())
LINE = WHOLE | NEARLY | st.binary(max_size=50)
LAST = st.builds(Done).map(lambda done: done.model_dump_json().encode()) | LINE
MESSAGE = (
    st.builds(
        lambda tag, lines: tag + b"\n".join(lines), st.sampled_from([b"E", b"P", b"R"]), st.lists(LINE, max_size=3)
    )
    | LAST.map(lambda last: b"D" + last)
    | st.binary(max_size=100)
)


@given(st.lists(MESSAGE | st.tuples(st.sampled_from(["stdout", "stderr"]), st.binary(max_size=100))))
def test_whatever_is_sent_only_what_the_web_tier_can_read_comes_out(sent: list[bytes | tuple[Stream, bytes]]) -> None:
    channel = parser(output=300, events=3_000)
    said: list[SaidInside] = []
    try:
        for one in sent:
            said += channel.message(one) if isinstance(one, bytes) else channel.printed(*one)
    except TooMuch:
        assert channel.output_bytes > 300 or channel.event_bytes > 3_000
    said += channel.rest()
    for event in said:
        read = REPLY.validate_json(event.model_dump_json())
        assert isinstance(read, SAID_INSIDE)
        assert read.model_dump_json() == event.model_dump_json()
    assert sum(len(event.text) for event in said if isinstance(event, Output)) <= 300


@given(st.lists(said_inside(), min_size=1, max_size=4), st.data())
def test_events_are_the_same_however_they_are_cut(events: list[SaidInside], data: st.DataObject) -> None:
    channel = parser(events=1_000_000)
    payload = b"\n".join(event.model_dump_json().encode() for event in events)
    *parts, last = cut(payload, data)
    assert [event for part in parts for event in channel.message(b"P" + part)] == []
    assert list(channel.message(b"E" + last)) == events
    assert channel.malformed == 0


@given(st.binary(), st.data())
def test_a_text_is_the_same_however_it_is_cut(printed: bytes, data: st.DataObject) -> None:
    channel = parser()
    said = [event for piece in cut(printed, data) for event in channel.printed("stdout", piece)]
    assert "".join(event.text for event in [*said, *channel.rest()]) == printed.decode(errors="replace")


def cut(whole: bytes, data: st.DataObject) -> list[bytes]:
    places = data.draw(st.lists(st.integers(0, len(whole)), max_size=4).map(sorted))
    return [whole[start:end] for start, end in pairwise([0, *places, len(whole)])]
