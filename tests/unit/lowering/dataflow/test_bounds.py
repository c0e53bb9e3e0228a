"""Whatever the program: no crash, no more than fits, nothing that refers to what is not there."""

import ast
import inspect
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.contracts.request import Level
from playground.lowering import dataflow
from tests.support.sketches import programs


def check(source: str) -> None:
    graph = dataflow.graph(Level.PROGRAM, ast.parse(source))
    nodes = {node.id for node in graph.nodes}
    assert len(nodes) == len(graph.nodes) <= dataflow.MAX_NODES
    assert all(nodes.issuperset(edge) for edge in graph.edges)
    assert all(node.line is None or 1 <= node.line <= source.count("\n") + 1 for node in graph.nodes)


@given(programs())
def test_any_program_has_a_picture(source: str) -> None:
    check(source)


@pytest.mark.parametrize("module", [ast, inspect, pytest, time], ids=lambda module: module.__name__)
def test_real_modules_have_one(module: object) -> None:
    check(inspect.getsource(inspect) if module in {time, pytest} else inspect.getsource(module))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "source",
    [
        "\n".join(f"x{i} = x{i - 1} + {i}" for i in range(1, 2_001)),
        "\n".join(f"if x{i}:\n    y{i} = {i}\nelse:\n    y{i} = 0" for i in range(2_000)),
        "print(" + "+".join(map(str, range(900))) + ")",
        "print(" + "(" * 90 + "1" + ")" * 90 + ")",
        "x = " + "[" * 90 + "]" * 90,
        "x = '" + "a" * 100_000 + "'",
        "".join(f"{' ' * depth}for i{depth} in x:\n" for depth in range(19)) + " " * 19 + "x = 1",
        "\n".join(
            [
                "def f0(x):\n    y = x\n    return y",
                *(f"def f{i}(x):\n    y = f{i - 1}(x)\n    return f{i - 1}(y)" for i in range(1, 40)),
                "print(f39(1))",
            ]
        ),
        r"x = '\ud83d'",
    ],
    ids=["long", "branches", "sum", "brackets", "lists", "string", "loops", "calls", "half a character"],
)
def test_large_and_deep_programs_are_bounded(source: str) -> None:
    check(source)


def test_what_is_left_out_is_counted() -> None:
    graph = dataflow.graph(Level.PROGRAM, ast.parse("\n".join(f"x = {i}" for i in range(600))))
    assert (len(graph.nodes), graph.left_out) == (dataflow.MAX_NODES, 100)


@given(st.text(max_size=200))
def test_labels_are_one_short_line(text: str) -> None:
    graph = dataflow.graph(Level.PROGRAM, ast.parse(f"print({text!r})"))
    assert all(len(node.label) <= 50 and "\n" not in node.label for node in graph.nodes)
