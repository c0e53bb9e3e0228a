import re
import textwrap

import pytest

from playground.contracts.events import Stage
from playground.contracts.measured import Verdict
from tests.support.comparison import benchmarks, compared, verdicts
from tests.support.pipeline import RunSnippet

FUNCTION = "import torch\ndef f(x):\n    return torch.relu(x) * 2\nf(torch.randn(8))\n"


def test_each_path_is_checked_and_timed(run_snippet: RunSnippet) -> None:
    outcome = compared(run_snippet, FUNCTION)
    assert {name: v.outcome for name, v in verdicts(outcome).items()} == {
        "eager": "same",
        "script": "same",
        "trace": "same",
        "freeze": "same",
    }
    times = benchmarks(outcome)
    assert list(times) == ["eager", "script", "trace", "freeze"]
    assert all(b.median_ns > 0 and b.runs > 0 and b.number_per_run > 0 and b.first_call_ns > 0 for b in times.values())
    assert (times["eager"].compile_ns, times["eager"].break_even_calls) == (0, 0)
    assert times["script"].compile_ns > 0
    for timed in times.values():
        assert timed.threads == 1
        assert timed.noop_ns
        low, high = timed.quartiles_ns or (timed.median_ns, timed.median_ns)
        assert low - 1 <= timed.median_ns <= high + 1
        assert timed.curve[0] == (0, timed.compile_ns + timed.import_ns)
        assert timed.measured_calls in dict(timed.curve)


def test_each_path_is_a_stage_and_its_findings_come_as_it_ends(run_snippet: RunSnippet) -> None:
    outcome = compared(run_snippet, FUNCTION)
    ended = [e.name for e in outcome.events if isinstance(e, Stage) and e.phase == "end"]
    assert ended == ["execute", "eager", "script", "trace", "freeze"]
    kinds = [(e.type, getattr(e, "name", "")) for e in outcome.events]
    assert kinds.index(("verdict", "")) < kinds.index(("stage", "script"))


def test_the_paths_asked_for_are_taken(run_snippet: RunSnippet) -> None:
    outcome = compared(run_snippet, FUNCTION, compilers=["export"])
    assert list(benchmarks(outcome)) == ["eager", "export"]


def test_a_path_that_fails_fails_alone_and_says_where(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        def f(x):
            return torch.stack([y for y in map(torch.relu, x)])
        f(torch.randn(2, 3))
    """
    outcome = compared(run_snippet, source, compilers=["script", "trace"])
    found = verdicts(outcome)
    assert (found["script"].outcome, found["script"].stage) == ("failed", "compile")
    assert found["trace"].outcome == "same"
    assert list(benchmarks(outcome)) == ["eager", "trace"]


def test_a_path_that_dies_dies_alone(run_snippet: RunSnippet) -> None:
    source = """
        import os, signal, torch
        def f(x):
            if torch.jit.is_tracing():
                os.kill(os.getpid(), signal.SIGSEGV)
            return x + 1
        f(torch.ones(1))
    """
    found = verdicts(compared(run_snippet, source, compilers=["trace", "export"]))
    assert found["trace"].message == "The process was ended by SIGSEGV."
    assert (found["trace"].outcome, found["trace"].stage) == ("failed", "compile")
    assert found["export"].outcome == "same"


def test_a_path_that_hangs_ends_alone_with_its_limit_named(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        def f(x):
            while torch.jit.is_tracing():
                pass
            return x + 1
        f(torch.ones(1))
    """
    outcome = compared(run_snippet, source, compilers=["trace", "script"], timeout_s=6)
    hung = verdicts(outcome)["trace"]
    assert (hung.outcome, hung.stage) == ("failed", "compile")
    assert re.fullmatch(r"It was not done within \d\.?\d* s, its share of this run's time\.", hung.message or "")
    assert verdicts(outcome)["script"].outcome == "same"


def test_a_refusal_names_the_line(run_snippet: RunSnippet) -> None:
    source = "import torch\ndef f(x):\n    y = x + 1\n    if y.sum() > 0:\n        return y\n    return x\n"
    source += "f(torch.ones(1))"
    outcome = compared(run_snippet, source, compilers=["export"])
    refused = verdicts(outcome)["export"]
    assert (refused.outcome, refused.stage, refused.line) == ("failed", "compile", 4)


def test_calls_of_the_comparison_print_nothing(run_snippet: RunSnippet) -> None:
    source = "import torch\ndef f(x):\n    print('hi')\n    return x\nf(torch.ones(1))"
    outcome = compared(run_snippet, source)
    assert (outcome.stdout, outcome.stderr) == ("hi\n", "")


def target_of(run_snippet: RunSnippet, source: str) -> str:
    """Which result the comparison saw: targets raise their own name when they are traced."""
    outcome = compared(run_snippet, PROBE + textwrap.dedent(source), compilers=["trace"])
    return (verdicts(outcome)["trace"].message or "").removeprefix("RuntimeError: ")


PROBE = """
import torch
from torch import nn

def tell(name):
    if torch.jit.is_tracing():
        raise RuntimeError(name)

def f(x):
    tell('f')
    return x

def g(x):
    tell('g')
    return h(x)

def h(x):
    tell('h')
    return x

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(1, 1)

    def forward(self, x, scale=None):
        tell('Net 1' if scale is None else 'Net scaled')
        return f(self.inner(x))

net = Net()
x = torch.ones(1)
"""


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("f(x); g(x)", "g"),
        ("g(x); f(x)", "f"),
        ("f(x); net(x)", "Net 1"),
        ("net(x, scale=torch.ones(1))", "Net scaled"),
        ("net(x); f(3)", "Net 1"),
        ("f(x=x)", "f"),
        ("def main():\n    y = net(x)\nmain()", "Net 1"),
        ("def train(net, x):\n    return f(net(x))\ntrain(net, x)", "f"),
        ("def train(net, x):\n    return net(x).sum()\ntrain(net, x)", "Net 1"),
        ("for i in range(2000): f(x); g(3)\nnet(x)", "Net 1"),
        ("f([x, x])", "f"),
        ("def step(x):\n    tell('step')\n    return net(x)\nstep(x)", "step"),
        ("import cProfile\nf(x)\ncProfile.run('net(x)')", "f"),
        ("f(x)\nscripted = torch.jit.trace(nn.Linear(1, 1), x)\nscripted(x)", "f"),
    ],
)
def test_the_target_is_what_the_snippet_called_last(run_snippet: RunSnippet, source: str, target: str) -> None:
    assert target_of(run_snippet, source) == target


