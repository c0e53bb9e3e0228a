"""The ladder at its limits: huge graphs, endless recompiles, compilers that end before they are done."""

import json
import linecache
import operator
import textwrap
from pathlib import Path

import pytest
import torch
from torch import fx

from playground.contracts.events import Code, Diagnostic, Graph, Stage
from playground.contracts.measured import Captured, CompileTime
from playground.contracts.request import Level, Mode, RunRequest
from playground.lowering.creation import Sites
from playground.pipeline.ladder import MAX_FINDINGS, MAX_GRAPHS, Ladder
from playground.pipeline.session import Session
from playground.pipeline.stages import StageClock
from playground.pipeline.testing import MemoryReporter
from tests.support.pipeline import RunSnippet

SOURCE = "def f(x):\n    return x + 1\n"
CODE = compile(SOURCE, "<snippet>", "exec").co_consts[0]
KERNEL = "cpp_fused_add_0 = async_compile.cpp_pybinding(['float*'], r'''\n{}\n''')\n"


@pytest.fixture
def said() -> MemoryReporter:
    return MemoryReporter()


@pytest.fixture
def ladder(said: MemoryReporter) -> Ladder:
    linecache.cache["<snippet>"] = (len(SOURCE), None, [f"{line}\n" for line in SOURCE.splitlines()], "<snippet>")
    session = Session(RunRequest(source=SOURCE, mode=Mode.HYBRID), said)
    return Ladder(session, Sites(SOURCE), StageClock(session), SOURCE)


def chain(length: int) -> fx.GraphModule:
    graph = fx.Graph()
    node = graph.placeholder("x")
    for _ in range(length):
        node = graph.call_function(operator.add, (node, 1))
    graph.output(node)
    return fx.GraphModule(torch.nn.Module(), graph)


def compile_once(ladder: Ladder, compile_id: str, reasons: str = "") -> None:
    if reasons:
        ladder.record("recompile_reasons", compile_id, {}, reasons)
    ladder.phase(compile_id, "entire_frame_compile", begins=True)
    ladder.record("dynamo_start", compile_id, {}, "")
    ladder.captured(compile_id, chain(1), CODE, {"x": 1})
    ladder.phase(compile_id, "entire_frame_compile", begins=False)
    ladder.record("dynamo_cpp_guards_str", compile_id, {}, "TREE_GUARD_MANAGER:\n+- RootGuardManager")
    ladder.record("compilation_metrics", compile_id, {"guard_latency_us": 3}, "")


def test_a_graph_of_a_hundred_thousand_operations_is_cut_and_counted(
    ladder: Ladder, said: MemoryReporter, tmp_path: Path
) -> None:
    ladder._session._kept_in = tmp_path / "levels"
    rows = "".join(
        f"        # File: <snippet>:2 in f, code: return x + 1\n        add_{number} = x + 1\n"
        for number in range(100_000)
    )
    ladder.record("dynamo_output_graph", "0/0", {}, rows)
    ladder.captured("0/0", chain(100_000), CODE, {})
    (code,) = said.of(Code)
    assert code.level == Level.DYNAMO_GRAPH
    assert len(code.text) + 1 + code.truncated_bytes == len(rows)
    assert code.map == ((2, 2, 1, code.text.count("\n") + 1),)
    assert said.of(Graph) == []
    assert (tmp_path / str(code.full)).read_text() == rows


def test_two_hundred_recompiles_are_counted_and_those_shown_are_few(ladder: Ladder, said: MemoryReporter) -> None:
    compile_once(ladder, "0/0")
    for version in range(1, 201):
        compile_once(ladder, f"0/{version}", f"0/{version - 1}: x == {version}")
    ladder.close(asked=True)
    graphs = [code for code in said.of(Code) if code.level == Level.DYNAMO_GRAPH]
    assert [code.title for code in graphs[:3]] == ["f", "f, version 2", "f, version 3"]
    assert len(graphs) == MAX_GRAPHS
    assert {code.graph for code in said.of(Code)} == {code.title for code in graphs}
    assert said.of(Captured)[-1] == Captured(graphs=201, graph_breaks=0, recompiles=200, left_out=201 - MAX_GRAPHS)
    assert len(said.of(CompileTime)) == 201
    recompiles = [found for found in said.of(Diagnostic) if found.kind == "recompile"]
    assert len(recompiles) == MAX_FINDINGS + 1
    assert recompiles[-1].message == f"{200 - MAX_FINDINGS} more findings of this kind are not listed."
    (left,) = [found for found in said.of(Diagnostic) if found.kind == "fallback"]
    assert left.message == f"Levels of {MAX_GRAPHS} of 201 graphs are shown."


def test_a_megabyte_of_kernels_is_cut_and_left_as_a_file(ladder: Ladder, said: MemoryReporter) -> None:
    compile_once(ladder, "0/0")
    ladder.phase("0/0", "entire_backward_compile", begins=True)
    text = KERNEL.format("    // a line of a kernel\n" * 50_000)
    ladder.record("inductor_output_code", "0/0", {"filename": "/nowhere.py"}, text)
    kernels = next(code for code in said.of(Code) if code.level == Level.INDUCTOR_CODE)
    assert kernels.truncated_bytes > 900_000
    assert kernels.full == "levels/1-inductor_code.txt"


