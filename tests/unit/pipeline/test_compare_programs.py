"""Plain Python in compare mode: the original, compiled once, rewritten."""

import textwrap

from playground.contracts.measured import Benchmark, Verdict
from tests.support.pipeline import Outcome, RunSnippet

CHAPTER = """
    def add(a, b):
        return a + b

    def fancy_func(a, b, c, d):
        e = add(a, b)
        f = add(c, d)
        g = add(e, f)
        return g

    print(fancy_func(1, 2, 3, 4))
"""


def compared(run_snippet: RunSnippet, source: str, **options: object) -> Outcome:
    outcome = run_snippet(textwrap.dedent(source), "compare", **{"min_run_ms": 1, **options})
    assert outcome.of("error") == []
    return outcome


def verdicts(outcome: Outcome) -> dict[str, Verdict]:
    return {e.subject: e for e in outcome.events if isinstance(e, Verdict)}


def test_a_program_is_compared_with_its_rewriting_by_what_it_prints(run_snippet: RunSnippet) -> None:
    outcome = compared(run_snippet, CHAPTER)
    assert {name: (v.outcome, v.against) for name, v in verdicts(outcome).items()} == {
        "original": ("same", "original"),
        "compiled": ("same", "original"),
        "rewritten": ("same", "original"),
    }
    assert [e.path for e in outcome.events if isinstance(e, Benchmark)] == ["original", "compiled", "rewritten"]
    assert outcome.stdout == "10\n"


def test_a_function_without_tensors_is_compared_with_itself_rewritten(run_snippet: RunSnippet) -> None:
    outcome = compared(run_snippet, CHAPTER, target="fancy_func", inputs="(1, 2, 3, 4)")
    assert {name: v.outcome for name, v in verdicts(outcome).items()} == {"original": "same", "rewritten": "same"}


def test_a_program_in_which_nothing_can_be_rewritten_says_so(run_snippet: RunSnippet) -> None:
    found = verdicts(compared(run_snippet, "import os\nprint(len(os.getcwd()) > 0)"))
    assert (found["rewritten"].outcome, found["rewritten"].stage) == ("failed", "compile")
    assert found["rewritten"].message
    assert found["compiled"].outcome == "same"


def test_a_program_that_prints_something_else_each_time_is_not_deterministic(run_snippet: RunSnippet) -> None:
    found = verdicts(compared(run_snippet, "import time\nprint(time.perf_counter_ns())"))
    assert found["original"].outcome == "nondeterministic"
