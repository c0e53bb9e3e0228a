import ast
import re

from playground.contracts.events import Code
from playground.lowering import bytecode

SOURCE = "def add(a, b):\n    return a + b\n\nfor i in range(3):\n    print(add(i, 1))\n"


def lower(source: str) -> Code:
    return bytecode.lower(compile(source, "<snippet>", "exec"), source)


def test_every_function_is_listed_by_name() -> None:
    headers = [line for line in lower(SOURCE).text.splitlines() if line.endswith(":")]
    assert headers == ["<module>:", "add:"]


def test_an_instruction_is_linked_to_its_line_and_its_characters() -> None:
    code = lower(SOURCE)
    lines = code.text.splitlines()
    add = next(number for number, line in enumerate(lines, 1) if "BINARY_OP" in line)
    (place,) = [span[:4] for span in code.columns if span[4] <= add <= span[5]]
    assert place == (2, 11, 2, 16)
    assert SOURCE.splitlines()[1][11:16] == "a + b"


def test_columns_count_characters_not_bytes() -> None:
    source = "x = '图片'; y = x + x"
    code = lower(source)
    lines = code.text.splitlines()
    add = next(number for number, line in enumerate(lines, 1) if "BINARY_OP" in line)
    (place,) = [span[:4] for span in code.columns if span[4] <= add <= span[5]]
    assert source[place[1] : place[3]] == "x + x"


def test_jumps_name_their_target() -> None:
    text = lower(SOURCE).text
    targets = set(re.findall(r"to (L\d+)$", text, re.MULTILINE))
    labels = set(re.findall(r"^.{4}  (L\d+):", text, re.MULTILINE))
    assert targets
    assert targets <= labels


def test_a_huge_program_is_cut_and_says_by_how_much() -> None:
    code = lower("\n".join(f"x{n} = {n} + y{n}" for n in range(5000)))
    assert len(code.text.encode()) <= 262_144
    assert code.truncated_bytes > 0
    assert max(span[3] for span in code.map) <= code.text.count("\n") + 1


def test_instructions_are_counted_with_those_of_functions() -> None:
    assert lower("x = 1").instructions == len([row for row in lower("x = 1").text.split("\n") if row.startswith(" ")])
    assert (lower(SOURCE).instructions or 0) > (lower("for i in range(3):\n    print(i)").instructions or 0)


def test_code_that_never_ran_is_not_specialised() -> None:
    assert bytecode.specialized([compile(SOURCE, "<snippet>", "exec")], SOURCE) is None


def test_code_that_ran_often_is_shown_as_the_interpreter_specialised_it() -> None:
    source = "def add(a, b):\n    return a + b\n\nt = 0\nfor i in range(100):\n    t = add(t, i)\n"
    code = compile(source, "<snippet>", "exec")
    exec(code, {})
    shown = bytecode.specialized([code], source)
    assert shown is not None
    assert shown.level == "bytecode_specialized"
    assert shown.instructions == lower(source).instructions
    rows = shown.text.split("\n")
    add = next(number for number, row in enumerate(rows, 1) if "BINARY_OP_ADD_INT" in row)
    assert [span[:4] for span in shown.columns if span[4] <= add <= span[5]] == [(2, 11, 2, 16)]


def test_statements_that_were_compiled_apart_are_one_module() -> None:
    source = "def f(x):\n    return x + 1\nfor i in range(100):\n    f(i)\n"
    codes = [compile(ast.Module([node], []), "<snippet>", "exec") for node in ast.parse(source).body]
    namespace: dict[str, object] = {}
    for code in codes:
        exec(code, namespace)
    shown = bytecode.specialized(codes, source)
    assert shown is not None
    assert [row for row in shown.text.split("\n") if row.endswith(":") and not row.startswith(" ")] == [
        "<module>:",
        "f:",
    ]
