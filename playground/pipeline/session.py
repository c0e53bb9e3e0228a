"""What one run of the pipeline carries along: the request, where findings go, the clock of its stages.

Forked children of a snippet inherit a session but say nothing through it: findings are the first process's.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playground.contracts.events import Code, Diagnostic, Graph, SaidInside, Stage
from playground.contracts.request import Level, RunRequest
from playground.contracts.sentences import caused, say
from playground.contracts.wire import Done, Reporter
from playground.lowering.listing import Listed
from playground.lowering.text import clean

MAX_REASON = 2_000
DEFAULT_LIMIT_S = 20.0
"""Where no runner has said what the limit is."""
KEPT_IN, SHOWN_IN = ".levels", "levels"
"""Directory of the full texts of levels that were cut: beside the temporary files, where a snippet does not look; and
as it is shown, among the files of the run (sandbox/collector.py)."""
MAX_KEPT = 16
MAX_KEPT_CHARS = 16 * 2**20
LARGE_SOURCE = 4_096
"""Above this many characters even parsing may take long, so each event is sent at once."""


class Session:
    """One run. Events may wait for the next sending, but never while the snippet's own code runs."""

    def __init__(self, request: RunRequest, reporter: Reporter) -> None:
        self.request = request
        self._reporter = reporter
        self._pid = os.getpid()
        self._waiting: list[SaidInside] = []
        self._until = time.monotonic() + (request.options.timeout_s or DEFAULT_LIMIT_S)
        self._patient = len(request.source) <= LARGE_SOURCE
        self._aside_since: int | None = None
        self._aside_ns = 0
        self._kept_in = Path(os.environ.get("TMPDIR") or tempfile.gettempdir(), KEPT_IN)
        self._kept: dict[str, int] = {}
        self._afterwards: list[Callable[[], None]] = []

    @property
    def is_first_process(self) -> bool:
        """False in a process that the snippet forked."""
        return os.getpid() == self._pid

    @property
    def left_s(self) -> float:
        """How many seconds there are until the run's limit, which the runner holds, is reached."""
        return self._until - time.monotonic()

    def afterwards(self, action: Callable[[], None]) -> None:
        """Do something when the snippet has ended and all that it gave has been said."""
        self._afterwards.append(action)

    def follow_up(self) -> None:
        """Do what was put off until now."""
        if not (self._afterwards and self.is_first_process):
            return
        self.now()
        for action in self._afterwards:
            try:
                action()
            except Exception as error:  # noqa: BLE001 - the answer is given: nothing that we add may end the run
                reason = clean(caused(error), MAX_REASON)
                self.later(Diagnostic(kind="fallback", message=say("Something more could not be said."), reason=reason))
            self.now()

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
            self.later(self._whole(make()))
        except Exception as error:  # noqa: BLE001 - whatever a level stumbles over, the run goes on
            reason = clean(caused(error), MAX_REASON)
            message = say("The level '{level}' could not be made.", level=level)
            self.later(Diagnostic(kind="fallback", line=line, message=message, reason=reason))

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Work of ours amid the snippet's own: its time is not the snippet's."""
        if self._aside_since is not None:
            yield
            return
        self._aside_since = time.perf_counter_ns()
        try:
            yield
        finally:
            self._aside_ns, self._aside_since = self.aside_ns, None

    @property
    def aside_ns(self) -> int:
        """Time that ``aside`` took so far, in nanoseconds, what it takes just now included."""
        now = time.perf_counter_ns() - self._aside_since if self._aside_since is not None else 0
        return self._aside_ns + now

    def _whole(self, said: Code | Graph) -> Code | Graph:
        """A level that was cut names the file that holds its whole text."""
        if isinstance(said, Listed) and said.whole and said.full is None:
            return said.model_copy(update={"full": self.keep(said.level, said.whole), "whole": ""})
        return said

    @property
    def keeps(self) -> bool:
        """Whether there are files of ours to be collected."""
        return bool(self._kept)

    def keep(self, level: Level, text: str) -> str | None:
        """Keep a text too long to be sent; returns the name that its file will have, None if there is no room.

        It is written at once: a run that is cut short leaves it too.
        """
        if (
            not self.is_first_process
            or sum(self._kept.values()) + len(text) > MAX_KEPT_CHARS
            or len(self._kept) >= MAX_KEPT
        ):
            return None
        name = f"{len(self._kept) + 1}-{level}.txt"
        try:
            self._kept_in.mkdir(exist_ok=True)
            (self._kept_in / name).write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError:
            return None  # a full disk: the level says what it left out all the same
        self._kept[name] = len(text)
        return f"{SHOWN_IN}/{name}"

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
