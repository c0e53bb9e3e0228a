"""What the options say of compilers is done to the target, with its real arguments, also where the snippet compiles."""

import textwrap

import pytest

from playground.contracts.events import Code
from tests.support.pipeline import Outcome, RunSnippet

NET = """
import torch
from torch import nn
net = nn.Sequential(nn.Linear(6, 4), nn.ReLU())
x = torch.ones(3, 6)
"""
FUNCTION = """
import torch
def f(x, y):
    return torch.relu(x) * y
a, b = torch.ones(5), torch.ones(5)
"""


def hybrid(run_snippet: RunSnippet, source: str, **options: object) -> Outcome:
    outcome = run_snippet(textwrap.dedent(source), "hybrid", **options)
    assert outcome.of("error") == []
    return outcome


def made(outcome: Outcome, *levels: str) -> list[tuple[str, str]]:
    return [(e.level, e.title) for e in outcome.events if isinstance(e, Code) and e.level in levels]


def test_without_options_what_the_snippet_compiled_is_all(run_snippet: RunSnippet) -> None:
    outcome = hybrid(run_snippet, NET + "y = torch.compile(net, backend='eager')(x)")
    assert made(outcome, "dynamo_graph", "aot_forward") == [("dynamo_graph", "Sequential")]


@pytest.mark.parametrize("options", [{"backend": "aot_eager"}, {"backend": "aot_eager", "compilers": ["compile"]}])
@pytest.mark.parametrize(
    "compiling",
    [
        "y = torch.compile(net, backend='eager')(x)",
        "compiled = torch.compile(net, backend='eager')\ncompiled(x)",
        "net.compile(backend='eager')\nnet(x)",
        "torch.jit.script(net)(x)",
        "torch.jit.trace(net, x)",
        "torch.export.export(net, (x,))",
    ],
)
def test_another_backend_for_a_module_that_the_snippet_compiles(
    run_snippet: RunSnippet, compiling: str, options: dict[str, object]
) -> None:
    outcome = hybrid(run_snippet, NET + compiling, **options)
    assert made(outcome, "aot_forward") == [("aot_forward", "Sequential (compile)")]
    assert "3, 6" in outcome.level("aot_forward").text


@pytest.mark.parametrize(
    "compiling",
    [
        "y = torch.compile(f, backend='eager')(a, y=b)",
        "f = torch.compile(f, backend='eager')\nfor _ in range(3): f(a, b)",
        "f = torch.jit.script(f)\nf(a, y=b)",
        "f = torch.jit.trace(f, (a, b))\nf(a, b)",
    ],
)
def test_other_compilers_for_a_function_that_the_snippet_compiles(run_snippet: RunSnippet, compiling: str) -> None:
    outcome = hybrid(run_snippet, FUNCTION + compiling, compilers=["export", "compile", "script"], backend="eager")
    assert ("exported_program", "f (export)") in made(outcome, "exported_program")
    assert ("dynamo_graph", "f (compile)") in made(outcome, "dynamo_graph")
    assert ("torchscript", "TorchScript: f (script)") in made(outcome, "torchscript")
    assert "5" in outcome.level("dynamo_graph", "f (compile)").text
    assert [e for e in outcome.of("diagnostic") if getattr(e, "kind", "") == "fallback"] == []


def test_an_option_of_export_exports_again(run_snippet: RunSnippet) -> None:
    outcome = hybrid(run_snippet, NET + "e = torch.export.export(net, (x,))", strict=True)
    assert made(outcome, "exported_program", "dynamo_graph") == [
        ("exported_program", "Sequential"),
        ("exported_program", "Sequential (export)"),
    ]


def test_a_target_that_is_named_is_compiled_beside_the_snippets_own(run_snippet: RunSnippet) -> None:
    source = FUNCTION + "def g(x): return x + 1\ntorch.compile(f, backend='eager')(a, b)"
    outcome = hybrid(run_snippet, source, target="g", inputs="a", compilers=["trace"])
    assert made(outcome, "torchscript", "dynamo_graph") == [
        ("dynamo_graph", "f"),
        ("torchscript", "TorchScript: g (trace)"),
    ]


def test_the_snippet_prints_what_it_prints_and_its_function_runs_as_often(run_snippet: RunSnippet) -> None:
    source = FUNCTION + "g = torch.jit.script(f)\nprint(type(g).__name__, g(a, b).sum().item())"
    plain = hybrid(run_snippet, source)
    assert hybrid(run_snippet, source, compilers=["compile"], backend="eager").stdout == plain.stdout
