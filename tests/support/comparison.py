"""What a run in compare mode said, as the tests look at it."""

import textwrap

from playground.contracts.measured import Benchmark, Verdict
from tests.support.pipeline import Outcome, RunSnippet

LIGHT = ["script", "trace", "freeze"]
"""Paths that need no compiler of C++."""


def compared(run_snippet: RunSnippet, source: str, **options: object) -> Outcome:
    outcome = run_snippet(textwrap.dedent(source), "compare", **{"min_run_ms": 1, "compilers": LIGHT, **options})
    assert outcome.of("error") == []
    return outcome


def verdicts(outcome: Outcome, check: str = "inputs") -> dict[str, Verdict]:
    return {e.subject: e for e in outcome.events if isinstance(e, Verdict) and e.check == check}


def benchmarks(outcome: Outcome) -> dict[str, Benchmark]:
    return {e.path: e for e in outcome.events if isinstance(e, Benchmark)}
