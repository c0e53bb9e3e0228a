"""Admission: so many runs at a time, so many waiting, and no more. Remembers finished runs for a while."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from playground.contracts.errors import NoCapacity, NotFound, Unavailable
from playground.contracts.events import Artifact, Environment, Finished, Status
from playground.contracts.request import RunRequest
from playground.runner.conductor import Conductor, Terms
from playground.runner.files import Files
from playground.runner.outcome import Cause, Ceilings
from playground.runner.record import Listener, Record
from playground.runner.standby import Sandbox, Standby

log = structlog.get_logger()
SANDBOX_WITHIN_S = 60.0
"""Then something is wrong with this host, and the reader should hear of it."""
OVERDUE_S = 30.0
"""So long after its limit a run that has not ended is our fault: its place is freed all the same."""
ALONE_S = 5.0
"""How long a run goes on that nobody listens to: time to come back after a lost connection."""


@dataclass(frozen=True)
class Capacity:
    """How much at a time."""

    concurrency: int
    queue_size: int
    keep_s: float
    max_kept: int = 1_000


class Engine:
    """All runs of this runner."""

    def __init__(self, standby: Standby, files: Files, capacity: Capacity, ceilings: Ceilings, threads: int) -> None:
        self._standby = standby
        self._files = files
        self._capacity = capacity
        self._ceilings = ceilings
        self._threads = threads
        self._records: dict[str, Record] = {}
        self._queue: deque[Record] = deque()
        self._running: dict[str, tuple[asyncio.Task[None], Conductor | None]] = {}
        self._mean_s = 1.0
        self.environment: Environment | None = None
        """Known, and the engine open, when the fork server is ready."""

    @property
    def running(self) -> int:
        """Runs in a sandbox now."""
        return len(self._running)

    @property
    def queued(self) -> int:
        """Runs that wait."""
        return len(self._queue)

    def submit(self, request: RunRequest) -> Record:
        """Accept a run.

        Raises:
            NoCapacity: all sandboxes are busy and the queue is full.
            Unavailable: the runner is still starting.
        """
        if self.environment is None:
            message = "The runner is starting."
            raise Unavailable(message)
        busy = self.running >= self._capacity.concurrency
        if busy and self.queued >= self._capacity.queue_size:
            raise NoCapacity(self._retry_after_s())
        self._forget_old()
        record = Record(request)
        self._records[record.run_id] = record
        record.accept(position=self.queued + 1 if busy else 0)
        self._queue.append(record)
        self._start_next()
        return record

    def find(self, run_id: str) -> Record:
        """A run that is remembered.

        Raises:
            NotFound: it never was, or is forgotten.
        """
        if run_id not in self._records:
            message = f"There is no run {run_id!r}, or it is no longer kept."
            raise NotFound(message)
        return self._records[run_id]

    def listen(self, record: Record, listener: Listener, after: int = 0) -> None:
        """Tell a listener of a run's events after event ``after``."""
        record.listen(listener, after)

    def leave(self, record: Record, listener: Listener) -> None:
        """A listener has gone; a run that nobody comes back to is stopped."""
        record.leave(listener)
        if not record.finished:
            asyncio.get_running_loop().call_later(ALONE_S, self._stop_if_alone, record)

    def stop(self, record: Record, cause: Cause = Cause.CANCELLED) -> None:
        """Stop a run, wherever it is; one that has finished stays as it is."""
        if record in self._queue:
            self._queue.remove(record)
            record.say(Finished(status=Status.CANCELLED))
        elif record.run_id in self._running:
            task, conductor = self._running[record.run_id]
            if conductor:
                conductor.stop(cause)
            else:
                task.cancel()

    def stop_all(self) -> None:
        """The servants are gone: their runs are lost, through no fault of the snippets."""
        for run_id in tuple(self._running):
            self.stop(self._records[run_id], Cause.LOST)

    def file(self, run_id: str, name: str) -> tuple[Path, Artifact]:
        """A file that a run left.

        Raises:
            NotFound: no such run, or no such file.
        """
        found = self._files.find(self.find(run_id).run_id, name)
        if found is None:
            message = f"The run {run_id!r} left no file {name!r}."
            raise NotFound(message)
        return found

    def _stop_if_alone(self, record: Record) -> None:
        if not record.listened_to:
            self.stop(record)

    def _start_next(self) -> None:
        """Begin with what waits; at once, not a turn of the event loop later, where a sandbox is ready."""
        while self._queue and self.running < self._capacity.concurrency:
            record = self._queue.popleft()
            sandbox = self._standby.take_ready()
            conductor = self._begin_now(record, sandbox) if sandbox else None
            task = asyncio.ensure_future(self._run(record, sandbox if conductor else None, conductor))
            self._running[record.run_id] = (task, conductor)

    def _begin_now(self, record: Record, sandbox: Sandbox) -> Conductor | None:
        """Begin, unless the sandbox died unnoticed while it waited; another one will do then."""
        try:
            return self._begin(record, sandbox)
        except OSError as error:
            log.warning("sandbox_died_waiting", error=str(error))
            self._standby.discard(sandbox)
            return None

    def _begin(self, record: Record, sandbox: Sandbox) -> Conductor:
        conductor = Conductor(record, sandbox, self._terms(record.request), self._files)
        conductor.begin()
        return conductor

    async def _run(self, record: Record, sandbox: Sandbox | None, conductor: Conductor | None) -> None:
        began = time.monotonic()
        try:
            if sandbox is None or conductor is None:
                async with asyncio.timeout(SANDBOX_WITHIN_S):
                    sandbox = await self._standby.take()
                conductor = self._begin(record, sandbox)
                self._running[record.run_id] = (self._running[record.run_id][0], conductor)
            async with asyncio.timeout(self._ceilings.timeout_s + OVERDUE_S):
                await conductor.conduct()
        except asyncio.CancelledError:
            record.say(Finished(status=Status.CANCELLED))
        except Exception:
            log.exception("run_failed", run_id=record.run_id)
            if not record.finished:
                record.say(Finished(status=Status.INTERNAL))
        finally:
            del self._running[record.run_id]
            if sandbox:
                self._standby.discard(sandbox)
            self._mean_s += 0.1 * (time.monotonic() - began - self._mean_s)
            self._start_next()
            self._standby.refill()

    def _terms(self, request: RunRequest) -> Terms:
        options = request.options
        timeout_s = min(options.timeout_s or self._ceilings.timeout_s, self._ceilings.timeout_s)
        threads = min(options.threads or self._threads, self._threads)
        assert self.environment is not None  # noqa: S101 - submit() refuses before that
        return Terms(
            request=request.model_copy(update={"options": options.model_copy(update={"threads": threads})}),
            environment=self.environment.model_copy(update={"threads": threads}),
            ceilings=replace(self._ceilings, timeout_s=timeout_s),
            memory_counted=self._standby.memory_counted,
        )

    def _retry_after_s(self) -> int:
        """When a place should be free: the mean of the last runs, times those ahead."""
        expected = self._mean_s * (self.queued + 1) / self._capacity.concurrency
        return max(1, min(round(expected), 60))

    def _forget_old(self) -> None:
        """Runs are remembered in order, so only the oldest need a look."""
        horizon = time.monotonic() - self._capacity.keep_s
        for run_id, record in tuple(self._records.items())[:8]:
            too_many = len(self._records) > self._capacity.max_kept
            if record.finished_at is not None and (record.finished_at < horizon or too_many):
                del self._records[run_id]
                self._files.forget(run_id)
