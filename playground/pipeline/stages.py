"""The clock of stages that take turns: define, build, compile and execute alternate as the snippet goes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from playground.contracts.events import Stage
from playground.pipeline.session import Session

MAX_TURNS = 50
"""A program that compiles in a loop changes stages without end: later turns are added up and said at the end."""


class StageClock:
    """At any time one stage runs, or none; each turn of a stage is an event pair, up to so many of them."""

    def __init__(self, session: Session, max_turns: int = MAX_TURNS) -> None:
        self._session = session
        self._max_turns = max_turns
        self._name: str | None = None
        self._began = (0, 0, 0)
        self._turns = 0
        self._unsaid: dict[str, list[int]] = {}

    @property
    def running(self) -> str | None:
        """The stage that runs."""
        return self._name

    def switch(self, name: str | None) -> None:
        """End the running stage and begin another."""
        if name == self._name:
            return
        self._end_turn()
        self._name = name
        self._began = (time.perf_counter_ns(), time.process_time_ns(), self._session.aside_ns)
        if name and self._turns < self._max_turns:
            self._session.now(Stage(name=name, phase="begin"))

    @contextmanager
    def within(self, name: str | None) -> Iterator[None]:
        """Run a stage, or none, inside another, which goes on after it."""
        outer = self._name
        self.switch(name)
        try:
            yield
        finally:
            self.switch(outer)

    def stop(self) -> None:
        """End the running stage and say what was only added up."""
        self.switch(None)
        for name, (wall, cpu) in self._unsaid.items():
            self._session.later(Stage(name=name, phase="end", wall_ns=wall, cpu_ns=cpu))
        self._unsaid.clear()

    def _end_turn(self) -> None:
        if self._name is None:
            return
        aside = self._session.aside_ns - self._began[2]
        wall, cpu = time.perf_counter_ns() - self._began[0], time.process_time_ns() - self._began[1]
        wall, cpu = max(0, wall - aside), cpu - aside
        cpu = max(0, cpu)  # the clock of a process that the snippet forked begins anew at 0
        self._turns += 1
        if self._turns <= self._max_turns:
            self._session.later(Stage(name=self._name, phase="end", wall_ns=wall, cpu_ns=cpu))
        else:
            total = self._unsaid.setdefault(self._name, [0, 0])
            total[0] += wall
            total[1] += cpu
