import ast
import traceback

from playground.pipeline.form import relocated
from playground.pipeline.names import names_of

TEXT = "def f(x):\n    return 1 / x\n\nf(0)\n"


def raised_on(spans: tuple[tuple[int, int, int, int], ...]) -> list[int | None]:
    try:
        exec(compile(relocated(TEXT, spans, "<moved>"), "<moved>", "exec"), {})
    except ZeroDivisionError as error:
        return [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<moved>"]
    message = "it did not raise"
    raise AssertionError(message)


def test_code_says_that_it_stands_on_the_lines_it_was_made_of() -> None:
    assert raised_on(((10, 10, 1, 1), (20, 20, 2, 2), (40, 40, 4, 4))) == [40, 20]


def test_of_several_lines_the_closest_counts() -> None:
    assert raised_on(((1, 50, 1, 4), (20, 20, 2, 2), (38, 41, 4, 4))) == [38, 20]


def test_a_line_that_nobody_knows_is_its_predecessors() -> None:
    assert raised_on(((10, 10, 1, 1),)) == [10, 10]


def test_every_kind_of_node_is_moved() -> None:
    text = "match x:\n    case {'a': [1, *b], **c} if c:\n        pass\ntry:\n    import a.b as c\n"
    text += "except* OSError as e:\n    f(k=1)\nlambda q: q\n"
    tree = relocated(text, ((3, 3, 1, 10),), "<moved>")
    code = compile(tree, "<moved>", "exec")
    assert {line for _, _, line in code.co_lines() if line} == {3}


def test_names_that_a_program_may_find_bound_and_those_that_are_read_after_it() -> None:
    source = "import os.path as p, sys\ndef f(a): return a\nx: int = b.c\nexec(t, {'key': 1, 'no key': 2})\ndict(k=1)"
    names = names_of(ast.parse(source))
    assert names.bound == {"p", "sys", "f", "a", "x", "key", "k"}
    assert names.read == {"a", "int", "b", "c", "exec", "t", "key", "dict"}
