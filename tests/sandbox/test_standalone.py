"""Saved programs run without Python, in real sandboxes: outputs equal, no libpython, failures told."""

from collections.abc import Iterator
from typing import Any

import pytest

from playground.contracts.result import Result
from tests.support.runner import Bench, start

pytestmark = pytest.mark.usefixtures("prepared")
NETWORK = """
import torch
from torch import nn
net = nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2))
x = torch.arange(6.0).reshape(1, 6)
"""


def saved(bench: Bench, source: str, **options: object) -> Result:
    result = bench.run(NETWORK + source, "hybrid", options=options)
    assert (result.status, result.error) == ("ok", None)
    return result


def check(result: Result, name: str, kind: str) -> Any:  # noqa: ANN401 - the event
    """The outputs are equal, and no Python was there."""
    (loaded,) = [event for event in result.loaded if event.name == name]
    assert loaded.kind == kind
    assert loaded.python_free
    assert "libtorch_cpu.so" in loaded.libraries
    assert not [library for library in loaded.libraries if "python" in library]
    assert min(loaded.load_ns, loaded.first_call_ns, loaded.median_ns, loaded.python_median_ns) > 0
    (verdict,) = [event for event in result.verdicts if event.subject == f"libtorch: {name}"]
    assert (verdict.against, verdict.outcome, verdict.max_abs_error) == ("python", "same", 0.0)
    return loaded


def test_a_scripted_network_gives_what_it_gives_in_python(bench: Bench) -> None:
    result = saved(bench, "net(x)\nnet = torch.jit.script(net)\nnet(x)\nnet.save('my_mlp')")
    loaded = check(result, "my_mlp", "torchscript")
    assert loaded.line == 9
    assert loaded.size_bytes == next(a.size_bytes for a in result.artifacts if a.name == "my_mlp")
    assert "libtorch" in result.timings


def test_a_traced_network_is_called_with_what_it_was_traced_with(bench: Bench) -> None:
    check(saved(bench, "torch.jit.save(torch.jit.trace(net, x), 'traced.pt')"), "traced.pt", "torchscript")


def test_a_scripted_function_with_several_results(bench: Bench) -> None:
    source = """
def f(x, y: int = 3):
    return [x + y, x * y], y
f(x)
scripted = torch.jit.script(f)
torch.jit.save(scripted, 'function.pt')
"""
    check(saved(bench, source), "function.pt", "torchscript")


@pytest.mark.parametrize("ending", ["1 / 0", "raise SystemExit(3)"])
def test_what_was_saved_before_an_error_is_run_when_that_was_told(bench: Bench, ending: str) -> None:
    result = bench.run(NETWORK + f"net = torch.jit.script(net)\nnet(x)\nnet.save('early.pt')\n{ending}", "hybrid")
    assert result.status == "error"
    assert (result.error is None) == ("SystemExit" in ending)
    assert check(result, "early.pt", "torchscript").line == 8


def test_what_is_never_called_is_not_run_and_says_why(bench: Bench) -> None:
    result = saved(bench, "torch.jit.script(net).save('never.pt')")
    assert result.loaded == ()
    (found,) = [d for d in result.diagnostics if d.kind == "fallback"]
    assert found.message == "never.pt was not run without Python."
    assert found.reason is not None
    assert "nothing to call it with" in found.reason


def test_a_file_that_is_spoiled_after_saving_harms_nothing(bench: Bench) -> None:
    source = "net = torch.jit.script(net)\nnet(x)\nnet.save('spoiled.pt')\nopen('spoiled.pt', 'wb').write(b'x' * 99)"
    result = saved(bench, source)
    assert result.loaded == ()
    assert [d.message for d in result.diagnostics if d.kind == "fallback"] == ["spoiled.pt was not run without Python."]


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """AOTInductor takes 10 s on a machine at rest, and some memory."""
    limits = {"PLAYGROUND_TIMEOUT_S": "600", "PLAYGROUND_MEMORY_MB": "1024", "PLAYGROUND_DISK_MB": "256"}
    made = start(tmp_path_factory.mktemp("patient"), None, container=False, **limits)
    yield made
    assert made.stop() == 0


def test_an_exported_program_is_compiled_ahead_of_time_first(patient: Bench) -> None:
    source = "with torch.no_grad(): torch.export.save(torch.export.export(net, (x,)), 'net.pt2')"
    loaded = check(saved(patient, source), "net.pt2", "exported")
    assert loaded.compile_ns > 0
    assert loaded.package_bytes > loaded.size_bytes
    assert [library for library in loaded.libraries if library.endswith(".wrapper.so")]


def test_ahead_of_time_is_a_compiler_like_the_others(patient: Bench) -> None:
    result = saved(patient, "net(x)", compilers=["aoti"])
    check(result, "aoti.pt2", "aoti")
    assert [artifact.name for artifact in result.artifacts] == ["aoti.pt2"]
