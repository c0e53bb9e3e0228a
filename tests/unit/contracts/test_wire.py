"""The wire between the web tier and a runner: one closed union each way."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from playground.contracts import wire
from playground.contracts.events import AnyEvent, Output
from playground.contracts.request import Mode, RunRequest

REQUEST = RunRequest(source="print('ä')", mode=Mode.SYMBOLIC)
IDS = st.text(max_size=20)
COMMANDS = st.one_of(
    st.builds(wire.Run, request=st.just(REQUEST), detached=st.booleans()),
    st.builds(wire.Attach, run_id=IDS, after=st.integers(0, 2**40)),
    st.builds(wire.Cancel, run_id=IDS),
    st.builds(wire.Fetch, run_id=IDS, name=IDS),
    st.builds(wire.Describe),
)


@given(COMMANDS)
def test_a_command_survives_the_wire_in_one_line(command: wire.Command) -> None:
    line = command.model_dump_json()
    assert "\n" not in line
    assert wire.COMMAND.validate_json(line) == command


@given(st.one_of(st.builds(wire.Refused), st.builds(wire.File), st.builds(Output)))
def test_a_reply_survives_the_wire_in_one_line(reply: wire.Reply) -> None:
    line = reply.model_dump_json()
    assert "\n" not in line
    assert wire.REPLY.validate_json(line) == reply


@pytest.mark.parametrize(
    "line",
    ["", "{}", "[]", '{"op": "shutdown"}', '{"op": "cancel"}', '{"op": "attach", "run_id": "r", "after": -1}', "\x00"],
)
def test_a_malformed_command_is_refused(line: str) -> None:
    with pytest.raises(ValidationError):
        wire.COMMAND.validate_json(line)


def test_every_event_is_a_reply() -> None:
    assert set(get_args(AnyEvent)) < set(get_args(wire.Reply))


@pytest.mark.parametrize("code", [-256, 256])
def test_an_exit_code_that_no_process_has_is_refused(code: int) -> None:
    with pytest.raises(ValidationError):
        wire.Done(exit_code=code)


def test_the_tags_are_told_apart_by_one_byte() -> None:
    assert all(len(tag.value) == 1 for tag in wire.Tag)
    assert len({tag.value for tag in wire.Tag}) == len(wire.Tag)


def test_the_module_exports_what_it_defines() -> None:
    assert all(hasattr(wire, name) for name in wire.__all__)
