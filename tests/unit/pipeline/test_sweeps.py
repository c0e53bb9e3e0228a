"""The same comparison at several points, and where a sweep's parameters come in."""

import ast
import textwrap

import pytest

from playground.contracts.measured import Benchmark, Verdict
from playground.pipeline.comparison import sweeps
from tests.support.pipeline import Outcome, RunSnippet

LINEAR = "import torch\nwidth = 4  # columns\nnet = torch.nn.Linear(width, width)\nx = torch.randn(2, width)\nnet(x)\n"


def swept(run_snippet: RunSnippet, source: str, sweep: str, **options: object) -> Outcome:
    given = {"min_run_ms": 1, "compilers": ["trace"], "sweep": sweep, **options}
    outcome = run_snippet(textwrap.dedent(source), "compare", **given)
    assert outcome.of("error") == []
    return outcome


def points(outcome: Outcome) -> list[dict[str, float]]:
    return [e.parameters for e in outcome.events if isinstance(e, Benchmark) and e.path == "trace"]


def test_rows_of_the_recorded_inputs_follow_batch(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        def f(x, scale):
            if x.shape != (5, 3) and x.shape != (1, 3):
                raise ValueError(x.shape)
            return x * scale
        f(torch.randn(5, 3), torch.ones(3))
    """
    outcome = swept(run_snippet, source, "batch=1,5,7")
    assert points(outcome) == [{"batch": 1}, {"batch": 5}]
    failed = [e for e in outcome.events if isinstance(e, Verdict) and e.subject == "eager" and e.outcome == "failed"]
    assert [e.parameters for e in failed] == [{"batch": 7}]
    assert "torch.Size([7, 3])" in (failed[0].message or "")


def test_what_the_snippet_assigns_is_assigned_anew_and_the_snippet_run_again(run_snippet: RunSnippet) -> None:
    outcome = swept(run_snippet, LINEAR + "print(width)", "width=2..3; threads=1")
    assert points(outcome) == [{"width": 2, "threads": 1}, {"width": 3, "threads": 1}]
    assert outcome.stdout == "4\n"
    assert {e.outcome for e in outcome.events if isinstance(e, Verdict)} == {"same"}


def test_what_only_an_option_names_is_bound_there(run_snippet: RunSnippet) -> None:
    source = "import torch\ndef f(x):\n    return x.sum() + len(x)\n"
    outcome = swept(run_snippet, source, "n=10**1..10**2", target="f", inputs="torch.ones(n)")
    assert points(outcome) == [{"n": 10}, {"n": 100}]


def test_threads_beyond_those_of_the_run_are_left_out_and_said(run_snippet: RunSnippet) -> None:
    outcome = swept(run_snippet, LINEAR, "threads=1,2,9", threads=2)
    assert points(outcome) == [{"threads": 1}, {"threads": 2}]
    assert {e.threads for e in outcome.events if isinstance(e, Benchmark)} == {1, 2}
    (said,) = [e for e in outcome.of("diagnostic") if e.kind == "fallback"]
    assert said.message == "1 of 3 points of the sweep were left out: threads=9"


def test_a_point_that_fails_fails_alone(run_snippet: RunSnippet) -> None:
    source = LINEAR.replace("x =", "assert width != 3, width\nx =")
    outcome = swept(run_snippet, source, "width=2..4")
    assert points(outcome) == [{"width": 2}, {"width": 4}]
    (said,) = [e for e in outcome.of("diagnostic") if e.kind == "fallback"]
    assert (said.message, said.reason, said.line) == ("The point width=3 was not compared.", "AssertionError: 3", 4)


def test_a_parameter_that_nothing_uses_is_refused_before_anything_runs(run_snippet: RunSnippet) -> None:
    outcome = run_snippet(f"print(1)\n{LINEAR}", "compare", sweep="height=1,2")
    assert outcome.error.error_type == "NoSuchParameter"
    assert "Nothing uses the parameter 'height' of options.sweep" in outcome.error.message
    assert outcome.stdout == ""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = 1; b = 2\n", "a = 7; b = 8\n"),
        ("é = 0; a = 'ü'; b = 2  # é\n", "é = 0; a = 7; b = 8  # é\n"),
        ("a: int = (\n    1 +\n    2)\nb = [\n1\n]; c = 3\n", "a: int = (\n    7\n)\nb = 8\n\n; c = 3\n"),
        ("a = 1\na = 2\nb = 1\n", "a = 7\na = 2\nb = 8\n"),
    ],
)
def test_values_are_replaced_in_place_and_lines_stay(source: str, expected: str) -> None:
    changed = sweeps.reassigned(source, ast.parse(source), {"a": 7, "b": 8})
    assert changed == expected
    assert changed.count("\n") == source.count("\n")
