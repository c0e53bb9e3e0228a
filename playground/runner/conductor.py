"""Takes one run through one sandbox: hands in the request, passes on what comes out, watches limits, says the end."""

import asyncio
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from playground.contracts.events import AnyEvent, Environment, Finished, Output, Stage, Started, Usage
from playground.contracts.request import RunRequest
from playground.runner.channel import Parser, Stream, TooMuch
from playground.runner.files import Files
from playground.runner.outcome import Cause, Ceilings, conclude
from playground.runner.record import Record
from playground.runner.standby import Sandbox
from playground.sandbox.footprint import Footprint

USAGE_EVERY_S = 1.0
LOOK_EVERY_S = 0.2
LAST_LOOK_S = 5.0
FORKING_S = 2.0
"""So long at the limit of processes is no program that copes with it."""
MESSAGE_BYTES = 70_000
MESSAGES_AT_ONCE = 64
"""Then the other runs have their turn."""
REFUSED_FORKS = 100
"""So many refused forks are no program that copes with the limit. Each costs the kernel milliseconds."""
MAX_EVENT_BYTES = 32 << 20


@dataclass(frozen=True)
class Terms:
    """What holds for a run."""

    request: RunRequest
    """As asked, but with the server's limits."""
    environment: Environment
    ceilings: Ceilings
    memory_counted: bool
    """Whether a control group counts and limits memory; if not, the conductor looks itself."""
    files_bounded: bool
    """Whether a file system bounds what is written; if not, the same."""


