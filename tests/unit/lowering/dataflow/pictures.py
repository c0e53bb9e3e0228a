"""A picture as tests look at it: each node with the labels of what flows into it."""

import ast
from textwrap import dedent

from playground.contracts.events import Graph
from playground.contracts.request import Level
from playground.lowering import dataflow


def graph_of(source: str) -> Graph:
    """The dataflow of a program."""
    return dataflow.graph(Level.PROGRAM, ast.parse(dedent(source)))


def drawn(source: str) -> list[str]:
    """A node a line, as ``e <- add``, in the order in which the program makes them."""
    graph = graph_of(source)
    labels = {node.id: node.label for node in graph.nodes}
    into: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    for start, end in graph.edges:
        into[end].append(labels[start])
    return [f"{node.label} <- {', '.join(into[node.id])}" if into[node.id] else node.label for node in graph.nodes]
