import ast
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.lowering.provenance import Provenance

HELPERS = '''
import textwrap, string

def operation(name, sign):
    return f"""
def {name}(a, b):
    return a {sign} b
"""

def squares(n):
    out = ""
    for i in range(n):
        out += "v" + str(i) + " = " + str(i * i) + "\\n"
    out += "total = "
    out += "+".join(f"v{i}" for i in range(n))
    return out + "\\n"
'''


def links(source: str, name: str = "prog") -> dict[str, str]:
    """Each line of the program that a snippet builds, and the line of the snippet that it leads to."""
    namespace: dict[str, str] = {}
    exec(source, namespace)  # built here as a reader's snippet builds it
    origins = Provenance(ast.parse(source), source).origins(namespace[name])
    lines = source.split("\n")
    return {row: lines[origins[n] - 1].strip() for n, row in enumerate(namespace[name].split("\n"), 1) if n in origins}


def test_the_lines_of_a_literal_lead_to_its_lines() -> None:
    assert links("prog = '''\nx = 1\nprint(x)\n'''") == {"x = 1": "x = 1", "print(x)": "print(x)"}


@pytest.mark.parametrize(
    ("expression", "row", "line"),
    [
        ("f'answer = {6 * 7}'", "answer = 42", 2),
        ("'answer = %d' % 42", "answer = 42", 2),
        ("'%(name)s = %(value)d' % {'name': 'answer', 'value': 42}", "answer = 42", 2),
        ("'answer = {}'.format(42)", "answer = 42", 2),
        ("'answer = {value:>4}; {{}}'.format(value=42)", "answer =   42; {}", 2),
        ("string.Template('answer = $value').substitute(value=42)", "answer = 42", 2),
        ("'answer = VALUE'.replace('VALUE', '42')", "answer = 42", 2),
        ("'answer' + ' = ' + str(42)", "answer = 42", 2),
        ("''.join(['answer', ' = ', str(42)])", "answer = 42", 2),
        ("textwrap.indent('answer = 42', '    ')", "    answer = 42", 2),
        ("'\\n'.join('answer = %d' % n for n in [42])", "answer = 42", 2),
    ],
)
def test_templates_with_holes_lead_to_where_they_stand(expression: str, row: str, line: int) -> None:
    source = f"import string, textwrap\nprog = {expression}\n"
    assert links(source) == {row: source.split("\n")[line - 1]}


def test_a_template_in_a_variable_is_known_where_it_is_written() -> None:
    source = "LINE = '{name} = {value}'\nOTHER = 'print(%s)'\n"
    source += "prog = LINE.format(name='x', value=3) + chr(10) + OTHER % 'x'"
    assert links(source) == {"x = 3": "LINE = '{name} = {value}'", "print(x)": "OTHER = 'print(%s)'"}


def test_nested_builders_and_loops_lead_to_the_line_that_writes() -> None:
    source = HELPERS + 'prog = operation("add", "+") + operation("sub", "-") + squares(2) + "print(add(total, v1))"\n'
    found = links(source)
    assert found["def add(a, b):"] == found["def sub(a, b):"] == "def {name}(a, b):"
    assert found["    return a - b"] == "return a {sign} b"
    assert found["v0 = 0"] == found["v1 = 1"] == 'out += "v" + str(i) + " = " + str(i * i) + "\\n"'
    assert found["total = v0+v1"] == 'out += "total = "'
    assert found["print(add(total, v1))"].startswith("prog = operation")


def test_pieces_of_a_sum_over_several_lines_lead_to_their_own() -> None:
    source = 'prog = (\n    "def f(a):\\n"\n    + "    return " + "a + 1" + "\\n"\n    "print(f(1))"\n)'
    assert links(source) == {
        "def f(a):": '"def f(a):\\n"',
        "    return a + 1": '+ "    return " + "a + 1" + "\\n"',
        "print(f(1))": '"print(f(1))"',
    }


def test_of_equal_lines_the_one_that_goes_on_with_the_last_is_meant() -> None:
    source = 'A = """\nx = 1\nprint(x)\n"""\nB = """\nx = 2\nprint(x)\n"""\nprog = A + B'
    origins = Provenance(ast.parse(source), source).origins("\nx = 1\nprint(x)\n\nx = 2\nprint(x)\n")
    assert origins == {2: 2, 3: 3, 5: 6, 6: 7}


def test_what_was_computed_leads_nowhere() -> None:
    assert links("prog = 'tnirp'[::-1] + chr(40) + chr(41)") == {}


@given(st.text(alphabet="ab{}%$ ='\"\n+()", max_size=60), st.text(alphabet="ab = +()\n", max_size=60))
def test_no_literal_and_no_program_breaks_it(literal: str, program: str) -> None:
    source = f"x = {literal!r}\ny = x % 1 + f'{{x}}{{1}}'"
    origins = Provenance(ast.parse(source), source).origins(program)
    assert set(origins.values()) <= {1, 2}


def test_many_templates_and_many_lines_are_matched_in_bounded_time() -> None:
    source = "\n".join(f"x{n} = f'{{a}} a {{b}} a {{c}} a {n % 7} {{d}}'" for n in range(1_500))
    program = "\n".join("a " * 150 for _ in range(4_000))
    began = time.process_time()
    Provenance(ast.parse(source), source).origins(program)
    assert time.process_time() - began < 20  # a bound on an explosion, not a measure of speed
