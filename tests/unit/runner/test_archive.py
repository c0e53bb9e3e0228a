"""What is remembered of runs is bounded in time, number and bytes; what goes on is never forgotten."""

from pathlib import Path

import pytest

from playground.contracts.errors import NotFound
from playground.contracts.events import Artifact, Finished, Output, Status
from playground.contracts.request import Mode, RunRequest
from playground.runner.archive import Archive, Keeping
from playground.runner.files import Bounds, Files
from playground.runner.record import Record


def finished(characters: int = 0, file_bytes: int = 0) -> Record:
    record = Record(RunRequest(source="", mode=Mode.IMPERATIVE))
    record.say(Output(stream="stdout", text="x" * characters))
    record.say(Artifact(name="x", size_bytes=file_bytes, sha256="", url=""))
    record.say(Finished(status=Status.OK))
    return record


def remembered(archive: Archive, records: list[Record]) -> list[bool]:
    return [record.run_id in archive for record in records]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files", Bounds(1, 1))


@pytest.mark.parametrize(
    "keeping",
    [Keeping(600, runs=3), Keeping(600, event_bytes=3_500), Keeping(600, file_bytes=35)],
    ids=["runs", "events", "files"],
)
def test_the_oldest_is_forgotten_first_when_there_is_too_much(files: Files, keeping: Keeping) -> None:
    archive = Archive(files, keeping)
    records = [finished(1_000, 10) for _ in range(5)]
    for record in records:
        archive.add(record)
    kept = remembered(archive, records)
    assert kept[-1]
    assert kept == sorted(kept)
    assert 0 < kept.count(False) < 5


def test_what_is_old_is_forgotten(files: Files) -> None:
    now = 0.0
    archive = Archive(files, Keeping(600), clock=lambda: now)
    record = finished()
    record.finished_at = 0.0
    archive.add(record)
    now = 599.0
    archive.add(finished())
    assert archive.find(record.run_id) is record
    now = 601.0
    archive.add(finished())
    with pytest.raises(NotFound):
        archive.find(record.run_id)


def test_what_goes_on_is_never_forgotten(files: Files) -> None:
    archive = Archive(files, Keeping(0, runs=1, event_bytes=0, file_bytes=0))
    going_on = Record(RunRequest(source="", mode=Mode.IMPERATIVE))
    for record in (going_on, finished(9), finished(9)):
        archive.add(record)
    assert archive.find(going_on.run_id) is going_on
