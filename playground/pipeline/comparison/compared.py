"""One subject along all its paths: what is found is said as each path ends."""

import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass

from playground.contracts.events import Diagnostic, SaidInside, Stage
from playground.contracts.measured import Parameters
from playground.contracts.sentences import say
from playground.lowering.creation import Sites
from playground.pipeline.comparison import judge, outside, score
from playground.pipeline.comparison.follow import follow
from playground.pipeline.comparison.plan import Plan
from playground.pipeline.comparison.profiling import profiled
from playground.pipeline.comparison.steps import Path
from playground.pipeline.comparison.subject import Subject


@dataclass(frozen=True)
class Conditions:
    """What holds for every path."""

    min_run_s: float
    threads: int
    parameters: Parameters
    profile: bool = False
    sites: Sites | None = None
    """Where modules were created, for the lines that a profile names."""


def compared(subject: Subject, plan: Plan, conditions: Conditions) -> Iterator[SaidInside]:
    """Walk each path; its stage, its verdicts and its times, in this order."""
    reference: Path | None = None
    for name in subject.builders:
        watch = _Watch(name)
        yield watch.begin
        path = follow(name, subject, conditions.min_run_s, conditions.threads, plan.share_s())
        reference = reference or path
        yield watch.end
        yield from _findings(path, reference, conditions.parameters)
        if conditions.profile and not path.failed and name not in outside.KINDS:
            yield from _profiled(name, subject, plan, conditions)


def _findings(path: Path, reference: Path, parameters: Parameters) -> Iterator[SaidInside]:
    for verdict in judge.verdicts(path, reference):
        yield verdict.model_copy(update={"parameters": parameters})
    if path.timed:
        yield score.benchmark(path, path.timed, reference).model_copy(update={"parameters": parameters})
    if path.left_out and path is reference:
        left_out = ", ".join(path.left_out)
        reason = say("Its calls take long, or its results are large. Left out: {checks}.", checks=left_out)
        message = say("Not everything about {path} was looked at.", path=path.name)
        yield Diagnostic(kind="fallback", message=message, reason=reason)


def _profiled(name: str, subject: Subject, plan: Plan, conditions: Conditions) -> Iterator[SaidInside]:
    watch = _Watch("profile")
    yield watch.begin
    found = list(profiled(name, subject, conditions.threads, plan.spare_s(name), conditions.sites))
    yield watch.end
    yield from found


class _Watch:
    """The clock of a stage whose work forks do: their processor time counts when they have ended."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._wall = time.perf_counter_ns()
        self._cpu = _cpu_ns()

    @property
    def begin(self) -> Stage:
        return Stage(name=self._name, phase="begin")

    @property
    def end(self) -> Stage:
        wall, cpu = time.perf_counter_ns() - self._wall, _cpu_ns() - self._cpu
        return Stage(name=self._name, phase="end", wall_ns=wall, cpu_ns=max(0, cpu))


def _cpu_ns() -> int:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(sum(usage.ru_utime + usage.ru_stime for usage in both) * 1e9)
