"""What one run of the pipeline carries along: the request, where findings go, the clock of its stages.

Forked children of a snippet inherit a session but say nothing through it: findings are the first process's.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playground.contracts.events import Code, Diagnostic, Graph, SaidInside, Stage
from playground.contracts.request import Level, RunRequest
from playground.contracts.wire import Done, Reporter
from playground.lowering.text import clean

MAX_REASON = 2_000
LARGE_SOURCE = 4_096
"""Above this many characters even parsing may take long, so each event is sent at once."""


class Session:
    """One run. Events may wait for the next sending, but never while the snippet's own code runs."""

    def __init__(self, request: RunRequest, reporter: Reporter) -> None:
        self.request = request
        self._reporter = reporter
        self._pid = os.getpid()
        self._waiting: list[SaidInside] = []
        self._patient = len(request.source) <= LARGE_SOURCE

    @property
    def is_first_process(self) -> bool:
        """False in a process that the snippet forked."""
        return os.getpid() == self._pid

    def wants(self, level: Level) -> bool:
        """Whether a level was asked for."""
        return self.request.options.levels is None or level in self.request.options.levels

    def later(self, *events: SaidInside) -> None:
        """Say something with the next sending."""
        self._waiting += events
        if not self._patient:
            self.now()

    def now(self, *events: SaidInside) -> None:
        """Say something, and all that waits."""
        said = [*self._waiting, *events]
        self._waiting.clear()
        if said and self.is_first_process:
            self._reporter.event(*said)

    def end(self, done: Done) -> None:
        """Say what waits, and the last word."""
        said = tuple(self._waiting)
        self._waiting.clear()
        self._reporter.done(done, *said)

    def lower(self, level: Level, make: Callable[[], Code | Graph], line: int | None = None) -> None:
        """Say what the program is at one level, if that was asked for. One that fails says why, and harms nothing."""
        if not self.wants(level):
            return
        try:
            self.later(make())
        except Exception as error:  # noqa: BLE001 - whatever a level stumbles over, the run goes on
            reason = clean(f"{type(error).__name__}: {error}", MAX_REASON)
            message = f"The level '{level}' could not be made."
            self.later(Diagnostic(kind="fallback", line=line, message=message, reason=reason))

    @contextmanager
    def stage(self, name: str, *, runs_snippet: bool = False) -> Iterator[None]:
        """Time a stage; its end is said even when it fails. With ``runs_snippet`` its begin is sent at once."""
        self.later(Stage(name=name, phase="begin"))
        if runs_snippet:
            self.now()
        wall, cpu = time.perf_counter_ns(), time.process_time_ns()
        try:
            yield
        finally:
            wall, cpu = time.perf_counter_ns() - wall, time.process_time_ns() - cpu
            self.later(Stage(name=name, phase="end", wall_ns=wall, cpu_ns=max(0, cpu)))  # a fork's begins anew at 0
