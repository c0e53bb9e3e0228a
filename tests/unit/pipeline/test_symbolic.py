import pytest

from playground.contracts.events import Stage
from tests.support.pipeline import Outcome, RunSnippet

FUNCTIONS = "def double(x):\n    return 2 * x\n"
BUILDER = f'''
def double_():
    return """
{FUNCTIONS}"""

def evoke_():
    return double_() + 'print(double(21))'
'''
HANDED_OVER = BUILDER + "prog = evoke_()\nprint('built')\ncode = compile(prog, '', 'exec')\nexec(code)\n"


def symbolic(run_snippet: RunSnippet, source: str) -> Outcome:
    return run_snippet(source, mode="symbolic")


def programs(outcome: Outcome) -> list[str]:
    return [event.text for event in outcome.of("code") if event.level == "program"]


def ended(outcome: Outcome) -> set[str]:
    return {event.name for event in outcome.events if isinstance(event, Stage) and event.phase == "end"}


def test_a_string_handed_to_compile_is_the_program_and_runs_as_it_would(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, HANDED_OVER)
    assert outcome.stdout == "built\n42\n"
    assert programs(outcome) == [f"\n{FUNCTIONS}print(double(21))"]
    assert ended(outcome) == {"define", "build", "rewrite", "compile", "execute"}


def test_a_string_handed_to_exec_is_the_program(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, "def f():\n    y = 1\n    exec('print(y + 1)')\nf()")
    assert outcome.stdout == "2\n"
    assert programs(outcome) == ["print(y + 1)"]


@pytest.mark.parametrize(
    "ending", ["evoke_()", "prog = evoke_()", "program = evoke_()", "", "def build(): return evoke_()\ndel evoke_"]
)
def test_else_the_string_that_is_left_is_compiled_and_executed(run_snippet: RunSnippet, ending: str) -> None:
    if ending.startswith("def build"):
        ending = "_e = evoke_\ndef build(): return _e()\ndel evoke_"
    outcome = symbolic(run_snippet, BUILDER + ending)
    assert outcome.stdout == "42\n"
    assert programs(outcome) == [f"\n{FUNCTIONS}print(double(21))"]
    assert {"compile", "execute"} <= ended(outcome)


def test_else_the_snippet_is_the_program_itself(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, FUNCTIONS + "print(double(21))")
    assert outcome.stdout == "42\n"
    assert programs(outcome) == [FUNCTIONS + "print(double(21))"]
    assert ended(outcome) == {"rewrite", "compile", "execute"}


def test_levels_of_the_program_are_linked_to_the_lines_that_wrote_it(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, HANDED_OVER)
    lines = HANDED_OVER.splitlines()
    text = outcome.level("program")
    links = {text.text.splitlines()[span[2] - 1]: lines[span[0] - 1] for span in text.map}
    assert links["def double(x):"] == "def double(x):"
    assert links["    return 2 * x"] == "    return 2 * x"
    assert links["print(double(21))"] == "    return double_() + 'print(double(21))'"
    assert {span[0] for span in outcome.level("bytecode", "Bytecode").map} <= {span[0] for span in text.map}


def test_several_programs_are_all_shown(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, "for i in range(3):\n    exec(f'print({i})')")
    assert outcome.stdout == "0\n1\n2\n"
    assert programs(outcome) == ["print(0)", "print(1)", "print(2)"]


def test_hundreds_of_programs_do_not_drown_the_answer(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, "for i in range(500):\n    exec('i')\nprint('end')")
    assert outcome.stdout == "end\n"
    assert len(programs(outcome)) == 20
    assert len(outcome.of("stage")) < 250


def test_an_error_in_the_program_names_the_programs_line(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, "prog = 'x = 1\\nx / 0'\nexec(compile(prog, '', 'exec'))")
    assert outcome.error.error_type == "ZeroDivisionError"
    assert [(f.file, f.line, f.text) for f in outcome.error.frames] == [
        ("<snippet>", 2, "exec(compile(prog, '', 'exec'))"),
        ("<program>", 2, "x / 0"),
    ]
    assert outcome.error.line == 2


def test_a_syntax_error_in_the_program_shows_the_programs_line(run_snippet: RunSnippet) -> None:
    error = symbolic(run_snippet, "y = 1\nexec('a = = b')").error
    assert error.error_type == "SyntaxError"
    assert (error.frames[-1].file, error.frames[-1].line, error.frames[-1].text) == ("<program>", 1, "a = = b")
    assert error.line == 2


def test_compile_and_exec_behave_as_ever(run_snippet: RunSnippet) -> None:
    source = """
from __future__ import annotations
import ast
scope = {}
exec('def f(x: nope): return x', scope)
print(scope['f'].__annotations__)
print(eval(compile('1 + 1', 'f', 'eval')), compile('x', 'f', 'exec').co_filename)
print(type(compile('x = 1', 'f', 'exec', ast.PyCF_ONLY_AST)).__name__)
def g():
    exec('z = 5')
    return locals()['z']
print(g())
exec(compile(ast.parse('print(9)'), 'tree', 'exec'))
"""
    assert symbolic(run_snippet, source).stdout == "{'x': 'nope'}\n2 f\nModule\n5\n9\n"


def test_libraries_that_compile_are_not_the_snippets_programs(run_snippet: RunSnippet) -> None:
    source = """
from collections import namedtuple
import dataclasses
Pair = namedtuple("Pair", "x y")
@dataclasses.dataclass
class Data:
    a: int
exec("print(1)")
"""
    assert programs(symbolic(run_snippet, source)) == ["print(1)"]


def test_an_error_before_the_program_keeps_the_stages_so_far(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, "def build():\n    raise ValueError('no')\nprog = build()")
    assert outcome.error.error_type == "ValueError"
    assert {"define", "build"} <= ended(outcome)


def test_a_builder_that_wants_arguments_is_not_one(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, "def build(n):\n    return n * 2\nprint(build(2))")
    assert (outcome.stdout, outcome.of("error")) == ("4\n", [])


def test_a_snippet_that_turns_out_to_be_the_program_has_all_its_levels(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, "x = 3\nx + 1")
    assert [event.level for event in outcome.of("code")][:3] == ["program", "ast", "bytecode"]
