"""Where the time and the memory of a path go, in a run of its own."""

import json
import textwrap

import pytest

from playground.contracts.measured import Profile, TensorLife
from tests.support.pipeline import Outcome, RunSnippet

FUNCTION = """
import torch
def f(x):
    y = torch.exp(x)
    z = y + 1
    y = None
    z = z.sum()
    return z
with torch.no_grad():
    f(torch.ones(1000))
"""


def profiles(outcome: Outcome) -> dict[str, Profile]:
    assert outcome.of("error") == []
    return {e.path: e for e in outcome.events if isinstance(e, Profile)}


def profiled(run_snippet: RunSnippet, source: str, *compilers: str, **options: object) -> dict[str, Profile]:
    given = {"min_run_ms": 1, "profile": True, "compilers": list(compilers), **options}
    return profiles(run_snippet(textwrap.dedent(source), "compare", **given))


def test_time_is_shared_among_four_parts_and_operators_are_named(run_snippet: RunSnippet) -> None:
    found = profiled(run_snippet, FUNCTION, "script")
    assert list(found) == ["eager", "script"]
    for profile in found.values():
        assert [name for name, _ in profile.parts] == ["python", "wrapper", "dispatch", "kernel"]
        assert all(took >= 0 for _, took in profile.parts)
        assert dict(profile.parts)["kernel"] > 0
        operators = {one.name: one for one in profile.operators}
        assert operators["aten::exp"].calls == pytest.approx(1)
        assert operators["aten::exp"].allocated_bytes == 4000
    assert dict(found["eager"].parts)["wrapper"] == 0
    assert dict(found["script"].parts)["wrapper"] > 0


def test_memory_is_counted_and_tensors_live_from_line_to_line(run_snippet: RunSnippet) -> None:
    eager = profiled(run_snippet, FUNCTION, "trace")["eager"]
    assert 8004 <= eager.peak_bytes <= eager.allocated_bytes <= 8100  # numbers become small tensors, too
    assert eager.lifetimes == (
        TensorLife(line=4, freed=6, operator="aten.exp.default", tensors=1, held_bytes=4000),
        TensorLife(line=5, freed=7, operator="aten.add.Tensor", tensors=1, held_bytes=4000),
        TensorLife(line=7, freed=None, operator="aten.sum.default", tensors=1, held_bytes=4),
    )


def test_tensors_made_inside_a_module_belong_to_the_line_that_made_the_module(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        from torch import nn
        net = nn.Sequential(
            nn.Linear(8, 4),
            nn.ReLU(),
        )
        with torch.no_grad():
            net(torch.ones(2, 8))
    """
    lifetimes = profiled(run_snippet, source, "trace")["eager"].lifetimes
    assert [(life.line, life.operator) for life in lifetimes] == [(5, "aten.addmm.default"), (6, "aten.relu.default")]


def test_the_timeline_is_a_file_of_whole_events_and_overwrites_nothing(run_snippet: RunSnippet) -> None:
    source = FUNCTION + "open('trace-eager.json', 'w').write('mine')\n"
    source += "import atexit, os, json\n@atexit.register\ndef tell():\n"
    source += "    print(json.dumps({n: open(n).read() for n in os.listdir()}))\n"
    outcome = run_snippet(source, "compare", min_run_ms=1, profile=True, compilers=["trace"])
    assert {path: profile.trace for path, profile in profiles(outcome).items()} == {
        "eager": "trace-eager-2.json",
        "trace": "trace-trace.json",
    }
    files = json.loads(outcome.stdout)
    assert files["trace-eager.json"] == "mine"
    events = json.loads(files["trace-eager-2.json"])["traceEvents"]
    assert "aten::exp" in {event["name"] for event in events}
    assert {(event["ph"], type(event["pid"]), type(event["tid"])) for event in events} == {("X", int, int)}


def test_a_path_that_cannot_be_profiled_says_why_and_the_others_go_on(run_snippet: RunSnippet) -> None:
    source = """
        import torch
        def f(x):
            if torch.autograd._profiler_enabled():
                raise RuntimeError("not while I am watched")
            return x + 1
        f(torch.ones(1))
    """
    outcome = run_snippet(textwrap.dedent(source), "compare", min_run_ms=1, profile=True, compilers=["trace"])
    assert list(profiles(outcome)) == ["trace"]
    (said,) = [e for e in outcome.of("diagnostic") if e.kind == "fallback"]
    assert (said.message, said.line) == ("The path eager was not profiled.", 5)
