import ast

import pytest

from playground.contracts.request import Level
from playground.lowering import dataflow
from tests.unit.lowering.dataflow.pictures import drawn, graph_of

FANCY = """
def add(a, b):
    return a + b

def fancy_func(a, b, c, d):
    e = add(a, b)
    f = add(c, d)
    g = add(e, f)
    return g

print(fancy_func(1, 2, 3, 4))
"""


def test_the_picture_of_the_chapter() -> None:
    assert drawn(FANCY) == [
        "a = 1",
        "b = 2",
        "c = 3",
        "d = 4",
        "add <- a = 1, b = 2",
        "e <- add",
        "add <- c = 3, d = 4",
        "f <- add",
        "add <- e, f",
        "g <- add",
        "print <- g",
    ]


def test_its_values_and_operations_are_told_apart_and_know_their_lines() -> None:
    nodes = graph_of(FANCY).nodes
    kinds = {node.label: (node.kind, node.line) for node in nodes}
    assert kinds["e"] == ("value", 6)
    assert kinds["add"] == ("operation", 8)
    assert kinds["print"] == ("output", 11)
    assert kinds["a = 1"] == ("value", 11)


def test_lines_are_those_of_the_snippet() -> None:
    graph = dataflow.graph(Level.INLINED, ast.parse("\nprint(1 + 2)"), {2: 7})
    assert {node.line for node in graph.nodes} == {7}
    graph = dataflow.graph(Level.INLINED, ast.parse("print(1 + 2)"), {})
    assert {node.line for node in graph.nodes} == {None}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("print((1 + 2) + (3 + 4))", ["1", "2", "+ <- 1, 2", "3", "4", "+ <- 3, 4", "+ <- +, +", "print <- +"]),
        ("print(10)", ["10", "print <- 10"]),
        ("x = 1\ny = x\nprint(y)", ["x = 1", "y <- x = 1", "print <- y"]),
        ("x = -1\nx += 2", ["x = -1", "2", "+= <- x = -1, 2", "x <- +="]),
        ("a, b = 1, 2\na, b = b, a", ["a = 1", "b = 2", "a <- b = 2", "b <- a = 1"]),
        ("a, *b = input()", ["input", "a <- input", "b <- input"]),
        ("x = y = [1, 2]", ["[1, 2]", "x <- [1, 2]", "y <- [1, 2]"]),
        ("xs = [1]\nprint(xs[0])", ["xs = [1]", "[0] <- xs = [1]", "print <- [0]"]),
        (
            "i = 0\nxs = [i, 2]\nprint(xs[i:])",
            ["i = 0", "2", "list <- i = 0, 2", "xs <- list", "[…] <- xs, i = 0", "print <- […]"],
        ),
        ("x = 3\nprint(not x)", ["x = 3", "not <- x = 3", "print <- not"]),
        ("x = 3\nx < 2 < 1", ["x = 3", "2", "1", "< < <- x = 3, 2, 1"]),
        ("print(f'{input()}', sep='')", ["f'{input()}'", "print(sep='') <- f'{input()}'"]),
        (
            "n = 3\nprint([n * i for i in range(n)])",
            ["n = 3", "[n * i for i in range(n)] <- n = 3", "print <- [n * i for i in range(n)]"],
        ),
        (
            "if (n := len('ab')) > 1: print(n)",
            ["'ab'", "len <- 'ab'", "n <- len", "1", "> <- n, 1", "if <- >", "print <- n, if"],
        ),
        ("import torch\nx = torch.ones(2)\ny = x.T", ["2", "torch.ones <- 2", "x <- torch.ones", ".T <- x", "y <- .T"]),
        ("f = len\nprint(f('a'))", ["len", "f <- len", "'a'", "f() <- f, 'a'", "print <- f()"]),
        ("x = 1\ndel x\nx = 2", ["x = 1", "x = 2"]),
        ("'a docstring'\nassert 1 < 2", ["1", "2", "< <- 1, 2", "assert <- <"]),
        (
            "with open('f') as file:\n    file.read()",
            ["'f'", "open <- 'f'", "with <- open", "file <- with", ".read <- file"],
        ),
    ],
)
def test_small_programs(source: str, expected: list[str]) -> None:
    assert drawn(source) == expected


def test_what_is_printed_under_a_condition_hangs_on_it() -> None:
    assert drawn("x = 1\nif x:\n    print('yes')") == ["x = 1", "if <- x = 1", "'yes'", "print <- 'yes', if"]


def test_branches_meet_in_a_value_of_several_origins() -> None:
    source = """
    c = input()
    if c:
        x = 1
    elif c > 2:
        x = 2
    else:
        x = 3
    print(x)
    """
    assert drawn(source)[-2:] == ["x <- x = 1, x, if", "print <- x"]
    assert "x <- x = 2, x = 3, if" in drawn(source)