class Conductor:
    """One run in one sandbox, from ``started`` to ``finished``."""

    def __init__(self, record: Record, sandbox: Sandbox, terms: Terms, files: Files) -> None:
        self._record = record
        self._sandbox = sandbox
        self._terms = terms
        self._files = files
        self._loop = asyncio.get_running_loop()
        self._parser = Parser(terms.ceilings.output_bytes, MAX_EVENT_BYTES)
        self._over: asyncio.Future[Cause] = self._loop.create_future()
        self._timings: dict[str, int] = {}
        self._began_ns = 0
        self._cpu_before_ns = 0
        self._deadline: asyncio.TimerHandle | None = None
        self._usage: asyncio.TimerHandle | None = None
        self._looking: asyncio.Task[None] | None = None
        self._at_process_limit = 0
        self._cpu_seen_ns = 0
        self._peak_seen = 0

    @property
    def sandbox(self) -> Sandbox:
        """Where it runs."""
        return self._sandbox

    async def conduct(self) -> bool:
        """See a run to its end; False, and no end, when its sandbox died before the snippet began.

        The sandbox is the caller's to discard, after the answer.
        """
        try:
            cause = await self._over
        finally:
            self._stop_watching()
            await self._stop_looking()
        if cause is Cause.EXIT and not self._has_begun():
            return False
        if not self._record.finished:
            await self._end(cause)
        return True

    def _has_begun(self) -> bool:
        """The pipeline says something before it lets the snippet do anything."""
        self._last_words()
        return self._parser.heard

    def stop(self, cause: Cause) -> None:
        """End the run, unless it is over already."""
        if self._over.done():
            return
        if cause is Cause.DONE and not self._leaves_files:
            self._finish(cause)  # nothing to wait for: the answer goes out before anything is taken down
        self._over.set_result(cause)

    @property
    def _leaves_files(self) -> bool:
        done = self._parser.done
        return done is None or done.files

    def begin(self) -> None:
        """Hand the request in.

        Raises:
            OSError: the sandbox has died; nothing was said yet.
        """
        sandbox = self._sandbox
        self._began_ns = time.monotonic_ns()
        os.write(sandbox.request, self._terms.request.model_dump_json().encode())  # fits whole, see REQUEST_BYTES
        os.close(sandbox.request)
        sandbox.request = -1
        if not self._record.started:
            self._record.say(Started(environment=self._terms.environment))
        self._loop.add_reader(sandbox.channel.fileno(), self._on_channel)
        self._loop.add_reader(sandbox.stdout, self._on_pipe, sandbox.stdout)
        self._loop.add_reader(sandbox.stderr, self._on_pipe, sandbox.stderr)
        sandbox.exit_status.add_done_callback(self._on_exit)
        self._deadline = self._loop.call_later(self._terms.ceilings.timeout_s, self.stop, Cause.TIMEOUT)
        self._usage = self._loop.call_later(USAGE_EVERY_S, self._tell_usage)
        if not (self._terms.memory_counted and self._terms.files_bounded):
            self._looking = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        """Look at what the run uses, until it is over; never leaves a question unanswered on the control socket."""
        try:
            while not self._over.done():
                self._judge(await self._sandbox.measure())
                await asyncio.wait((self._over,), timeout=LOOK_EVERY_S)
        except OSError:
            self.stop(Cause.LOST)

    def _judge(self, seen: Footprint) -> None:
        ceilings = self._terms.ceilings
        if not self._terms.files_bounded and self._too_much_disk(seen):
            self.stop(Cause.DISK)
        if self._terms.memory_counted:
            return
        memory_bytes = seen.memory_since(self._sandbox.resting)
        self._peak_seen = max(self._peak_seen, memory_bytes)
        self._cpu_seen_ns = max(self._cpu_seen_ns, seen.cpu_ns)
        if memory_bytes > ceilings.memory_bytes:
            self.stop(Cause.MEMORY)
        self._at_process_limit = self._at_process_limit + 1 if seen.processes >= ceilings.processes else 0
        if self._at_process_limit * LOOK_EVERY_S >= FORKING_S:
            self.stop(Cause.PROCESSES)

    async def _wrote_too_much(self) -> bool:
        """A last look: a run may be over before the first one."""
        try:
            async with asyncio.timeout(LAST_LOOK_S):
                return self._too_much_disk(await self._sandbox.measure())
        except OSError:  # a timeout is one too
            return False

    def _too_much_disk(self, seen: Footprint) -> bool:
        ceilings = self._terms.ceilings
        return seen.disk_bytes > ceilings.disk_bytes or seen.inodes > ceilings.inodes

    async def _stop_looking(self) -> None:
        if self._looking:
            await asyncio.wait((self._looking,), timeout=LAST_LOOK_S)
            self._looking.cancel()

    def _on_channel(self) -> None:
        self._guarded(self._read_channel)
        if self._parser.done:
            self.stop(Cause.DONE)

    def _on_pipe(self, descriptor: int) -> None:
        self._guarded(lambda: self._pass_on(descriptor))

    def _guarded(self, read: Callable[[], None]) -> None:
        try:
            read()
        except TooMuch:
            self.stop(Cause.OUTPUT)

    def _read_channel(self) -> None:
        """Printing in between goes first: what was written before a message was sent is in the pipes by then."""
        said: list[AnyEvent] = []
        try:
            for _ in range(MESSAGES_AT_ONCE):
                message = self._sandbox.channel.recv(MESSAGE_BYTES)
                if not message:
                    self._loop.remove_reader(self._sandbox.channel.fileno())
                    break
                self._drain_pipes(said)
                for event in self._parser.message(message):
                    self._add(said, event)
                if self._parser.done:
                    self._drain_pipes(said)
                    break
        except BlockingIOError:
            pass
        except ConnectionResetError:
            self._loop.remove_reader(self._sandbox.channel.fileno())
        finally:
            self._say_all(said)

    def _pass_on(self, descriptor: int) -> None:
        said: list[AnyEvent] = []
        try:
            for event in self._read_pipe(descriptor):
                self._add(said, event)
        finally:
            self._say_all(said)

    def _drain_pipes(self, said: list[AnyEvent]) -> None:
        for descriptor in (self._sandbox.stdout, self._sandbox.stderr):
            for event in self._read_pipe(descriptor):
                self._add(said, event)

    def _read_pipe(self, descriptor: int) -> Iterable[Output]:
        try:
            data = os.read(descriptor, MESSAGE_BYTES)
        except BlockingIOError:
            return ()
        if not data:
            self._loop.remove_reader(descriptor)
            return ()
        stream: Stream = "stdout" if descriptor == self._sandbox.stdout else "stderr"
        return self._parser.printed(stream, data)

    def _add(self, said: list[AnyEvent], event: AnyEvent) -> None:
        """Neighbouring output becomes one event: a loop of prints must not be a flood of events."""
        last = said[-1] if said else None
        if isinstance(event, Output) and isinstance(last, Output) and event.stream == last.stream:
            said[-1] = Output.model_construct(stream=last.stream, text=last.text + event.text)
        else:
            said.append(event)

    def _say_all(self, events: Iterable[AnyEvent]) -> None:
        said = tuple(events)
        for event in said:
            if isinstance(event, Stage) and event.wall_ns is not None:
                self._timings[event.name] = self._timings.get(event.name, 0) + event.wall_ns
        if said:
            self._record.say(*said)

    def _on_exit(self, status: asyncio.Future[int]) -> None:
        self.stop(Cause.LOST if status.cancelled() else Cause.EXIT)

    def _tell_usage(self) -> None:
        reading = self._sandbox.group.read()
        self._record.say(
            Usage(
                wall_ns=time.monotonic_ns() - self._began_ns,
                cpu_ns=reading.cpu_ns or self._cpu_seen_ns,
                rss_bytes=reading.memory_bytes or self._peak_seen,
            )
        )
        self._usage = self._loop.call_later(USAGE_EVERY_S, self._tell_usage)
        if reading.refused_forks > REFUSED_FORKS:
            self.stop(Cause.PROCESSES)

    def _stop_watching(self) -> None:
        for timer in (self._deadline, self._usage):
            if timer:
                timer.cancel()
        for descriptor in (self._sandbox.channel.fileno(), self._sandbox.stdout, self._sandbox.stderr):
            self._loop.remove_reader(descriptor)
        self._sandbox.exit_status.remove_done_callback(self._on_exit)

    async def _end(self, cause: Cause) -> None:
        if cause is not Cause.OUTPUT:
            self._last_words()
        if cause in {Cause.DONE, Cause.EXIT} and not self._terms.files_bounded and await self._wrote_too_much():
            cause = Cause.DISK
        if cause is not Cause.LOST and self._leaves_files:
            self._record.say(*await self._files.collect(self._record.run_id, self._sandbox.control))
        self._finish(cause)

    def _finish(self, cause: Cause) -> None:
        status = self._sandbox.exit_status
        exited = status.done() and not status.cancelled()
        reading = self._sandbox.group.read()
        outcome = conclude(cause, self._parser.done, status.result() if exited else None, reading)
        self._record.say(
            *self._parser.rest(),
            Finished(
                status=outcome.status,
                exit_code=outcome.exit_code,
                signal=outcome.signal,
                limit=self._terms.ceilings.limit(outcome.status),
                timings=self._timings,
                peak_rss_bytes=max(reading.peak_bytes, self._peak_seen),
            ),
        )

    def _last_words(self) -> None:
        """What was sent before the end and not yet read; bounded by the limits, for the sender is dead or stopped."""
        try:
            while not self._parser.done and (message := self._sandbox.channel.recv(MESSAGE_BYTES)):
                said: list[AnyEvent] = []
                self._drain_pipes(said)
                for event in self._parser.message(message):
                    self._add(said, event)
                self._say_all(said)
        except (BlockingIOError, ConnectionResetError, TooMuch):
            pass
        rest: list[AnyEvent] = []
        self._drain_pipes(rest)
        self._say_all(rest)
