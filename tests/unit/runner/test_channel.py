"""What arrives from a sandbox is hostile: nothing of it may raise anything but ``TooMuch``."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.contracts.events import Output, Stage
from playground.contracts.wire import Done
from playground.runner.channel import Parser, TooMuch

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
    channel = parser(events=100)
    half = b"P" + b"x" * 50
    list(channel.message(half))
    list(channel.message(half))
    with pytest.raises(TooMuch):
        list(channel.message(half))


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


@given(st.lists(st.binary(max_size=200)))
def test_garbage_never_breaks_the_parser(messages: list[bytes]) -> None:
    channel = parser(output=300, events=300)
    try:
        for message in messages:
            list(channel.message(message))
    except TooMuch:
        assert channel.output_bytes > 300 or channel.event_bytes > 300
    list(channel.rest())
