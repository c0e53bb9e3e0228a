"""What was measured, side by side with what it is compared with and what was aimed at."""

import json
import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from benchmarks.compiling import Compiling
from benchmarks.memory import Memory
from benchmarks.statistics import Summary
from benchmarks.throughput import Throughput

MAX_PRIVATE_MIB = 15.0


@dataclass(frozen=True)
class Report:
    """All of one run."""

    latency: Mapping[str, Summary]
    stages: Mapping[str, Summary]
    throughput: Throughput
    memory: Memory
    compiling: Compiling

    def as_json(self) -> str:
        """Write it for a machine, with the machine it was measured on."""
        return json.dumps({"machine": machine(), **asdict(self)}, indent=2)

    def as_text(self) -> str:
        """Write it for a reader."""
        return "\n".join([*self._latency(), "", *self._time_goes(), "", *self._compiling(), "", *self._goals()])

    def _latency(self) -> Iterator[str]:
        yield f"{'':36}{'p50 ms':>10}{'p95 ms':>10}{'min ms':>10}{'n':>6}"
        for name, row in sorted(self.latency.items(), key=lambda item: (item[0].rpartition(", ")[2], item[1].p50_ms)):
            yield f"{name:36}{row.p50_ms:10.2f}{row.p95_ms:10.2f}{row.min_ms:10.2f}{row.n:6}"

    def _time_goes(self) -> Iterator[str]:
        """The stages are measured inside the sandbox; what is left is the way there and back."""
        yield "where the time goes (p50 ms)"
        for name in ("print", "torch"):
            total = self.latency[f"playground, {name}"].p50_ms
            runner = self.latency[f"runner without web, {name}"].p50_ms
            stages = [(key, row.p50_ms) for key, row in self.stages.items() if key.startswith(f"{name}: ")]
            yield f"  {name + ', in all':46}{total:8.2f}"
            yield f"    {'HTTP and web':44}{total - runner:8.2f}"
            rest = runner - sum(took for _, took in stages)
            yield f"    {'runner, and the way into the sandbox and out':44}{rest:8.2f}"
            for key, took in stages:
                yield f"    {'stage ' + key.partition(': ')[2]:44}{took:8.2f}"

    def _compiling(self) -> Iterator[str]:
        yield f"{'first torch.compile':40}{'p50 ms':>12}{'min ms':>12}{'n':>6}"
        for name, row in self.compiling.rows():
            yield f"  {name:38}{row.p50_ms:12.1f}{row.min_ms:12.1f}{row.n:6}"

    def _goals(self) -> Iterator[str]:
        yield "beside what it is compared with"
        for name in ("print", "torch"):
            took = self.latency[f"playground, {name}"].p50_ms
            kernel, cold = self.latency[f"jupyter, {name}"].p50_ms, self.latency[f"cold, {name}"].p50_ms
            yield _goal(f"{name}: share of a warm Jupyter kernel's time", took / kernel, "at most", 0.5)
            yield _goal(f"{name}: times faster than a cold process", cold / took, "at least", 500)
            yield _goal(f"{name}: times fork + exit + wait", took / self.latency["fork"].p50_ms, "at most", 2)
        ratio = self.compiling.cold.p50_ms / self.compiling.page.p50_ms
        yield _goal("first compile: times faster than a cold python", ratio, "at least", 10)
        flow = self.throughput
        yield f"  {flow.clients} clients: {flow.runs_per_s:.1f} runs a second; fork + exit alone {flow.forks_per_s:.1f}"
        yield _goal("throughput: share of fork + exit alone", flow.share, "at least", 0.5)
        private = self.memory.snippet_mib + self.memory.init_mib
        yield _goal(
            f"MiB private per ready sandbox ({self.memory.waiting} waiting)", private, "at most", MAX_PRIVATE_MIB
        )


def _goal(what: str, value: float, bound: str, goal: float) -> str:
    reached = value <= goal if bound == "at most" else value >= goal
    return f"  {what:52}{value:9.2f}   goal {bound} {goal:g}: {'reached' if reached else 'MISSED'}"


def machine() -> dict[str, str | int | list[float]]:
    """Say where it was measured; a load of others' making is part of the truth."""
    return {
        "python": platform.python_version(),
        "kernel": platform.release(),
        "cores": len(os.sched_getaffinity(0)),
        "load": list(os.getloadavg()),
    }
