"""What symbolic and imperative mode say of flow and lifetimes."""

from playground.contracts.events import Code
from playground.contracts.measured import Lifetime, Memory
from playground.contracts.request import Level, RunRequest
from playground.pipeline import flow, form
from playground.pipeline.session import Session
from playground.pipeline.testing import MemoryReporter
from tests.support.pipeline import Outcome, RunSnippet

UNCHANGED = "No pass changed the program, so there is nothing to compare."
TENSORS = """import torch
def double(x):
    big = x * 2
    return big.sum()
a = torch.ones(1000, 1000)
b = a + 1
print(double(b))
"""
BUILT = """def build():
    return '''
x = 'a' * 5000
y = len(x)
print(y)
'''
exec(build())
exec(compile("print(1 + 2)", "", "exec"))
"""


def symbolic(run_snippet: RunSnippet, source: str, **options: object) -> Outcome:
    return run_snippet(source, mode="symbolic", **options)


def lives(outcome: Outcome, level: str, title: str = "") -> dict[str, Lifetime]:
    return {one.name: one for one in outcome.of("lifetime") if one.level == level and one.title == title}


def test_every_form_has_its_picture(run_snippet: RunSnippet) -> None:
    graphs = symbolic(run_snippet, "def add(a, b):\n    return a + b\nprint(add(1, 2))").of("graph")
    assert [graph.level for graph in graphs] == ["program", "inlined", "folded", "released"]
    assert [[node.label for node in graph.nodes] for graph in graphs] == [
        ["1", "2", "add", "print"],
        ["1", "2", "+", "print"],
        ["3", "print"],
        ["3", "print"],
    ]


def test_lines_of_a_generated_program_are_those_that_wrote_it(run_snippet: RunSnippet) -> None:
    first, *_ = symbolic(run_snippet, BUILT).of("graph")
    assert {node.label: node.line for node in first.nodes}["len"] == 4


def test_lifetimes_before_and_after_come_with_what_was_held(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, TENSORS)
    before, after = lives(outcome, "program"), lives(outcome, "released")
    assert (before["a"].last, before["a"].ends, before["a"].last_use) == (7, "left", 6)
    assert after["a"].ends == "deleted"
    assert [before[name].held_bytes for name in ("a", "b", "x", "big")] == [4_000_000] * 4
    peaks = {str(one.level): one for one in outcome.of("memory") if isinstance(one, Memory)}
    assert peaks["program"].complete
    assert peaks["released"].peak_bytes < peaks["program"].peak_bytes == 12_000_000
    assert outcome.stdout == "tensor(4000000.)\n"


def test_a_program_that_no_pass_changed_is_followed_too(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, "import torch\n\ny = torch.ones(1_000_000)\nprint(y.sum())")
    assert lives(outcome, "program")["y"].held_bytes == 4_000_000
    assert [said.message for said in outcome.of("verdict")] == [UNCHANGED]
    assert (outcome.of("benchmark"), outcome.stdout) == ([], "tensor(1000000.)\n")


def test_each_program_has_its_own(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, BUILT)
    titles = list(dict.fromkeys(graph.title for graph in outcome.of("graph")))
    assert titles == ["", "program 2 (line 8)"]
    assert set(lives(outcome, "program")) == {"x", "y"}


def test_a_level_that_nobody_asked_for_has_neither(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, TENSORS, levels=["bytecode"])
    assert (outcome.of("graph"), outcome.of("lifetime"), outcome.of("memory")) == ([], [], [])


def test_imperative_mode_shows_the_flow_of_a_snippet_that_is_not_long(run_snippet: RunSnippet) -> None:
    (graph,) = run_snippet("x = 1\ny = x + 2\nprint(y)").of("graph")
    assert [node.label for node in graph.nodes] == ["x = 1", "2", "+", "y", "print"]
    assert run_snippet("x = 1\n" * 2_000).of("graph") == []


def test_a_form_that_is_not_shown_whole_has_neither() -> None:
    reporter = MemoryReporter()
    session = Session(RunRequest(source="", mode="symbolic"), reporter)
    code = Code(level=Level.PROGRAM, title="", language="python", text="x = (", truncated_bytes=1)
    flow.show(session, code)
    flow.tell(session, code)
    session.now()
    assert reporter.events == []


def test_of_several_lines_the_closest_counts() -> None:
    assert form.origins([(1, 9, 1, 3), (4, 4, 2, 2), (5, 6, 2, 3)]) == {1: 1, 2: 4, 3: 5}
