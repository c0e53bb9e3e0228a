"""Compare mode behind the walls: verdicts, the timeline as a file, the machine's fingerprint, a path that hangs."""

import json
from pathlib import Path

import pytest

from playground.contracts.events import Status
from playground.contracts.result import Result
from playground.examples import examples
from playground.runner import fingerprint
from tests.support.runner import Bench

LIGHT = ["script", "trace", "freeze"]
DROPOUT = "import torch\nnet = torch.nn.Dropout(0.5)\nnet(torch.ones(64))"
NETWORK = """import torch
from torch import nn
net = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 2)).eval()
net(torch.randn(1, 512))
"""
HANGS = "import torch\ndef f(x):\n    while torch.jit.is_tracing():\n        pass\n    return x + 1\nf(torch.ones(1))"


def compared(bench: Bench, source: str, **options: object) -> Result:
    given = {"min_run_ms": 1, "compilers": LIGHT, **options}
    return bench.run(source, "compare", options=given)


def outcomes(result: Result, check: str = "inputs") -> dict[str, str]:
    return {v.subject: v.outcome for v in result.verdicts if v.check == check}


def test_a_network_is_the_same_along_every_path(bench: Bench) -> None:
    result = compared(bench, NETWORK)
    assert result.status is Status.OK
    assert outcomes(result) == dict.fromkeys(("eager", *LIGHT), "same")
    assert outcomes(result, "gradients")["script"] == "same"
    assert [one.path for one in result.benchmarks] == ["eager", *LIGHT]
    assert all(one.curve and one.noop_ns for one in result.benchmarks)


def test_a_decorator_that_script_leaves_out_is_found(bench: Bench) -> None:
    (source,) = [example.source for example in examples() if example.slug == "decorator"]
    assert outcomes(compared(bench, source))["script"] == "differs"


def test_dropout_while_training_is_not_deterministic(bench: Bench) -> None:
    result = compared(bench, DROPOUT, compilers=["script"])
    assert outcomes(result) == {"eager": "nondeterministic", "script": "nondeterministic"}
    assert outcomes(result, "seed") == {"script": "same"}


def test_a_path_that_hangs_leaves_the_others_their_time(bench: Bench) -> None:
    result = compared(bench, HANGS, compilers=["trace", "script"], timeout_s=10)
    assert result.status is Status.OK
    assert outcomes(result) == {"eager": "same", "trace": "failed", "script": "same"}


def test_the_timeline_can_be_downloaded(bench: Bench) -> None:
    result = compared(bench, NETWORK, compilers=["trace"], profile=True)
    assert [profile.trace for profile in result.profiles] == ["trace-eager.json", "trace-trace.json"]
    assert {artifact.name for artifact in result.artifacts} == {"trace-eager.json", "trace-trace.json"}
    file = Path(bench.client.fetch(result.run_id, "trace-eager.json").path)
    names = {event["name"] for event in json.loads(file.read_bytes())["traceEvents"]}
    assert "aten::addmm" in names


def test_a_sweep_runs_the_snippet_again_and_prints_once(bench: Bench) -> None:
    source = NETWORK.replace("1, 512", "rows, 512").replace("from torch", "rows = 2\nprint(rows)\nfrom torch")
    result = compared(bench, source, compilers=["trace"], sweep="rows=1,4")
    assert [one.parameters for one in result.benchmarks] == [{"rows": 1}] * 2 + [{"rows": 4}] * 2
    assert result.stdout == "2\n"


@pytest.mark.parametrize("mode", ["compare", "imperative"])
def test_every_run_says_on_what_machine_it_ran(bench: Bench, mode: str) -> None:
    environment = bench.run("import torch\ntorch.relu(torch.ones(1))", mode).environment
    assert environment
    assert environment.machine
    here = fingerprint.now()
    assert environment.machine.model_copy(update={"load": here.load}) == here


@pytest.mark.usefixtures("prepared")
def test_the_network_is_called_from_c_plus_plus_without_python(bench: Bench) -> None:
    result = compared(bench, NETWORK, compilers=["libtorch"])
    assert outcomes(result) == {"eager": "same", "libtorch": "same"}
    assert outcomes(result, "perturbed") == {"libtorch": "same"}
    assert [one.path for one in result.benchmarks] == ["eager", "libtorch"]
