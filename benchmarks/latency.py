"""Latency: every subject asked in turn, so that whatever else the machine does falls on all of them alike."""

import time
from collections.abc import Callable, Mapping
from functools import partial

from benchmarks.statistics import Summary, summary
from benchmarks.subjects import Forks, Kernel, Playground, Runner, cold

SNIPPETS: Mapping[str, str] = {
    "print": "print(10)",
    "torch": "import torch\nx = torch.arange(6.0).reshape(2, 3)\nprint(x @ x.T)",
}
COLD_EVERY = 20
"""A cold process takes seconds; one in so many rounds is enough."""


class Latency:
    """The samples of a run, by subject and snippet."""

    def __init__(self, playground: Playground, runner: Runner, kernel: Kernel, forks: Forks, pause_s: float) -> None:
        self.playground = playground
        self.runner = runner
        self.kernel = kernel
        self.forks = forks
        self.pause_s = pause_s
        self.samples: dict[str, list[int]] = {}
        self.stages: dict[str, list[int]] = {}

    def measure(self, rounds: int) -> dict[str, Summary]:
        """Ask everybody, round after round; the first round warms and is not counted."""
        self._round(with_cold=False)
        self.samples.clear()
        self.stages.clear()
        for number in range(rounds):
            self._round(with_cold=number % COLD_EVERY == 0)
        return {name: summary(samples) for name, samples in self.samples.items()}

    def _round(self, *, with_cold: bool) -> None:
        for name, source in SNIPPETS.items():
            self._ask(f"playground, {name}", partial(self.playground.ask, source))
            self._note_stages(name)
            self._ask(f"playground without levels, {name}", partial(self.playground.ask, source, levels=[]))
            self._ask(f"runner without web, {name}", partial(self.runner.ask, source))
            self._ask(f"jupyter, {name}", partial(self.kernel.ask, source))
            if with_cold:
                self._ask(f"cold, {name}", partial(cold, source))
        self._ask("fork", self.forks.ask)
        self._ask("healthz", self.playground.healthz)

    def _ask(self, name: str, action: Callable[[], int]) -> None:
        """Each sample begins on a machine at rest: whoever was asked before has had time to clean up."""
        time.sleep(self.pause_s)
        self.samples.setdefault(name, []).append(action())

    def _note_stages(self, name: str) -> None:
        for stage, took in self.playground.result["timings"].items():
            self.stages.setdefault(f"{name}: {stage}", []).append(took)
