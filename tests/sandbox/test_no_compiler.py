"""On a machine without g++: what needs one says so in its place, and everything else is as ever."""

from collections.abc import Iterator

import pytest

from playground.contracts.request import Level
from playground.contracts.result import Result
from tests.support.runner import Bench, start

NETWORK = """
import torch
from torch import nn
net = nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2))
x = torch.arange(6.0).reshape(1, 6)
"""
REASON = "no working g++"
WITHOUT = "The backends aot_eager and eager work without"
INDUCTORS = {Level.INDUCTOR_WRAPPER, Level.INDUCTOR_CODE, Level.ASSEMBLY}
GRAPHS = {Level.DYNAMO_GRAPH, Level.AOT_JOINT, Level.AOT_FORWARD, Level.AOT_BACKWARD}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    place = tmp_path_factory.mktemp("bare")
    limits = {"PLAYGROUND_TIMEOUT_S": "120", "PLAYGROUND_MEMORY_MB": "1024"}
    made = start(place / "data", place / "log", container=False, module="tests.support.no_compiler", **limits)
    assert "there is no working g++" in (place / "log").read_text(encoding="utf-8")
    yield made
    assert made.stop() == 0


def levels(result: Result) -> set[Level]:
    return {code.level for code in result.code}


def fallbacks(result: Result) -> list[tuple[str, str]]:
    return [(one.message, one.reason or "") for one in result.diagnostics if one.kind == "fallback"]


def test_the_ladder_ends_below_aot_and_says_why(own: Bench) -> None:
    result = own.run(NETWORK + "net(x)", "hybrid")
    assert (result.status, result.error) == ("ok", None)
    assert levels(result) >= GRAPHS | {Level.DYNAMO_BYTECODE, Level.GUARDS}
    assert levels(result).isdisjoint(INDUCTORS)
    ((message, reason),) = fallbacks(result)
    assert message.startswith("Inductor needs a C++ compiler and finds none")
    assert REASON in reason
    assert WITHOUT in reason


def test_a_snippet_that_compiles_is_told_on_its_line_and_keeps_what_was_made(own: Bench) -> None:
    result = own.run(NETWORK + "y = torch.compile(net)(x)", "hybrid")
    assert result.status == "error"
    assert result.error is not None
    assert result.error.line == 6
    assert "No working C++ compiler found" in result.error.message
    assert levels(result) >= GRAPHS
    ((message, reason),) = fallbacks(result)
    assert message.startswith("Inductor needs a C++ compiler and finds none")
    assert WITHOUT in reason


def test_the_other_compilers_work(own: Bench) -> None:
    result = own.run(NETWORK + "net(x)", "hybrid", options={"compilers": ["script", "trace", "export", "aoti"]})
    assert (result.status, result.error) == ("ok", None)
    assert levels(result) >= {
        Level.TORCHSCRIPT,
        Level.TORCHSCRIPT_GRAPH,
        Level.TORCHSCRIPT_OPTIMIZED,
        Level.EXPORTED_PROGRAM,
    }
    ((message, reason),) = fallbacks(result)
    assert message == "aoti cannot compile Sequential."
    assert REASON in reason


def test_a_saved_program_says_what_is_missing(own: Bench) -> None:
    result = own.run(NETWORK + "s = torch.jit.script(net)\ns(x)\ns.save('saved.pt')", "hybrid")
    assert (result.status, result.loaded) == ("ok", ())
    ((message, reason),) = fallbacks(result)
    assert message == "saved.pt was not run without Python."
    assert "not built on this machine" in reason


def test_paths_that_need_it_fail_with_the_reason_and_the_others_are_compared(own: Bench) -> None:
    compilers = ["script", "compile", "export", "aoti", "libtorch"]
    result = own.run(NETWORK + "net(x)", "compare", options={"compilers": compilers, "min_run_ms": 20})
    assert (result.status, result.error) == ("ok", None)
    assert [one.path for one in result.benchmarks] == ["eager", "script", "export"]
    failed = {one.subject: one.message or "" for one in result.verdicts if one.outcome == "failed"}
    assert failed.keys() == {"compile", "aoti", "libtorch"}
    assert REASON in failed["compile"]
    assert REASON in failed["aoti"]
    assert "not built on this machine" in failed["libtorch"]


def test_another_backend_is_compared_like_any_path(own: Bench) -> None:
    options = {"compilers": ["compile"], "backend": "aot_eager", "min_run_ms": 20}
    result = own.run(NETWORK + "net(x)", "compare", options=options)
    assert [one.path for one in result.benchmarks] == ["eager", "compile"]
    assert {one.outcome for one in result.verdicts} == {"same"}
