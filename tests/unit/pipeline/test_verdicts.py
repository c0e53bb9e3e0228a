"""Does a path do what eager does: on the same inputs, on others, with other seeds, in gradients, in what it changes?"""

import pytest

from playground.contracts.measured import Difference
from tests.support.comparison import compared, verdicts
from tests.support.pipeline import RunSnippet


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
    assert script.difference == Difference(value=1, index=(0,), found="2.0", expected="1.0")
    assert verdicts(outcome)["trace"].outcome == "same"


def test_what_draws_random_numbers_is_not_deterministic_and_compared_from_the_same_seeds(
    run_snippet: RunSnippet,
) -> None:
    source = "import torch\nfrom torch import nn\nnet = nn.Dropout(0.5)\nnet(torch.ones(64))"
    outcome = compared(run_snippet, source, compilers=["script", "trace"])
    found = verdicts(outcome)
    assert {v.outcome for v in found.values()} == {"nondeterministic"}
    assert "from one random state they give the same" in (found["eager"].message or "")
    assert {name: v.outcome for name, v in verdicts(outcome, "seed").items()} == {"script": "same", "trace": "same"}
    assert {v.outcome for v in verdicts(outcome, "perturbed").values()} == {"same"}


def test_random_numbers_that_a_path_holds_on_to_are_found(run_snippet: RunSnippet) -> None:
    source = """
        import random, torch
        def f(x):
            return x + random.random()
        f(torch.zeros(2))
    """
    outcome = compared(run_snippet, source, compilers=["trace"])
    trace = verdicts(outcome, "seed")["trace"]
    assert (trace.outcome, "every seed" in (trace.message or "")) == ("differs", True)


def test_a_branch_that_trace_holds_on_to_is_found_on_perturbed_inputs(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        def f(x):
            return x * 2 if x.sum() > 0 else x - 3
        f(torch.ones(3))
    """
    outcome = compared(run_snippet, source, compilers=["script", "trace"])
    assert {v.outcome for v in verdicts(outcome).values()} == {"same"}
    perturbed = verdicts(outcome, "perturbed")
    assert (perturbed["script"].outcome, perturbed["trace"].outcome) == ("same", "differs")
    assert perturbed["trace"].difference == Difference(value=1, index=(0,), found="-2.0", expected="-4.0")


def test_indices_stay_indices_and_what_eager_refuses_is_not_asked_of_others(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        table = torch.arange(30.0).reshape(10, 3)
        def f(rows, scale):
            if scale.min() < 0:
                raise ValueError("no")
            return table[rows] * scale
        f(torch.tensor([0, 9, 4]), torch.ones(3))
    """
    outcome = compared(run_snippet, source, compilers=["trace"])
    assert verdicts(outcome, "perturbed")["trace"].outcome == "same"


def test_gradients_of_inputs_and_parameters_are_compared(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        from torch import nn
        net = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 1)).eval()
        net(torch.randn(2, 4, requires_grad=True))
    """
    found = verdicts(compared(run_snippet, source, compilers=["script", "trace", "freeze", "export"]), "gradients")
    assert {name: v.outcome for name, v in found.items()} == {
        "script": "same",
        "trace": "same",
        "freeze": "differs",
        "export": "same",
    }
    without = verdicts(
        compared(run_snippet, source.replace(", requires_grad=True", ""), compilers=["freeze"]), "gradients"
    )
    assert without["freeze"].outcome == "failed"
    assert "for inference" in (without["freeze"].message or "")


def test_a_gradient_that_a_path_gets_wrong_is_found(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        def f(x):
            if torch.jit.is_tracing():
                return x.detach() * 2 + x - x.detach()
            return x * 2
        f(torch.ones(3, requires_grad=True))
    """
    outcome = compared(run_snippet, source, compilers=["trace"])
    assert verdicts(outcome)["trace"].outcome == "same"
    gradient = verdicts(outcome, "gradients")["trace"]
    assert gradient.outcome == "differs"
    assert gradient.max_rel_error == pytest.approx(1 / 2)


def test_what_a_path_does_to_its_inputs_is_compared(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        def f(x):
            if not torch.jit.is_tracing():
                x += 1
            return x.sum() * 0
        f(torch.zeros(3))
    """
    outcome = compared(run_snippet, source, compilers=["trace"])
    assert verdicts(outcome)["trace"].outcome == "same"
    changed = verdicts(outcome, "mutations")["trace"]
    assert (changed.outcome, changed.difference) == (
        "differs",
        Difference(value=1, index=(0,), found="0.0", expected="1.0"),
    )


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
    training = compared(run_snippet, source.format(""), compilers=["script", "trace"])
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
    outcome = compared(run_snippet, source)
    assert {v.outcome for v in verdicts(outcome).values()} == {"same"}
    assert {v.outcome for v in verdicts(outcome, "mutations").values()} == {"same"}


def test_large_results_are_checked_as_far_as_memory_goes_and_what_is_left_out_is_said(run_snippet: RunSnippet) -> None:
    source = "import torch\ndef f(x):\n    return x + 1\nwith torch.no_grad():\n    f(torch.ones(10_000_000))"
    outcome = compared(run_snippet, source, compilers=["trace"])
    assert {v.outcome for v in verdicts(outcome).values()} == {"same"}
    assert verdicts(outcome, "perturbed")["trace"].outcome == "same"
    assert verdicts(outcome, "mutations") == {}
    (said,) = [e for e in outcome.of("diagnostic") if e.kind == "fallback"]
    assert "perturbed: negated" in said.reason