def test_a_branch_that_leaves_is_no_origin() -> None:
    source = """
    x = 1
    if input():
        x = 2
        raise ValueError(x)
    print(x)
    """
    assert drawn(source)[-1] == "print <- x = 1"


def test_a_loop_comes_round() -> None:
    source = """
    total = 0
    for i in range(3):
        total = total + i
    print(total)
    """
    assert drawn(source) == [
        "total = 0",
        "3",
        "range <- 3",
        "for <- range",
        "total <- total = 0, total",
        "i <- for",
        "+ <- total, i",
        "total <- +",
        "print <- total",
    ]


def test_what_a_break_leaves_with_is_an_origin_too() -> None:
    source = """
    n = 0
    while True:
        n = n + 1
        if n > 3:
            break
    print(n)
    """
    assert drawn(source)[-2:] == ["n <- n, n, if", "print <- n"]


def test_what_a_loop_never_uses_again_has_no_second_origin() -> None:
    assert drawn("x = 1\nfor i in 'ab':\n    x = i\n")[-1] == "x <- i"
    assert not [label for label in drawn("x = 1\nfor i in 'ab':\n    x = i\n") if label.count(",")]


def test_a_changed_object_flows_through_what_changes_it_whatever_it_is_called() -> None:
    source = """
    a = []
    b = a
    b.append(1)
    a[0] = 2
    print(b)
    """
    assert drawn(source) == [
        "a = []",
        "b <- a = []",
        "1",
        ".append <- b, 1",
        "2",
        "[0] = <- .append, 2",
        "print <- [0] =",
    ]


def test_an_object_that_both_branches_change_has_two_origins() -> None:
    source = """
    a = []
    if input():
        a.append(1)
    else:
        a.append(2)
    print(a)
    """
    assert drawn(source)[-2:] == ["a <- .append, .append, if", "print <- a"]


def test_a_function_that_changes_its_argument_changes_the_callers() -> None:
    source = """
    def fill(target):
        target.append(1)
        target.append(2)
    a = []
    fill(a)
    print(a)
    """
    assert drawn(source)[-1] == "print <- .append"


def test_in_place_operations_of_torch_change_their_tensor() -> None:
    assert drawn("import torch\nx = torch.ones(2)\nx.add_(1)\nprint(x)")[-1] == "print <- .add_"


def test_functions_are_drawn_as_what_happens_in_them_recursion_is_a_box() -> None:
    source = """
    def fact(n):
        if n < 2:
            return 1
        return n * fact(n - 1)
    print(fact(5))
    """
    assert drawn(source)[-2:] == ["fact <- 1, if, *", "print <- fact"]
    assert "fact <- -" in drawn(source)


@pytest.mark.parametrize(
    ("definition", "call"),
    [
        ("def f(*xs):\n    y = xs\n    return y", "f(1)"),
        ("def f(x):\n    yield x\n", "f(1)"),
        ("async def f(x):\n    return x\n", "f(1)"),
        ("def f(x):\n    y = x\n    return y\nf = len", "f(1)"),
        ("def f(x):\n    y = x\n    return y\n", "f(*[1])"),
        ("def f(x):\n    y = x\n    return y\n", "f(1, 2)"),
    ],
)
def test_a_call_that_the_text_does_not_settle_is_a_box(definition: str, call: str) -> None:
    assert drawn(f"{definition}\nprint({call})")[-1].startswith("print <- f")


def test_defaults_and_names_of_arguments() -> None:
    source = "def f(x, y=2, *, z=3):\n    w = x + y + z\n    return w\nprint(f(z=1, x=5))"
    assert drawn(source)[:3] == ["x = 5", "y = 2", "z = 1"]


def test_globals_of_functions_are_the_modules() -> None:
    source = """
    n = 1
    def up():
        global n
        n = n + 1
    up()
    print(n)
    """
    assert drawn(source) == ["n = 1", "1", "+ <- n = 1, 1", "n <- +", "print <- n"]


def test_a_program_of_definitions_only_shows_them() -> None:
    assert drawn("def add(a, b):\n    return a + b") == ["a", "b", "+ <- a, b", "return <- +"]


def test_exceptions_and_matches_have_origins_too() -> None:
    source = """
    x = 1
    try:
        x = int(input())
    except ValueError as error:
        print(error, x)
    finally:
        print('done')
    match x:
        case [a, b]:
            y = a
        case _:
            y = 0
    print(y)
    """
    found = drawn(source)
    assert "error <- except" in found
    assert "print <- error, x" in found
    assert found[-2:] == ["y <- y, y = 0, match", "print <- y"]
