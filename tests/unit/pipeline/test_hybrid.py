import textwrap

import pytest

from playground.contracts.events import Code, Diagnostic, Graph, Stage
from tests.support.pipeline import Outcome, RunSnippet

NET = """
import torch
from torch import nn

net = nn.Sequential(
    nn.Linear(8, 4),
    nn.ReLU(),
    nn.Linear(4, 2),
)
x = torch.randn(1, 8)
"""
TORCHSCRIPT = ["torchscript", "torchscript_graph", "torchscript_frozen"]


def hybrid(run_snippet: RunSnippet, source: str, **options: object) -> Outcome:
    outcome = run_snippet(textwrap.dedent(source), "hybrid", **options)
    assert outcome.of("error") == []
    return outcome


def levels(outcome: Outcome) -> list[str]:
    """Those that a compiler made."""
    return [e.level for e in outcome.events if isinstance(e, Code) and e.level not in {"ast", "bytecode"}]


def titles(outcome: Outcome, level: str) -> list[str]:
    return [e.title for e in outcome.events if isinstance(e, Code) and e.level == level]


def findings(outcome: Outcome, kind: str = "fallback") -> list[Diagnostic]:
    return [e for e in outcome.events if isinstance(e, Diagnostic) and e.kind == kind]


def linked(code: Code, source: str) -> dict[str, set[str]]:
    """Lines of a level, with the snippet's lines that they are linked to."""
    lines, shown = source.splitlines(), code.text.splitlines()
    found: dict[str, set[str]] = {}
    for first, last, code_first, code_last in code.map:
        for number in range(code_first, code_last + 1):
            found.setdefault(shown[number - 1].strip(), set()).update(x.strip() for x in lines[first - 1 : last])
    return found


def test_a_script_call_shows_every_level_and_prints_what_it_prints(run_snippet: RunSnippet) -> None:
    outcome = hybrid(run_snippet, NET + "scripted = torch.jit.script(net)\nprint(torch.equal(net(x), scripted(x)))")
    assert outcome.stdout == "True\n"
    assert levels(outcome) == TORCHSCRIPT
    assert titles(outcome, "torchscript") == ["TorchScript: Sequential"]
    (graph,) = [e for e in outcome.events if isinstance(e, Graph) and e.level == "torchscript_graph"]
    assert [node.label for node in graph.nodes][-3:] == ["prim::CallMethod forward"] * 3
    assert graph.edges


def test_each_layer_leads_to_the_line_that_created_it(run_snippet: RunSnippet) -> None:
    source = NET + "torch.jit.script(net)"
    outcome = hybrid(run_snippet, source)
    links = linked(outcome.level("torchscript"), source)
    assert links["input0 = (_0).forward(input, )"] == {"nn.Linear(8, 4),"}
    assert links["return (_2).forward(input1, )"] == {"nn.Linear(4, 2),"}
    graph = linked(outcome.level("torchscript_graph"), source)
    assert {"nn.Linear(8, 4),"} in graph.values()
    assert {"nn.ReLU(),"} in graph.values()


def test_lines_of_a_scripted_function_lead_to_the_function(run_snippet: RunSnippet) -> None:
    source = textwrap.dedent("""
        import torch

        @torch.jit.script
        def f(x, n: int):
            for i in range(n):
                x = torch.relu(x) + i
            return x

        print(f(torch.ones(1), 2))
    """)
    outcome = hybrid(run_snippet, source)
    assert outcome.stdout == "tensor([2.])\n"
    assert levels(outcome) == TORCHSCRIPT[:2]
    assert titles(outcome, "torchscript") == ["TorchScript: f"]
    wanted = "x = torch.relu(x) + i"
    assert any(wanted in lines for lines in linked(outcome.level("torchscript"), source).values())


def test_what_the_executor_made_of_it_is_shown_once_it_was_called_twice(run_snippet: RunSnippet) -> None:
    source = NET + "scripted = torch.jit.script(net)\nscripted(x)\nscripted(x)"
    outcome = hybrid(run_snippet, source)
    code = outcome.level("torchscript_optimized")
    links = {shown.split("aten::")[-1].split("(")[0]: lines for shown, lines in linked(code, source).items()}
    assert links["relu"] == {"nn.ReLU(),"}
    assert "prim::DifferentiableGraph" in code.text
    once = hybrid(run_snippet, NET + "torch.jit.script(net)(x)", levels=["torchscript_optimized"])
    (found,) = findings(once)
    assert "before the second call" in (found.reason or "")