def test_inputs_are_those_of_that_call_as_they_were_then(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        def f(x):
            return 1 / (x - 1)
        x = torch.zeros(2)
        f(x)
        x += 1
    """
    found = verdicts(compared(run_snippet, source))
    assert found["eager"].max_abs_error == 0
    assert found["script"].outcome == "same"


@pytest.mark.parametrize(
    ("source", "options", "words"),
    [
        ("print(1)", {"compilers": ["script"]}, "calls no module or function"),
        ("x = 1", {"target": "x"}, "cannot be called"),
        ("x = 1", {"target": "y"}, "NameError"),
        ("def f(x): return x", {"target": "f"}, "what are its inputs?"),
        ("import torch\ndef f(x): return x\nf(torch.zeros(2**25))", {}, "134,217,728 bytes"),
    ],
)
def test_without_a_target_the_reader_is_told_what_to_do(
    run_snippet: RunSnippet, source: str, options: dict[str, object], words: str
) -> None:
    outcome = run_snippet(source, "compare", **options)
    assert outcome.error.error_type == "NoTarget"
    assert words in outcome.error.message


def test_what_the_snippet_raises_is_raised(run_snippet: RunSnippet) -> None:
    outcome = run_snippet("import torch\n1 / 0", "compare")
    assert (outcome.error.error_type, outcome.error.line) == ("ZeroDivisionError", 2)
    assert verdicts(outcome) == {}


def test_threads_asked_for_are_there_in_every_path(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        def f(x):
            return x.sum() + torch.get_num_threads()
        f(torch.ones(100_000))
    """
    outcome = compared(run_snippet, source, threads=2, compilers=["trace"])
    assert verdicts(outcome)["trace"].outcome == "same"


def test_a_pool_of_threads_that_the_snippet_made_does_not_hang_the_comparison(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        torch.set_num_threads(2)
        def f(x):
            return torch.exp(x)
        f(torch.ones(1_000_000))
    """
    assert verdicts(compared(run_snippet, source))["script"].outcome == "same"


def test_fullgraph_compilation_is_not_disturbed_by_the_watching(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        from torch import nn
        net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
        fast = torch.compile(net, backend="eager", fullgraph=True)
        print(fast(torch.ones(1, 2)).shape)
    """
    outcome = compared(run_snippet, source)
    assert outcome.stdout == "torch.Size([1, 2])\n"
    assert verdicts(outcome)["script"].outcome == "same"


def test_timing_that_is_cut_short_leaves_what_the_first_calls_took(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        calls = []
        def f(x):
            calls.append(1)
            while len(calls) > 1100:
                pass
            return x + 1
        f(torch.ones(1))
    """
    outcome = compared(run_snippet, source, compilers=["script"], timeout_s=8, min_run_ms=500)
    cut = [e for e in outcome.events if isinstance(e, Verdict) and e.check == "timing"]
    assert [(e.subject, e.outcome, e.stage) for e in cut] == [("eager", "failed", "benchmark")]
    eager = benchmarks(outcome)["eager"]
    assert not eager.stable
    assert (eager.disturbance or "").startswith("Only the first calls were timed. It was not done within")
    assert (eager.runs, eager.number_per_run) == (eager.measured_calls - 3, 1)


def test_without_the_loader_the_paths_that_leave_python_say_so(run_snippet: RunSnippet) -> None:
    outcome = compared(run_snippet, FUNCTION, compilers=["libtorch", "trace"])
    refused = verdicts(outcome)["libtorch"]
    assert (refused.outcome, refused.stage) == ("failed", "execute")
    assert (refused.message or "").startswith("The C++ loader is not built on this machine")
    assert list(benchmarks(outcome)) == ["eager", "trace"]
