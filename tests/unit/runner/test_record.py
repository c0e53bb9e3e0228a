import json

from playground.contracts.events import Finished, Output, Status
from playground.contracts.request import Mode, RunRequest
from playground.runner.record import Record


class Ear:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []

    def __call__(self, lines: bytes) -> None:
        self.chunks.append(lines)

    @property
    def events(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in b"".join(self.chunks).splitlines()]


def record() -> Record:
    made = Record(RunRequest(source="", mode=Mode.IMPERATIVE))
    made.accept(0)
    return made


def test_events_are_numbered_from_one_without_gaps() -> None:
    run, ear = record(), Ear()
    run.listen(ear)
    run.say(Output(stream="stdout", text="a"), Output(stream="stderr", text="b"))
    assert [event["id"] for event in ear.events] == [1, 2, 3]


def test_a_listener_that_comes_back_gets_what_it_missed_and_no_more() -> None:
    run, ear = record(), Ear()
    run.say(Output(stream="stdout", text="a"), Output(stream="stdout", text="b"))
    run.listen(ear, after=2)
    assert [event["id"] for event in ear.events] == [3]


def test_a_listener_that_claims_more_than_was_said_is_answered_all_the_same() -> None:
    run, ear = record(), Ear()
    run.say(Finished(status=Status.OK))
    run.listen(ear, after=99)
    assert [event["id"] for event in ear.events] == [2]
    assert ear.chunks[-1] == b""


def test_the_end_is_told_with_no_bytes() -> None:
    run, ear = record(), Ear()
    run.listen(ear)
    run.say(Finished(status=Status.OK))
    assert ear.chunks[-1] == b""
    assert run.finished
    assert not run.listened_to


def test_after_the_end_the_whole_story_can_be_heard_again() -> None:
    run, ear = record(), Ear()
    run.say(Finished(status=Status.OK))
    run.listen(ear)
    assert [event["type"] for event in ear.events] == ["accepted", "finished"]
    assert ear.chunks[-1] == b""


def test_one_who_left_hears_nothing_more() -> None:
    run, ear = record(), Ear()
    run.listen(ear)
    run.leave(ear)
    run.say(Output(stream="stdout", text="a"))
    assert len(ear.events) == 1


def test_run_ids_cannot_be_guessed() -> None:
    ids = {record().run_id for _ in range(100)}
    assert len(ids) == 100
    assert all(len(run_id) == 32 for run_id in ids)