def test_trace_is_observed_by_every_name(run_snippet: RunSnippet) -> None:
    outcome = hybrid(
        run_snippet,
        NET
        + """
from torch.jit import trace
def f(a): return a * 2
print(trace(f, x)(x).shape, torch.jit.trace_module(net, {'forward': x})(x).shape)
print(torch.jit.trace(func=f, example_inputs=(x,)).graph.inputs())
""",
    )
    assert titles(outcome, "torchscript") == ["TorchScript: f", "TorchScript: Sequential", "TorchScript: f 2"]


def test_names_local_to_the_caller_are_found_as_ever(run_snippet: RunSnippet) -> None:
    source = """
        import torch

        def outer():
            from typing import List as Many
            class Bag:
                def __init__(self, xs: Many[torch.Tensor]):
                    self.xs = xs
                def first(self) -> torch.Tensor:
                    return self.xs[0]
            return torch.jit.script(Bag)

        print(outer()([torch.ones(1)]).first())
    """
    assert hybrid(run_snippet, source).stdout == "tensor([1.])\n"


def test_what_a_compiler_refuses_is_the_snippets_error_on_the_snippets_line(run_snippet: RunSnippet) -> None:
    outcome = run_snippet("import torch\n@torch.jit.script\ndef f(x):\n    yield x\n", "hybrid")
    assert "yield" in outcome.error.message
    assert [frame.file for frame in outcome.error.frames] == ["<snippet>"]


def test_levels_made_before_an_error_are_kept(run_snippet: RunSnippet) -> None:
    outcome = run_snippet(NET + "torch.jit.script(net), 1 / 0", "hybrid")
    assert levels(outcome) == TORCHSCRIPT


def test_our_work_is_a_stage_between_statements(run_snippet: RunSnippet) -> None:
    outcome = hybrid(run_snippet, NET + "s = torch.jit.script(net)\ny = s(x)")
    kinds = [(e.type, getattr(e, "name", None), getattr(e, "phase", None)) for e in outcome.events]
    lowered = kinds.index(("code", None, None), kinds.index(("stage", "execute", "begin")))
    assert kinds[lowered - 1] == ("stage", "lower", "begin")
    assert kinds[lowered - 2] == ("stage", "execute", "end")
    assert [e.name for e in outcome.events if isinstance(e, Stage) and e.phase == "end"][-1] == "execute"
    assert [s.line for s in outcome.of("statement")] == [2, 3, 5, 10, 11, 12]


def test_calls_that_others_make_are_not_the_snippets(run_snippet: RunSnippet) -> None:
    source = """
        import torch, types
        other = types.ModuleType('other')
        code = 'import torch\\ndef make():\\n    return torch.jit.trace(lambda x: x + 1, torch.ones(1))'
        exec(compile(code, 'other.py', 'exec'), other.__dict__)
        other.make()
    """
    outcome = hybrid(run_snippet, source)
    assert levels(outcome) == []
    assert findings(outcome, "deprecation") == []


def test_an_exported_program_is_shown_with_its_lines(run_snippet: RunSnippet) -> None:
    source = NET + "program = torch.export.export(net, (x,))\nprint(type(program).__name__)"
    outcome = hybrid(run_snippet, source)
    assert outcome.stdout == "ExportedProgram\n"
    assert levels(outcome) == ["exported_program"]
    links = linked(outcome.level("exported_program"), source)
    assert {"nn.Linear(4, 2),"} in links.values()


def test_graphs_of_torch_compile_are_shown_with_their_lines(run_snippet: RunSnippet) -> None:
    source = textwrap.dedent("""
        import torch

        @torch.compile(backend="eager", fullgraph=True)
        def f(x):
            y = x * 2
            return torch.relu(y)

        print(f(torch.ones(1)))
    """)
    outcome = hybrid(run_snippet, source)
    assert outcome.stdout == "tensor([2.])\n"
    assert levels(outcome) == ["dynamo_graph", "dynamo_bytecode", "guards"]
    links = linked(outcome.level("dynamo_graph"), source)
    assert {"y = x * 2"} in links.values()
    assert {"return torch.relu(y)"} in links.values()


