"""The runs that a runner remembers: while they go on, and for a while after; bounded in number and in bytes."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playground.contracts.errors import NotFound
from playground.runner.files import Files
from playground.runner.record import Record

MIB = 1 << 20


@dataclass(frozen=True)
class Keeping:
    """How long, and how much. A hostile run says 32 MiB, and leaves as much in files."""

    seconds: float
    runs: int = 1_000
    event_bytes: int = 256 * MIB
    file_bytes: int = 2_048 * MIB


class Archive:
    """Records by their ids, in the order in which they were accepted."""

    def __init__(self, files: Files, keeping: Keeping, clock: Callable[[], float] = time.monotonic) -> None:
        self._files = files
        self._keeping = keeping
        self._clock = clock
        self._records: dict[str, Record] = {}

    def __contains__(self, run_id: str | None) -> bool:
        return run_id in self._records

    def __iter__(self) -> Iterator[Record]:
        return iter(tuple(self._records.values()))

    def add(self, record: Record) -> None:
        """Remember a run; of those that have finished, forget what is too old or too much, the oldest first."""
        self._forget()
        self._records[record.run_id] = record

    def find(self, run_id: str) -> Record:
        """A run that is remembered.

        Raises:
            NotFound: it never was, or is forgotten.
        """
        if run_id not in self._records:
            message = f"There is no run {run_id!r}, or it is no longer kept."
            raise NotFound(message)
        return self._records[run_id]

    def _forget(self) -> None:
        keeping, horizon = self._keeping, self._clock() - self._keeping.seconds
        events = sum(record.event_bytes for record in self)
        files = sum(record.file_bytes for record in self)
        for record in self:
            too_much = len(self._records) >= keeping.runs or events > keeping.event_bytes or files > keeping.file_bytes
            if record.finished_at is None or not (too_much or record.finished_at < horizon):
                continue
            events -= record.event_bytes
            files -= record.file_bytes
            del self._records[record.run_id]
            self._files.forget(record.run_id)
