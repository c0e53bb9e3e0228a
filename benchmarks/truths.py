"""What is known of compiling, found by compare mode: where it pays, where it does not, and what it gets wrong."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playground.contracts.measured import Benchmark
from playground.contracts.request import Mode, RunOptions, RunRequest
from playground.contracts.result import Result, gather
from playground.runner.client import RunnerClient

FANCY = """import torch

def add(a, b):
    return a + b

def fancy_func(a, b, c, d):
    e = add(a, b)
    f = add(c, d)
    g = add(e, f)
    return g

a, b, c, d = (torch.randn({elements}) for _ in range(4))
fancy_func(a, b, c, d)
"""
NETWORK = """import torch
from torch import nn

net = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 2)).eval()
x = torch.randn(1, 512)
net(x)
"""
DECORATED = """import functools, torch

def doubled(function):
    @functools.wraps(function)
    def wrapper(x):
        return 2 * function(x)
    return wrapper

@doubled
def add_one(x):
    return x + 1

add_one(torch.ones(3))
"""
DROPOUT = "import torch\nnet = torch.nn.Dropout(0.5)\nnet(torch.ones(64))\n"
SEVERAL = 2
WARM_S = 5.0
"""What a few seconds are, for the network over four paths."""


@dataclass(frozen=True)
class Finding:
    """One truth: what was found, and whether it is what is known."""

    what: str
    found: str
    holds: bool


def findings(client: RunnerClient) -> Iterator[Finding]:
    """Each truth in turn."""
    large = _times(_run(client, FANCY.format(elements=10**6), "compile"))
    yield _faster("fancy_func of 1,000,000 elements: torch.compile", large, "compile", lambda gain: gain >= SEVERAL)
    small = _times(_run(client, FANCY.format(elements=100), "compile"))
    yield _faster("fancy_func of 100 elements: torch.compile", small, "compile", lambda gain: gain < 1)
    network = _times(_run(client, NETWORK, "freeze", "compile"))
    yield _faster("the network, batch 1: trace and freeze", network, "freeze", lambda gain: gain > 1)
    yield _faster("the network, batch 1: torch.compile", network, "compile", lambda gain: gain < 1)
    yield _outcome("a decorator that script leaves out", _run(client, DECORATED, "script"), "script", "differs")
    yield _outcome("dropout in training mode", _run(client, DROPOUT, "script"), "eager", "nondeterministic")
    yield from _speed(client)


def _speed(client: RunnerClient) -> Iterator[Finding]:
    """How long a reader waits for the first path, and for all."""
    request = _request(NETWORK, "script", "trace", "freeze")
    began, first = time.monotonic(), 0.0
    for event in client.run(request):
        if isinstance(event, Benchmark) and not first:
            first = time.monotonic() - began
    total = time.monotonic() - began
    yield Finding("the network over four paths", f"first after {first:.2f} s, all after {total:.2f} s", total <= WARM_S)


def _request(source: str, *compilers: str) -> RunRequest:
    return RunRequest(
        source=source, mode=Mode.COMPARE, options=RunOptions.model_validate({"compilers": list(compilers)})
    )


def _run(client: RunnerClient, source: str, *compilers: str) -> Result:
    request = _request(source, *compilers)
    return gather(request.mode, request.device, client.run(request))


def _times(result: Result) -> dict[str, Benchmark]:
    return {one.path: one for one in result.benchmarks}


def _faster(what: str, times: dict[str, Benchmark], path: str, holds: Callable[[float], bool]) -> Finding:
    if not {"eager", path} <= set(times):
        return Finding(what, "not timed", holds=False)
    gain = times["eager"].median_ns / times[path].median_ns
    pays = times[path].break_even_calls
    after = "never pays" if pays is None else f"pays after {pays:,} calls"
    return Finding(what, f"{gain:.2f} times as fast as eager, {after}", holds(gain))


def _outcome(what: str, result: Result, path: str, expected: str) -> Finding:
    found = next((v.outcome for v in result.verdicts if v.subject == path and v.check == "inputs"), "no verdict")
    return Finding(what, f"{path}: {found}", found == expected)


def as_text(findings: list[Finding]) -> str:
    """A line for each."""
    return "\n".join(f"{one.what:50}{one.found:55}{'as known' if one.holds else 'NOT AS KNOWN'}" for one in findings)
