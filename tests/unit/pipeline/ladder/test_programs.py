"""Sixty programs and more: all levels are there, each link leads to the right line, and being observed changes nothing.

The expected lines stand in the programs themselves, as comments that name the operators.
"""

from collections.abc import Callable

import pytest

from playground.contracts.events import Code
from playground.contracts.measured import Captured
from tests.support.ladder import Program, linked, operators
from tests.support.pipeline import Outcome, RunSnippet
from tests.unit.pipeline.ladder.programs import PROGRAMS

ALWAYS = {"dynamo_graph", "dynamo_bytecode", "guards", "aot_forward"}
TRAINED = {"aot_joint", "aot_backward"}
GENERATED = {"inductor_post_grad", "inductor_wrapper", "inductor_code", "assembly"}
GRAPHS = {"dynamo_graph", "aot_forward", "aot_joint", "aot_backward", "inductor_post_grad"}
Observe = Callable[[Program], Outcome]


@pytest.fixture(scope="module")
def observed() -> dict[str, Outcome]:
    """What was observed of each program."""
    return {}


@pytest.fixture
def observe(compile_snippet: RunSnippet, observed: dict[str, Outcome]) -> Observe:
    """Observe a program, once for all tests."""

    def run(program: Program) -> Outcome:
        if program.feature not in observed:
            observed[program.feature] = compile_snippet(program.whole, "hybrid")
        return observed[program.feature]

    return run


each = pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.feature)
compiled = pytest.mark.parametrize(
    "program", [one for one in PROGRAMS if one.graphs], ids=lambda program: program.feature
)
generated = pytest.mark.parametrize(
    "program", [one for one in PROGRAMS if one.backend == "inductor"], ids=lambda program: program.feature
)


def levels(outcome: Outcome, *names: str) -> list[Code]:
    return [event for event in outcome.events if isinstance(event, Code) and event.level in names]


def reached(code: Code) -> set[int]:
    return {line for found in linked(code).values() for line in found}


def test_there_are_enough_of_them() -> None:
    assert len({program.feature for program in PROGRAMS}) == len(PROGRAMS) >= 60


@each
def test_being_observed_changes_nothing(program: Program, observe: Observe, compile_snippet: RunSnippet) -> None:
    seen, unseen = observe(program), compile_snippet(program.whole)
    assert seen.stdout == unseen.stdout
    assert seen.done.exit_code == unseen.done.exit_code
    if program.error:
        assert program.error in seen.error.message
        assert (seen.error.error_type, seen.error.line) == (unseen.error.error_type, unseen.error.line)
        assert seen.error.message == unseen.error.message
    else:
        assert seen.of("error") == []
        assert seen.stdout


@compiled
def test_all_levels_are_there(program: Program, observe: Observe) -> None:
    found = {event.level.value for event in observe(program).events if isinstance(event, Code)} - {"ast", "bytecode"}
    expected = set(ALWAYS)
    expected |= TRAINED if program.backward else set()
    expected |= GENERATED if program.backend == "inductor" else set()
    assert found == expected


@each
def test_graphs_breaks_and_recompiles_are_counted_and_told_on_their_lines(program: Program, observe: Observe) -> None:
    outcome = observe(program)
    told = [event for event in outcome.events if isinstance(event, Captured)]
    last = told[-1] if told else Captured(graphs=0, graph_breaks=0, recompiles=0)
    found = [event for event in outcome.of("diagnostic") if event.kind == "graph_break"]
    again = [event for event in outcome.of("diagnostic") if event.kind == "recompile"]
    assert (last.graphs, last.graph_breaks, last.recompiles) == (
        program.graphs,
        len(program.breaks),
        program.recompiles,
    )
    assert tuple(event.line for event in found) == program.breaks
    assert all(event.reason and event.hint and "Unsupported" in event.detail for event in found)
    assert len(again) == program.recompiles
    lines = program.source.splitlines()
    assert all("f(" in lines[event.line - 1] and event.reason and event.hint for event in again)
    assert [event for event in outcome.of("diagnostic") if event.kind == "fallback"] == []


@compiled
def test_each_operator_leads_to_the_line_that_asks_for_it(program: Program, observe: Observe) -> None:
    outcome, marks = observe(program), program.marks
    met = set()
    for code in levels(outcome, "aot_forward", "aot_joint", "inductor_post_grad"):
        links = linked(code)
        for name, row in operators(code):
            if name in marks and row in links:
                met.add(name)
                assert links[row][0] in marks[name], f"{code.level}: {code.text.splitlines()[row - 1]}"
    assert met >= set(marks) - {"transpose", "view", "permute", "clone"}  # which AOT may do without


@compiled
def test_every_operation_is_linked_to_a_line_that_was_compiled(program: Program, observe: Observe) -> None:
    asked = {line for lines in program.marks.values() for line in lines}
    text = program.source.splitlines()
    for code in levels(observe(program), *GRAPHS):
        links = linked(code)
        unlinked = [name for name, row in operators(code) if row not in links]
        assert set(unlinked) <= {"full", "scalar_tensor", "view"}, code.text  # which AOT adds itself
        assert asked & {line for found in links.values() for line in found}, code.level
        assert all(text[line - 1].strip() for found in links.values() for line in found)


@compiled
def test_columns_mark_the_expression(program: Program, observe: Observe) -> None:
    text = program.source.splitlines()
    for code in levels(observe(program), "dynamo_graph"):
        assert code.columns
        for line, column, end_line, end_column, _, _ in code.columns:
            if line == end_line and end_column:
                piece = text[line - 1][column:end_column]
                assert piece == piece.strip() != ""


@generated
def test_kernels_their_calls_and_their_machine_code_lead_to_all_lines_that_were_fused(
    program: Program, observe: Observe
) -> None:
    asked = {line for lines in program.marks.values() for line in lines}
    outcome = observe(program)
    for code in levels(outcome, "inductor_code", "assembly"):
        links, rows = linked(code), list(enumerate(code.text.splitlines(), start=1))
        assert reached(code) <= asked
        assert [row for row, text in rows if text.startswith(("// cpp_", "# cpp_"))]
        assert all(row in links for row, text in rows if text)
    for code in levels(outcome, "inductor_wrapper"):
        links, rows = linked(code), list(enumerate(code.text.splitlines(), start=1))
        calls = [row for row, text in rows if text.strip().startswith(("cpp_fused", "extern_kernels."))]
        assert calls
        assert all(row in links for row in calls)
    wrappers = levels(outcome, "inductor_wrapper")
    assert set().union(*(reached(code) for code in wrappers)) == asked


@generated
def test_the_time_of_compiling_is_told_by_phase(program: Program, observe: Observe) -> None:
    times = observe(program).of("compile_time")
    assert len(times) >= program.graphs
    for one in times[: program.graphs]:
        assert [name for name, _ in one.phases][:3] == ["dynamo", "aot", "inductor"]
        assert one.cache in {"hit", "miss"}
        assert all(ns > 0 for _, ns in one.phases)
