import textwrap

import pytest

from playground.contracts.events import Benchmark, Stage, Verdict
from tests.support.pipeline import Outcome, RunSnippet

FUNCTION = "import torch\ndef f(x):\n    return torch.relu(x) * 2\nf(torch.randn(8))\n"


def compared(run_snippet: RunSnippet, source: str, **options: object) -> Outcome:
    outcome = run_snippet(textwrap.dedent(source), "compare", **{"min_run_ms": 1, **options})
    assert outcome.of("error") == []
    return outcome


def verdicts(outcome: Outcome) -> dict[str, Verdict]:
    return {e.subject: e for e in outcome.events if isinstance(e, Verdict)}


def benchmarks(outcome: Outcome) -> dict[str, Benchmark]:
    return {e.path: e for e in outcome.events if isinstance(e, Benchmark)}


def test_each_path_is_checked_and_timed(run_snippet: RunSnippet) -> None:
    outcome = compared(run_snippet, FUNCTION)
    assert {name: v.outcome for name, v in verdicts(outcome).items()} == {
        "eager": "same",
        "script": "same",
        "trace": "same",
    }
    times = benchmarks(outcome)
    assert list(times) == ["eager", "script", "trace"]
    assert all(b.median_ns > 0 and b.runs > 0 and b.number_per_run > 0 and b.first_call_ns > 0 for b in times.values())
    assert (times["eager"].compile_ns, times["eager"].break_even_calls) == (0, 0)
    assert times["script"].compile_ns > 0


def test_each_path_is_a_stage_and_its_findings_come_as_it_ends(run_snippet: RunSnippet) -> None:
    outcome = compared(run_snippet, FUNCTION)
    ended = [e.name for e in outcome.events if isinstance(e, Stage) and e.phase == "end"]
    assert ended == ["execute", "eager", "script", "trace"]
    kinds = [(e.type, getattr(e, "name", "")) for e in outcome.events]
    assert kinds.index(("verdict", "")) < kinds.index(("stage", "script"))


def test_the_paths_asked_for_are_taken(run_snippet: RunSnippet) -> None:
    outcome = compared(run_snippet, FUNCTION, compilers=["export"])
    assert list(benchmarks(outcome)) == ["eager", "export"]


def test_a_wrong_answer_is_found(run_snippet: RunSnippet) -> None:
    source = """
        import functools, torch

        def halved(f):
            @functools.wraps(f)
            def wrapper(x):
                return f(x) / 2
            return wrapper

        @halved
        def f(x):
            return x + 1

        def g(x):
            return x * len(calls)

        calls = [1]
        g(torch.ones(2))
    """
    outcome = compared(run_snippet, source, target="f", inputs="(torch.ones(2),)")
    script = verdicts(outcome)["script"]
    assert (script.outcome, script.max_abs_error, script.max_rel_error) == ("differs", 1.0, 1.0)
    assert verdicts(outcome)["trace"].outcome == "same"


def test_a_path_that_fails_fails_alone_and_says_where(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        def f(x):
            return torch.stack([y for y in map(torch.relu, x)])
        f(torch.randn(2, 3))
    """
    outcome = compared(run_snippet, source, compilers=["script", "trace", "aoti"])
    found = verdicts(outcome)
    assert (found["script"].outcome, found["script"].stage) == ("failed", "compile")
    assert found["trace"].outcome == "same"
    assert found["aoti"].message == "NotAvailableError: not available yet"
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


def test_random_numbers_are_the_same_for_every_path(run_snippet: RunSnippet) -> None:
    source = "import torch\nfrom torch import nn\nnet = nn.Dropout(0.5)\nnet(torch.ones(64))"
    assert {v.outcome for v in verdicts(compared(run_snippet, source)).values()} == {"same"}


def test_what_changes_from_call_to_call_is_not_called_wrong(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        count = [0]
        def f(x):
            count[0] += 1
            return x * count[0]
        f(torch.ones(1))
    """
    found = verdicts(compared(run_snippet, source, compilers=["trace"]))
    assert found["eager"].outcome == "nondeterministic"
    assert found["trace"].outcome == "nondeterministic"


def test_a_module_stays_in_the_mode_it_is_in(run_snippet: RunSnippet) -> None:
    source = (
        "import torch\nfrom torch import nn\nnet = nn.BatchNorm1d(2){}\nnet(torch.randn(4, 2))\nprint(net.training)"
    )
    training = compared(run_snippet, source.format(""))
    assert training.stdout == "True\n"
    assert {v.outcome for v in verdicts(training).values()} == {"same"}
    assert compared(run_snippet, source.format(".eval()")).stdout == "False\n"


def test_changes_to_the_inputs_count_and_do_not_spread(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        def f(x):
            x += 1
            return x.sum()
        f(torch.zeros(3))
    """
    assert {v.outcome for v in verdicts(compared(run_snippet, source)).values()} == {"same"}


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
        ("print(1)", {}, "calls no module or function"),
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