def test_without_a_compiler_call_the_target_is_compiled(run_snippet: RunSnippet) -> None:
    source = textwrap.dedent("""
        import torch

        def add(a, b):
            return a + b

        def fancy(a, b):
            e = add(a, b)
            print("once")
            return add(e, e)

        fancy(torch.ones(1), torch.ones(1))
    """)
    outcome = hybrid(run_snippet, source, backend="eager")
    assert outcome.stdout == "once\n"
    assert levels(outcome) == ["dynamo_graph", "dynamo_bytecode", "guards"] * 2
    assert titles(outcome, "dynamo_graph") == ["fancy", "fancy from line 9"]
    (found,) = findings(outcome, "graph_break")
    assert found.line == 9


@pytest.mark.parametrize(
    ("compiler", "expected"),
    [
        ("script", [*TORCHSCRIPT, "torchscript_optimized"]),
        ("trace", [*TORCHSCRIPT, "torchscript_optimized"]),
        ("export", ["exported_program"]),
        ("compile", ["dynamo_graph", "dynamo_bytecode", "guards"]),
    ],
)
def test_the_target_is_compiled_by_the_compilers_asked_for(
    run_snippet: RunSnippet, compiler: str, expected: list[str]
) -> None:
    source = NET + "net(x)"
    outcome = hybrid(run_snippet, source, compilers=[compiler], backend="eager")
    assert levels(outcome) == expected
    code = next(e for e in outcome.events if isinstance(e, Code) and e.level == expected[0])
    assert {"nn.Linear(8, 4),"} in linked(code, source).values()


def test_a_target_and_its_inputs_can_be_named(run_snippet: RunSnippet) -> None:
    source = "import torch\ndef f(x):\n    return x + 1\ndef g(x):\n    return x * 2\nf(torch.ones(1))"
    outcome = hybrid(run_snippet, source, target="g", inputs="torch.ones(3)", compilers=["trace"])
    assert titles(outcome, "torchscript") == ["TorchScript: g"]
    assert "mul" in outcome.level("torchscript").text


def test_what_a_compiler_cannot_take_is_a_finding(run_snippet: RunSnippet) -> None:
    source = "import torch\ndef f(x):\n    yield x\n    \ndef g(x):\n    return [i for i in f(x)][0]\ng(torch.ones(1))"
    outcome = hybrid(run_snippet, source, compilers=["script", "trace"])
    (first,) = findings(outcome)
    assert first.message == "script cannot compile g."
    assert first.line == 7
    assert "torchscript" in levels(outcome)


@pytest.mark.parametrize("source", ["print(1)", "", "import torch\ntorch.ones(1) + 1", "def f(x): return x\nf(1)"])
def test_without_a_target_the_reader_is_told_what_to_do(run_snippet: RunSnippet, source: str) -> None:
    (found,) = findings(hybrid(run_snippet, source))
    assert found.message == "Nothing was compiled."
    assert "target" in (found.hint or "")


def test_a_target_that_does_not_exist_is_told(run_snippet: RunSnippet) -> None:
    (found,) = findings(hybrid(run_snippet, "x = 1", target="nothing"))
    assert "NameError" in (found.reason or "")


def test_only_the_levels_asked_for_are_made(run_snippet: RunSnippet) -> None:
    outcome = hybrid(run_snippet, NET + "torch.jit.script(net)", levels=["torchscript_graph"])
    assert [e.level for e in outcome.events if isinstance(e, Code)] == ["torchscript_graph"]


def test_torchscripts_age_is_told_once(run_snippet: RunSnippet) -> None:
    outcome = hybrid(run_snippet, NET + "torch.jit.script(net)\ntorch.jit.trace(net, x)")
    (found,) = findings(outcome, "deprecation")
    assert found.line == 11
    assert outcome.stderr == ""


def test_pictures_of_several_graphs_say_whose_they_are(run_snippet: RunSnippet) -> None:
    source = """
        import torch

        @torch.compile(backend="eager")
        def f(x):
            y = x + 1
            print("between")
            return y * 2

        f(torch.ones(2))
        torch.jit.trace(torch.nn.ReLU(), torch.ones(2))
    """
    graphs = run_snippet(textwrap.dedent(source), "hybrid").of("graph")
    titles = [(str(one.level), one.title) for one in graphs]
    assert len(set(titles)) == len(titles) == 4
    assert ("dynamo_graph", "f") in titles
    assert all(title for level, title in titles if level != "program")
