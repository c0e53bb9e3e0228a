"""Events: a closed union, the same on both sides of every boundary."""

import pytest
from hypothesis import given
from pydantic import ValidationError

from playground.contracts import events as ev
from playground.contracts.fields import Event
from playground.contracts.request import Frozen
from tests.support.events import SAID_BY_THE_RUNNER, SAID_INSIDE, events

ANY = (*SAID_INSIDE, *SAID_BY_THE_RUNNER)


@given(events())
def test_an_event_survives_the_wire(event: ev.AnyEvent) -> None:
    assert ev.ANY_EVENT.validate_json(event.model_dump_json()) == event


@given(events())
def test_an_event_cannot_be_changed_and_is_closed(event: ev.AnyEvent) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(event, "id", 7)  # noqa: B010 - to the type checker it is read-only already
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        ev.ANY_EVENT.validate_python({**event.model_dump(), "trust_me": True})


def test_the_union_holds_every_kind_that_the_contract_names() -> None:
    kinds = " ".join(sorted(kind.model_fields["type"].default for kind in ANY))
    assert kinds == (
        "accepted artifact benchmark captured code compile_time diagnostic display error finished graph lifetime "
        "loaded memory output profile stage started statement usage verdict"
    )


@pytest.mark.parametrize("kind", SAID_BY_THE_RUNNER)
def test_a_sandbox_cannot_say_what_the_runner_says(kind: type[Event]) -> None:
    with pytest.raises(ValidationError, match="does not match any of the expected tags"):
        ev.SANDBOX_EVENT.validate_python({"type": kind.model_fields["type"].default})


@pytest.mark.parametrize(
    "event",
    [
        {"type": "error", "error_type": "E", "message": "", "line": 0},
        {"type": "error", "error_type": "E" * 201, "message": ""},
        {"type": "error", "error_type": "E", "message": "m" * 20_001},
        {"type": "output", "stream": "stdlog", "text": ""},
        {"type": "display", "mime": "text/html", "data": "<script>"},
        {"type": "code", "level": "python", "title": "", "language": "", "text": ""},
        {"type": "code", "level": "ast", "title": "", "language": "", "text": "", "map": [[1, 1, 1]]},
        {"type": "code", "level": "ast", "title": "", "language": "", "text": "", "map": [[0, 1, 1, 1]]},
        {"type": "stage", "name": "build", "phase": "end", "wall_ns": -1},
        {"type": "statement", "line": 1, "wall_ns": 1, "hits": 0},
        {"type": "shell", "command": "id"},
        {},
        [],
        None,
    ],
)
def test_a_malformed_event_is_refused(event: object) -> None:
    with pytest.raises(ValidationError):
        ev.SANDBOX_EVENT.validate_python(event)


def test_everything_that_travels_is_frozen_and_closed() -> None:
    parts = (ev.Environment, ev.Limit, ev.Frame, ev.Node, *ANY)
    assert all(issubclass(part, Frozen) for part in parts)
    assert all(part.model_config.get("frozen") and part.model_config.get("extra") == "forbid" for part in parts)


@pytest.mark.parametrize("number", ["-1", str(2**53), "9" * 4300])
def test_what_no_reader_of_json_can_count_is_refused(number: str) -> None:
    stage = f'{{"type": "stage", "name": "execute", "phase": "end", "wall_ns": {number}}}'
    with pytest.raises(ValidationError, match="wall_ns"):
        ev.SANDBOX_EVENT.validate_json(stage)
