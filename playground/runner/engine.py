"""Admission: so many runs at a time, so many waiting, and no more. Remembers finished runs for a while.

A run that times is alone: neighbours on its cores would be in its numbers. Those behind it wait until it has ended, at
the longest its time limit, and it waits for those before it; nobody overtakes, so nobody waits without end.
"""

import asyncio
import contextlib
import time
from collections import deque
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import structlog

from playground.contracts.errors import NoCapacity, NotFound, Unavailable
from playground.contracts.events import Artifact, Environment, Finished, Status
from playground.contracts.request import Mode, RunRequest
from playground.runner import fingerprint
from playground.runner.archive import Archive, Keeping
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
ATTEMPTS = 10
"""A sandbox may die after a run was given to it and before the run begins, others with it: the next takes the run."""
ALONE_S = 5.0
"""How long a run goes on that nobody listens to: time to come back after a lost connection."""


@dataclass(frozen=True)
class Capacity:
    """How much at a time."""

    concurrency: int
    queue_size: int
    keeping: Keeping


class Engine:
    """All runs of this runner."""

    def __init__(self, standby: Standby, files: Files, capacity: Capacity, ceilings: Ceilings, threads: int) -> None:
        self._standby = standby
        self._files = files
        self._capacity = capacity
        self._ceilings = ceilings
        self._threads = threads
        self._archive = Archive(files, capacity.keeping)
        self._queue: deque[Record] = deque()
        self._running: dict[str, tuple[asyncio.Task[None], Conductor | None]] = {}
        self._alone: str | None = None
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

    def submit(self, request: RunRequest, run_id: str | None = None) -> Record:
        """Accept a run; one that is known by the id that is given is not run again.

        Raises:
            NoCapacity: all sandboxes are busy and the queue is full.
            Unavailable: the runner is still starting.
        """
        if self.environment is None:
            message = "The runner is starting."
            raise Unavailable(message)
        if run_id and run_id in self._archive:
            return self._archive.find(run_id)
        busy = bool(self._queue) or not self._has_place(request)
        if busy and self.queued >= self._capacity.queue_size:
            raise NoCapacity(self._retry_after_s())
        record = Record(request, run_id)
        self._archive.add(record)
        record.accept(position=self.queued + 1 if busy else 0)
        self._queue.append(record)
        self._start_next()
        return record

    def find(self, run_id: str) -> Record:
        """A run that is remembered.

        Raises:
            NotFound: it never was, or is forgotten.
        """
        return self._archive.find(run_id)

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
                record.say(Finished(status=Status.CANCELLED))
                task.cancel()

    def stop_all(self) -> None:
        """The servants are gone: what they ran is lost, which is our fault; what waits goes on waiting."""
        for _, conductor in self._running.values():
            if conductor:
                conductor.stop(Cause.LOST)

    async def close(self) -> None:
        """Tell the end of what runs; of what waits nothing is told, for the next runner may run it."""
        self.environment = None
        self._queue.clear()
        self.stop_all()
        for task, conductor in self._running.values():
            if conductor is None:
                task.cancel()
        await asyncio.gather(*(task for task, _ in self._running.values()), return_exceptions=True)

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
        while self._queue and self._has_place(self._queue[0].request):
            record = self._queue.popleft()
            self._alone = record.run_id if _times(record.request) else None
            sandbox = self._standby.take_ready()
            conductor = self._begin_now(record, sandbox) if sandbox else None
            task = asyncio.ensure_future(self._run(record, conductor))
            self._running[record.run_id] = (task, conductor)
            task.add_done_callback(partial(self._ended, record.run_id, time.monotonic()))

    def _has_place(self, request: RunRequest) -> bool:
        if self._alone in self._running:
            return False
        return self.running < (1 if _times(request) else self._capacity.concurrency)

    def _ended(self, run_id: str, began: float, _: asyncio.Task[None]) -> None:
        """Called even for a task that was cancelled before its first step, so that no place is ever lost."""
        del self._running[run_id]
        self._mean_s += 0.1 * (time.monotonic() - began - self._mean_s)
        self._start_next()
        self._standby.refill()

    def _begin_now(self, record: Record, sandbox: Sandbox) -> Conductor | None:
        """Begin, unless the sandbox died while it waited, noticed or not; another one will do then."""
        if not (sandbox.exit_status.done() or sandbox.gone):
            with contextlib.suppress(OSError):
                return self._begin(record, sandbox)
        log.warning("sandbox_died_waiting", sandbox=sandbox.name)
        self._standby.discard(sandbox)
        return None

    def _begin(self, record: Record, sandbox: Sandbox) -> Conductor:
        conductor = Conductor(record, sandbox, self._terms(record.request), self._files)
        conductor.begin()
        return conductor

    async def _begin_when_ready(self, record: Record) -> Conductor:
        task, _ = self._running[record.run_id]
        self._running[record.run_id] = (task, None)
        async with asyncio.timeout(SANDBOX_WITHIN_S):
            while (conductor := self._begin_now(record, await self._standby.take())) is None:
                pass
        self._running[record.run_id] = (task, conductor)
        return conductor

    async def _run(self, record: Record, conductor: Conductor | None) -> None:
        try:
            for _ in range(ATTEMPTS):
                conductor = conductor or await self._begin_when_ready(record)
                if await self._conduct(conductor):
                    return
                log.warning("sandbox_died_waiting", run_id=record.run_id)
                conductor = None
            record.say(Finished(status=Status.INTERNAL))
        except Exception:
            log.exception("run_failed", run_id=record.run_id)
            if not record.finished:
                record.say(Finished(status=Status.INTERNAL))

    async def _conduct(self, conductor: Conductor) -> bool:
        try:
            async with asyncio.timeout(self._ceilings.timeout_s + OVERDUE_S):
                return await conductor.conduct()
        finally:
            self._standby.discard(conductor.sandbox)

    def _terms(self, request: RunRequest) -> Terms:
        options = request.options
        timeout_s = min(options.timeout_s or self._ceilings.timeout_s, self._ceilings.timeout_s)
        threads = min(options.threads or self._threads, self._threads)
        assert self.environment is not None  # noqa: S101 - submit() refuses before that
        settled = options.model_copy(update={"threads": threads, "timeout_s": timeout_s})
        return Terms(
            request=request.model_copy(update={"options": settled}),
            environment=self.environment.model_copy(update={"threads": threads, "machine": fingerprint.now()}),
            ceilings=replace(self._ceilings, timeout_s=timeout_s),
            memory_counted=self._standby.memory_counted,
            files_bounded=self._standby.files_bounded,
        )

    def _retry_after_s(self) -> int:
        """When a place should be free: the mean of the last runs, times those ahead."""
        expected = self._mean_s * (self.queued + 1) / self._capacity.concurrency
        return max(1, min(round(expected), 60))


def _times(request: RunRequest) -> bool:
    """Whether its times are its result."""
    return request.mode is Mode.COMPARE
