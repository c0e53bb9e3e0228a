"""Large programs, really run: what they become is cut with counts and left whole as files, and the next run is fine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.contracts.events import Code
from playground.contracts.request import Level
from playground.contracts.result import Result
from playground.lowering.listing import MAX_BYTES
from playground.lowering.torchscript import MAX_NODES
from playground.pipeline.ladder import MAX_FINDINGS, MAX_GRAPHS
from tests.support.runner import MIB, Bench, start

MEMORY_MB = 1024
TRACED = """
import torch
def f(x):
    for i in range(33_400):
        x = torch.add(x, 2.0)
    return x
traced = torch.jit.trace(f, torch.ones(2), check_trace=False)
print(sum(1 for node in traced.graph.nodes()))
"""
RECOMPILED = """
import torch
torch._dynamo.config.recompile_limit = torch._dynamo.config.accumulated_recompile_limit = 1000
torch._dynamo.config.automatic_dynamic_shapes = False
@torch.compile(backend="eager", dynamic=False)
def f(x, n):
    return x + n
for n in range(201):
    y = f(torch.ones(2), n)
print(y.sum().item())
"""
MANY_KERNELS = """
import torch
@torch.compile
def f(xs):
    return [torch.sin(x) * i + torch.cos(x) for i, x in enumerate(xs)]
print(len(f([torch.ones(i + 2) for i in range(120)])))
"""
GENERATED = """
lines = [f"x{{i}} = {{i}} + {{i}}" for i in range({count})]
program = "\\n".join(lines) + "\\nprint(x{last})"
exec(compile(program, "", "exec"))
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The limits that a server has by default, but for the time, which a busy machine needs more of."""
    limits = {"TIMEOUT_S": "120", "MEMORY_MB": str(MEMORY_MB), "DISK_MB": "256", "PROCESSES": "256"}
    settings = {f"PLAYGROUND_{name}": value for name, value in (limits | {"ARTIFACT_MB": "32"}).items()}
    made = start(tmp_path_factory.mktemp("large"), None, container=False, **settings)
    yield made
    assert made.stop() == 0


@pytest.fixture(autouse=True)
def next_run_is_fine(own: Bench) -> Iterator[None]:
    yield
    assert own.run("print(1 + 1)").stdout == "2\n"


def complete(bench: Bench, source: str, mode: str = "hybrid", **options: object) -> Result:
    """A run that ends by itself, within its memory."""
    result = bench.run(source, mode, options=options)
    assert (result.status, result.error) == ("ok", None)
    assert (result.peak_rss_bytes or 0) < MEMORY_MB * MIB
    return result


def cut(bench: Bench, result: Result, level: Level) -> Code:
    """A level that was cut: what is missing is counted, and the file has all of it."""
    code = next(code for code in result.code if code.level == level)
    size = len(code.text.encode())
    assert size <= MAX_BYTES
    assert code.truncated_bytes > 0
    whole = whole_of(bench, result, code)
    assert whole.startswith(code.text)
    assert size <= len(whole.encode()) - code.truncated_bytes <= size + 1  # the end of the last line
    return code


def whole_of(bench: Bench, result: Result, code: Code) -> str:
    """The file that a level names."""
    assert code.full in {artifact.name for artifact in result.artifacts}
    return Path(bench.client.fetch(result.run_id, str(code.full)).path).read_text(encoding="utf-8")


def test_a_traced_loop_of_a_hundred_thousand_operations(own: Bench) -> None:
    result = complete(own, TRACED)
    count = int(result.stdout)
    assert count > 100_000
    code = cut(own, result, Level.TORCHSCRIPT)
    graph = cut(own, result, Level.TORCHSCRIPT_GRAPH)
    assert {span[:2] for span in (*code.map, *graph.map)} == {(5, 5)}
    assert whole_of(own, result, graph).count("aten::add") == 33_400
    (picture,) = [one for one in result.graphs if one.level == Level.TORCHSCRIPT_GRAPH]
    assert len(picture.nodes) == MAX_NODES
    assert picture.left_out == 33_400 - MAX_NODES


def test_a_function_that_is_compiled_two_hundred_times_again(own: Bench) -> None:
    result = complete(own, RECOMPILED)
    assert result.stdout == "402.0\n"
    captured = result.captured
    assert captured is not None
    assert (captured.graphs, captured.recompiles, captured.left_out) == (201, 200, 201 - MAX_GRAPHS)
    assert len([code for code in result.code if code.level == Level.DYNAMO_GRAPH]) == MAX_GRAPHS
    found = [one.message for one in result.diagnostics if one.kind == "recompile"]
    assert len(found) == MAX_FINDINGS + 1
    assert found[-1] == f"{200 - MAX_FINDINGS} more findings of this kind are not listed."
    assert len(result.compile_times) == 201


def test_a_megabyte_of_machine_code(own: Bench) -> None:
    """Of Inductor's kernels: what it took to make them is in the stages, and each level of it is there."""
    result = complete(own, MANY_KERNELS)
    assert result.stdout == "120\n"
    assert cut(own, result, Level.ASSEMBLY).truncated_bytes > 500_000
    there = {code.level for code in result.code}
    assert {Level.DYNAMO_GRAPH, Level.AOT_FORWARD, Level.INDUCTOR_POST_GRAD, Level.INDUCTOR_CODE} <= there


def test_a_megabyte_of_generated_program(own: Bench) -> None:
    result = complete(own, GENERATED.format(count=45_000, last=44_999), "symbolic")
    assert result.stdout == "89998\n"
    assert len(whole_of(own, result, cut(own, result, Level.PROGRAM))) > 1_000_000
    assert cut(own, result, Level.AST).truncated_bytes > 1_000_000
    assert cut(own, result, Level.BYTECODE).truncated_bytes > 1_000_000
    (refused,) = [one for one in result.diagnostics if one.kind == "rewrite_refused"]
    assert refused.message.endswith("Nothing is rewritten: the program is too long")


def test_a_run_that_is_cut_short_leaves_the_whole_text_of_what_it_said(own: Bench) -> None:
    source = GENERATED.format(count=13_000, last=12_999) + "while True:\n    pass"
    result = own.run(source, "symbolic", options={"timeout_s": 10, "levels": ["program"]})
    assert (result.status, result.stdout) == ("timeout", "25998\n")
    assert result.limit is not None
    assert result.limit.name == "time"
    cut(own, result, Level.PROGRAM)
