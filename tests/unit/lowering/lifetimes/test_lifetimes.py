"""Lifetimes as ``scope.name first-last ends, needed until``, by hand and for whatever hypothesis makes up."""

import ast
from textwrap import dedent

import pytest
from hypothesis import given

from playground.lowering.lifetimes import MAX_LIVES, lifetimes
from tests.support.sketches import programs


def lives(source: str) -> list[str]:
    found = lifetimes(ast.parse(dedent(source).removeprefix("\n")))
    scope = {"<module>": ""}
    return [
        f"{scope.get(one.scope, one.scope + '.')}{one.name} {one.first}-{one.last} {one.ends}, {one.needed}"
        for one in found
    ]


def test_the_function_of_the_chapter() -> None:
    source = """
    def fancy_func(a, b):
        e = a + b
        f = a - b
        g = e * f
        return g
    print(fancy_func(1, 2))
    """
    assert lives(source) == [
        "fancy_func.a 1-5 left, 3",
        "fancy_func.b 1-5 left, 3",
        "fancy_func.e 2-5 left, 4",
        "fancy_func.f 3-5 left, 4",
        "fancy_func.g 4-5 returned, 5",
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1\nprint(x)\nprint()", ["x 1-3 left, 2"]),
        ("x = 1\nprint(x)\ndel x\nprint()", ["x 1-3 deleted, 2"]),
        ("x = 1\nx = x + 1\nprint(x)", ["x 1-2 rebound, 2", "x 2-3 left, 3"]),
        ("x = 1\nx += 1", ["x 1-2 rebound, 2", "x 2-2 left, None"]),
        ("x = 1\nx.a = 2\nx[0] = 3", ["x 1-3 left, 3"]),
        ("a, *b = 1, 2\nprint(b)", ["a 1-2 left, None", "b 1-2 left, 2"]),
        ("x = (\n    1,\n    2,\n)\nprint(x)", ["x 1-5 left, 5"]),
        ("print(y := 3)\nprint(y)", ["y 1-2 left, 2"]),
        ("with open('f') as f:\n    f.read()\nprint()", ["f 1-3 left, 2"]),
        ("x = 1\n[x for x in [x]]\nprint()", ["x 1-3 left, 2"]),
        ("x = 2\n[y for y in range(x) if x]\nprint()", ["x 1-3 left, 2"]),
        ("import os\ndef f(): ...\nclass A:\n    b = 1\nx = 1", ["x 5-5 left, None"]),
        ("", []),
    ],
)
def test_straight_lines(source: str, expected: list[str]) -> None:
    assert lives(source) == expected


def test_a_value_needed_in_a_loop_is_needed_to_its_end() -> None:
    source = """
    x = 1
    y = 2
    for i in range(3):
        print(x)
        y = i
    print(y)
    """
    assert lives(source) == ["x 1-6 left, 5", "y 2-6 left, 6", "i 3-6 left, 5", "y 5-6 left, 6"]


def test_a_branch_may_rebind_or_not() -> None:
    source = """
    x = 1
    if input():
        x = 2
    print(x)
    """
    assert lives(source) == ["x 1-4 left, 4", "x 3-4 left, 4"]
    both = "x = 1\nif input():\n    x = 2\nelse:\n    x = 3\nprint(x)"
    assert lives(both) == ["x 1-5 rebound, None", "x 3-6 left, 6", "x 5-6 left, 6"]


def test_break_and_continue_lead_where_they_lead() -> None:
    source = """
    x = 1
    while True:
        if input():
            x = 2
            break
        x = 3
    print(x)
    """
    assert lives(source) == ["x 1-6 rebound, None", "x 4-7 left, 7", "x 6-6 rebound, None"]


def test_what_is_tried_may_fail_anywhere() -> None:
    source = """
    x = 1
    try:
        x = 2
        x = 3
    except ValueError as error:
        print(x, error)
    """
    assert lives(source) == [
        "x 1-6 left, 6",
        "x 3-6 left, 6",
        "x 4-6 left, 6",
        "error 5-6 deleted, 6",
    ]


def test_a_return_goes_through_finally() -> None:
    source = """
    def f(x):
        y = 1
        try:
            return x
        finally:
            print(y)
    """
    assert lives(source) == ["f.x 1-6 left, 4", "f.y 2-6 left, 6"]


def test_what_functions_read_is_needed_to_the_end_of_its_scope() -> None:
    source = """
    n = 1
    def f():
        return n
    g = lambda: n
    def outer(k):
        m = k
        def inner():
            return m
        k = 2
        return inner
    print(f())
    print(g())
    """
    assert lives(source) == [
        "n 1-12 left, 12",
        "g 4-12 left, 12",
        "outer.k 5-9 rebound, 6",
        "outer.m 6-10 left, 10",
        "outer.k 9-10 left, None",
    ]


def test_a_global_of_a_function_is_the_modules() -> None:
    source = """
    n = 1
    def f():
        global n
        n = 2
    print(f)
    """
    assert lives(source) == ["n 1-5 left, 5"]


def test_methods_and_nested_functions_have_their_qualified_names() -> None:
    source = """
    class A:
        def m(self):
            def k(x):
                return x
            return k
    """
    assert lives(source) == ["A.m.self 2-5 left, None", "A.m.<locals>.k.x 3-4 returned, 4"]


def test_captures_of_a_match_are_bindings() -> None:
    source = """
    match input():
        case [a, *b] if a:
            print(b)
        case {"k": c, **d}:
            print(c)
        case e:
            print(e)
    """
    assert lives(source) == [
        "a 2-7 left, 2",
        "b 2-7 left, 3",
        "c 4-7 left, 5",
        "d 4-7 left, None",
        "e 6-7 left, 7",
    ]


@given(programs())
def test_lives_lie_within_the_program(source: str) -> None:
    lines = source.count("\n") + 1
    found = lifetimes(ast.parse(source))
    assert len(found) <= MAX_LIVES
    for one in found:
        assert 1 <= one.first <= one.last <= lines
        assert one.needed is None or one.first <= one.needed <= one.last


@pytest.mark.parametrize(
    "source",
    [
        "\n".join(f"x{i} = x{i - 1} + {i}" for i in range(1, 2_001)),
        "\n".join(f"if x:\n    y = {i}\nelse:\n    z = y" for i in range(2_000)),
        "def f():\n" + "\n".join(f"    x = {i}" for i in range(3_000)),
        "".join(f"{' ' * depth}for i{depth} in x:\n" for depth in range(19)) + " " * 19 + "x = 1",
        "print(" + "+".join(map(str, range(900))) + ")",
    ],
    ids=["long", "branches", "one name", "loops", "sum"],
)
def test_large_programs_are_bounded(source: str) -> None:
    assert len(lifetimes(ast.parse(source))) <= MAX_LIVES
