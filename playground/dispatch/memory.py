"""The twin of runners, in memory: it replays events instead of running anything, and keeps every other promise."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

from playground.contracts import events as ev
from playground.contracts.errors import DeviceUnavailable, NoCapacity, NotFound, Starting, Unavailable
from playground.contracts.request import Device, RunRequest
from playground.contracts.wire import Bound, Description, File

Said = ev.SaidInside | ev.Artifact | ev.Usage
Answer = Callable[[RunRequest], Iterable[Said]]
"""What a run says between ``started`` and ``finished``."""


def ten(request: RunRequest) -> Iterable[Said]:
    """Answer as ``print(10)`` would."""
    del request
    yield ev.Stage(name="execute", phase="begin")
    yield ev.Output(stream="stdout", text="10\n")
    yield ev.Stage(name="execute", phase="end", wall_ns=1_000, cpu_ns=1_000)


def environment(device: Device) -> ev.Environment:
    """A place that exists in memory only."""
    return ev.Environment(python="3", torch="2", device=device, device_name="memory", threads=1, isolation=())


class MemoryRun:
    """One run: what it was asked, what it has said, who listens."""

    def __init__(self, run_id: str, request: RunRequest) -> None:
        self.run_id = run_id
        self.request = request
        self.events: list[ev.AnyEvent] = []
        self.listeners = 0
        self.changed = threading.Condition()

    @property
    def finished(self) -> bool:
        """Whether it has said its last."""
        return bool(self.events) and isinstance(self.events[-1], ev.Finished)

    def say(self, *events: ev.AnyEvent) -> None:
        """Number events and let listeners know; after ``finished`` nothing is said any more."""
        with self.changed:
            for event in () if self.finished else events:
                self.events.append(event.model_copy(update={"id": len(self.events) + 1}))
            self.changed.notify_all()

    def listen(self, by: int) -> None:
        """Count who is there."""
        with self.changed:
            self.listeners += by
            self.changed.notify_all()


class MemoryEvents:
    """The events of a run as they come."""

    def __init__(self, run: MemoryRun, after: int = 0) -> None:
        self._run = run
        self._at = after
        self._open = True
        run.listen(+1)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> ev.AnyEvent:
        self.ready(None)
        if self._over:
            self.close()
            raise StopIteration
        self._at += 1
        return self._run.events[self._at - 1]

    @property
    def _over(self) -> bool:
        return not self._open or (self._run.finished and self._at >= len(self._run.events))

    def ready(self, timeout_s: float | None) -> bool:
        """Wait until there is another event, or will be none."""
        with self._run.changed:
            return self._run.changed.wait_for(lambda: self._over or self._at < len(self._run.events), timeout_s)

    def close(self) -> None:
        """Listen no more."""
        if self._open:
            self._open = False
            self._run.listen(-1)


class MemoryDispatcher:
    """Serves ``devices``. With ``held`` its runs go on until cancelled; beyond ``capacity`` it has no place."""

    def __init__(
        self,
        answer: Answer = ten,
        devices: Sequence[Device] = (Device.CPU,),
        *,
        capacity: int = 1_000_000,
        held: bool = False,
        files: Mapping[str, Path] | None = None,
    ) -> None:
        self._answer = answer
        self._devices = tuple(devices)
        self._capacity = capacity
        self._held = held
        self._files = dict(files or {})
        self.runs: dict[str, MemoryRun] = {}
        self.asked: Counter[str] = Counter()
        """How often each mode was run."""
        self.answers = True
        """False: as if the runner had died."""
        self.starting = ""
        """The step of a runner that does not serve yet."""

    def devices(self) -> Sequence[Device]:
        """Devices that are served."""
        return self._devices

    def run(self, request: RunRequest, *, gathered: bool = False) -> MemoryEvents:
        """Replay the answer."""
        del gathered  # it is all there at once
        self._check(request.device)
        if sum(not run.finished for run in self.runs.values()) >= self._capacity:
            raise NoCapacity(1)
        self.asked[request.mode] += 1
        run = MemoryRun(f"run{len(self.runs) + 1}", request)
        self.runs[run.run_id] = run
        events = MemoryEvents(run)
        run.say(ev.Accepted(run_id=run.run_id, position=0), ev.Started(environment=environment(request.device)))
        run.say(*self._answer(request))
        if not self._held:
            run.say(ev.Finished(status=ev.Status.OK, exit_code=0, timings={"execute": 1_000}))
        return events

    def attach(self, run_id: str, after: int = 0) -> MemoryEvents:
        """Listen to a run."""
        return MemoryEvents(self._find(run_id), after)

    def recall(self, run_id: str) -> RunRequest:
        """What a run was asked to do."""
        return self._find(run_id).request

    def cancel(self, run_id: str) -> None:
        """Stop a run."""
        self._find(run_id).say(ev.Finished(status=ev.Status.CANCELLED))

    def fetch(self, run_id: str, name: str) -> File:
        """Where a file lies that a run has left."""
        path = self._files.get(name)
        if path is None:
            message = f"The run {self._find(run_id).run_id!r} left no file {name!r}."
            raise NotFound(message)
        return File(path=str(path), size_bytes=path.stat().st_size, sha256="")

    def describe(self, device: Device) -> Description:
        """Say what a runner would."""
        self._check(device)
        return Description(
            device=device,
            tier="unconfined",
            weaker=(),
            bounds=(Bound(name="time", value=20, unit="s", holds="the runner's clock"),),
            environment=environment(device),
            limits=(ev.Limit(name="time", value=20, unit="s"),),
            libraries={"torch": "2"},
            ready=1,
            running=0,
            queued=0,
            concurrency=1,
            queue_size=1,
        )

    def _check(self, device: Device) -> None:
        if self.starting:
            raise Starting(device, self.starting, 3)
        if not self.answers:
            message = "The runner does not answer."
            raise Unavailable(message)
        if device not in self._devices:
            raise DeviceUnavailable(device, self._devices)

    def _find(self, run_id: str) -> MemoryRun:
        self._check(self._devices[0])
        if run_id not in self.runs:
            message = f"There is no run {run_id!r}, or it is no longer kept."
            raise NotFound(message)
        return self.runs[run_id]
