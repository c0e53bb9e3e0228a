"""Lines of a notebook are run or refused; everything else keeps its meaning."""

import ast

import pytest

from playground.pipeline.notebook import translate
from tests.support.pipeline import RunSnippet


def call(command: str) -> str:
    return f"__import__('subprocess').run({command!r}, shell=True, check=False) and None"


@pytest.mark.parametrize(
    "source",
    ["x = 5 % 3\nprint(f'{x!r}')\n", 's = """\n!ls\n%time\n"""\n', "", "x = 1\n", "# 100 % !\n"],
)
def test_a_program_that_is_python_is_returned_as_it_is(source: str) -> None:
    assert translate(source) is source


def test_a_command_is_run_by_the_shell_wherever_a_statement_may_stand() -> None:
    assert translate("if True:\n    !ls -lh my_mlp*\nprint(1)") == f"if True:\n    {call('ls -lh my_mlp*')}\nprint(1)"


@pytest.mark.parametrize(
    "python",
    [
        'x = """\n!ls\n%time\n"""',
        "x = '''it's\n!ls\n'''",
        'x = r"\\\n!ls"',
        "x = (5\n  %y)",
        "x = [1\n%y]",
        "x = 5 \\\n  %y",
        "x = 1  # don't (\ny = '#('",
        "f'{x:{y}}' + \"it's\"",
    ],
)
def test_what_only_looks_like_a_notebook_line_is_kept_beside_one_that_is(python: str) -> None:
    ast.parse(python)
    assert translate(f"{python}\n!echo hi\n") == f"{python}\n{call('echo hi')}\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_command_over_several_lines_leaves_the_numbers_of_the_lines_after_it(end: str) -> None:
    translated = translate(f"!echo a \\{end}  b{end}x = 1{end}")
    assert translated.startswith(call("echo a   b"))
    assert ast.parse(translated).body[1].lineno == 3


@pytest.mark.parametrize("magic", ["%matplotlib inline", "%%time", "  %timeit f()"])
def test_a_magic_is_refused_by_name_on_its_line(magic: str) -> None:
    with pytest.raises(SyntaxError, match=magic.split(maxsplit=1)[0]) as caught:
        translate(f"x = 1\r\n{magic}\n")
    assert (caught.value.lineno, caught.value.text) == (2, magic)


@pytest.mark.parametrize("broken", ["x = (!", "!\n", "x = 'abc\n% 3 !", "\\", ")))\n!", "x = !ls"])
def test_what_is_neither_python_nor_a_notebook_line_is_left_for_the_compiler_to_say(broken: str) -> None:
    assert translate(broken) == broken


def test_many_commands_are_as_many_calls() -> None:
    count = 10_000  # in one pass: looking back from each would not end
    assert translate("!x\n" * count) == f"{call('x')}\n" * count


def test_a_string_that_never_ends_is_read_once() -> None:
    source = '"""\n' + "!x\n" * 10_000
    assert translate(source) == source


def test_a_program_with_a_command_runs_and_displays_nothing_for_it(run_snippet: RunSnippet) -> None:
    outcome = run_snippet('text = """\n!not run\n"""\n!echo hi > file\nprint(open("file").read() + text)\n!true\n')
    assert outcome.stdout == "hi\n\n!not run\n\n"
    assert outcome.of("display") == []


def test_a_magic_is_an_error_of_the_snippet(run_snippet: RunSnippet) -> None:
    error = run_snippet("x = 1\n%timeit x\n").error
    assert (error.error_type, error.line) == ("SyntaxError", 2)
    assert error.message.startswith("A notebook's own command is not Python: %timeit")


def test_a_refusal_says_nothing_of_how_it_was_found() -> None:
    with pytest.raises(SyntaxError) as refused:
        translate("%timeit 1")
    assert refused.value.__context__ is None