def test_of_all_texts_together_there_is_a_limit_and_no_more_is_kept_than_fits(
    ladder: Ladder, said: MemoryReporter
) -> None:
    compile_once(ladder, "0/0")
    text = KERNEL.format("    // a line of a kernel\n" * 100_000)
    for _ in range(80):
        ladder.record("inductor_output_code", "0/0", {"filename": ""}, text)
    codes = said.of(Code)
    assert sum(len(code.text) for code in codes) < 14 * 2**20
    assert any(code.full is None and code.truncated_bytes for code in codes)


def test_numbers_that_begin_anew_are_of_other_graphs(ladder: Ladder, said: MemoryReporter) -> None:
    compile_once(ladder, "0/0")
    compile_once(ladder, "0/0")
    assert [one.graph for one in said.of(CompileTime)] == ["f", "f (2)"]


def test_a_record_that_is_not_what_it_should_be_harms_nothing(ladder: Ladder, said: MemoryReporter) -> None:
    for name in ("dynamo_graph_break_reason", "aot_joint_graph", "inductor_post_grad_graph", "fx_graph_cache_hit"):
        ladder.record(name, "7/7", None, "\0 nothing like it \ud800")
    ladder.record("something_new", "7/7", {"a": 1}, json.dumps({}))
    assert said.of(Diagnostic)[0].kind == "graph_break"


ENDS = """
    import os, torch

    def ends(module, inputs):
        {end}

    @torch.compile(backend=ends)
    def f(x):
        return torch.relu(x)

    print("before", flush=True)
    f(torch.ones(1))
"""


def test_what_was_made_before_a_compiler_dies_is_there_with_the_stage_it_died_in(run_snippet: RunSnippet) -> None:
    outcome = run_snippet(textwrap.dedent(ENDS.format(end="os._exit(3)")), "hybrid")
    assert outcome.last_words == []
    assert outcome.stdout == "before\n"
    assert "relu" in outcome.level("dynamo_graph").text
    turns = [event for event in outcome.events if isinstance(event, Stage)]
    assert (turns[-1].name, turns[-1].phase) == ("aot", "begin")


def test_a_compiler_that_fails_ends_the_program_as_ever_and_the_levels_stay(run_snippet: RunSnippet) -> None:
    outcome = run_snippet(textwrap.dedent(ENDS.format(end="raise ValueError('no backend today')")), "hybrid")
    assert "no backend today" in outcome.error.message
    assert "relu" in outcome.level("dynamo_graph").text


def test_what_captured_nothing_says_so(run_snippet: RunSnippet) -> None:
    outcome = run_snippet("import torch\nf = torch.compile(lambda x: x + 1)\n", "hybrid")
    (found,) = outcome.of("diagnostic")
    assert found.message == "torch.compile was called, and compiled nothing."


def test_our_own_time_is_not_the_statements(run_snippet: RunSnippet) -> None:
    """The times that the program and its statements take contain no time of ours, which is a part of the whole."""
    source = """
        import torch, time
        began = time.perf_counter_ns()
        torch.compile(lambda x: x * 2 + 1, backend="eager")(torch.ones(3))
        took = time.perf_counter_ns() - began
        print(took)
    """
    outcome = run_snippet(textwrap.dedent(source), "hybrid")
    (statement,) = [event for event in outcome.of("statement") if event.line == 4]
    assert statement.wall_ns < int(outcome.stdout)


def test_a_graph_met_before_on_other_lines_leads_to_its_own(compile_snippet: RunSnippet) -> None:
    source = """
        import torch

        @torch.compile
        def first(x):
            return torch.tanh(x) * x

        @torch.compile
        def second(x):
            return torch.tanh(x) * x

        with torch.no_grad():
            first(torch.ones(8)), second(torch.ones(8))
    """
    outcome = compile_snippet(textwrap.dedent(source), "hybrid")
    assert outcome.of("error") == []
    for level in ("aot_forward", "inductor_post_grad", "inductor_code", "assembly"):
        one, other = [event for event in outcome.events if isinstance(event, Code) and event.level == level]
        assert {span[0] for span in one.map} == {6}
        assert {span[0] for span in other.map} == {10}


def test_what_is_compiled_is_the_same_observed_or_not(compile_snippet: RunSnippet) -> None:
    """Line by line but for comments: so being observed costs a compiled program nothing, however often it is called."""
    source = """
        import torch
        from torch import nn
        from torch._inductor.utils import run_and_get_code

        net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 2))
        _, texts = run_and_get_code(torch.compile(net), torch.randn(1, 64))
        for line in "".join(texts).splitlines():
            if not line.lstrip().startswith(("#", "//")):
                print(line)
    """
    seen, unseen = (compile_snippet(textwrap.dedent(source), mode) for mode in ("hybrid", "imperative"))
    assert seen.stdout == unseen.stdout
    assert "cpp_fused_relu" in seen.stdout
