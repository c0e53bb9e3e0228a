"""A run's events, gathered into one result."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.contracts import events as ev
from playground.contracts.request import Device, Level, Mode
from playground.contracts.result import Printed, Result, gather

ACCEPTED = ev.Accepted(run_id="r1", position=0)
FINISHED = ev.Finished(status=ev.Status.OK, exit_code=0, timings={"execute": 5}, peak_rss_bytes=9)
PIECES = st.lists(st.builds(ev.Output), max_size=20)


def gathered(*events: ev.AnyEvent) -> Result:
    return gather(Mode.IMPERATIVE, Device.CPU, [ACCEPTED, *events, FINISHED])


@given(PIECES)
def test_each_stream_keeps_all_its_text_in_order(pieces: list[ev.Output]) -> None:
    result = gathered(*pieces)
    for stream in ("stdout", "stderr"):
        said = "".join(piece.text for piece in pieces if piece.stream == stream)
        assert "".join(piece.text for piece in result.output if piece.stream == stream) == said


@given(PIECES)
def test_neighbouring_pieces_of_one_stream_are_joined(pieces: list[ev.Output]) -> None:
    streams = [piece.stream for piece in gathered(*pieces).output]
    assert all(one != other for one, other in pairwise(streams))


@given(st.text(max_size=50), st.integers(0, 50))
def test_a_result_does_not_depend_on_how_output_was_cut(text: str, at: int) -> None:
    whole = ev.Output(stream="stdout", text=text)
    parts = [ev.Output(stream="stdout", text=part) for part in (text[:at], text[at:])]
    assert gathered(whole) == gathered(*parts)


def test_every_kind_finds_its_place() -> None:
    code = ev.Code(level=Level.AST, title="AST", language="text", text="Module()")
    error = ev.Error(error_type="ZeroDivisionError", message="division by zero", line=1)
    display = ev.Display(mime="text/plain", data="10")
    artifact = ev.Artifact(name="my_mlp", size_bytes=3, sha256="00", url="/a")
    statement = ev.Statement(line=1, wall_ns=1, hits=1)
    result = gathered(code, error, display, artifact, statement)
    assert (result.code, result.error, result.displays) == ((code,), error, (display,))
    assert (result.artifacts, result.statements) == ((artifact,), (statement,))
    assert (result.run_id, result.status, result.timings, result.peak_rss_bytes) == ("r1", "ok", {"execute": 5}, 9)


def test_progress_is_no_part_of_a_result() -> None:
    progress = (ev.Usage(wall_ns=1, cpu_ns=1, rss_bytes=1), ev.Stage(name="execute", phase="begin"))
    assert gathered(*progress) == gathered()


def test_standard_output_can_be_asked_for_alone() -> None:
    result = gathered(
        ev.Output(stream="stdout", text="a"), ev.Output(stream="stderr", text="!"), ev.Output(stream="stdout", text="b")
    )
    assert result.stdout == "ab"
    assert result.output[1] == Printed(stream="stderr", text="!")


@pytest.mark.parametrize("events", [[], [ACCEPTED], [FINISHED]])
def test_events_that_are_no_whole_run_are_refused(events: list[ev.AnyEvent]) -> None:
    with pytest.raises(ValueError, match="start with 'accepted' and end with 'finished'"):
        gather(Mode.IMPERATIVE, Device.CPU, events)


def test_a_result_survives_the_wire() -> None:
    result = gathered(ev.Output(stream="stdout", text="10\n"))
    assert Result.model_validate_json(result.model_dump_json()) == result
