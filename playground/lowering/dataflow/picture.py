"""A picture as it grows: nodes, edges, and a count of what no longer fits."""

import ast
from collections.abc import Iterable, Mapping

from playground.contracts.events import Graph, Node, NodeKind
from playground.contracts.request import Level
from playground.lowering.text import clean

MAX_NODES = 500
"""More is no picture: it is neither drawn in good time nor read."""
MAX_EDGES = 4 * MAX_NODES
MAX_LABEL = 48
Lines = Mapping[int, int]
"""Lines of this form of the program, to lines of the snippet."""


class Picture:
    """Collects nodes and edges, and becomes a ``Graph`` event."""

    def __init__(self, lines: Lines | None) -> None:
        self._lines = lines
        self._nodes: list[Node] = []
        self._edges: dict[tuple[str, str], None] = {}
        self._left_out = 0

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return len(self._nodes)

    @property
    def is_full(self) -> bool:
        """Nodes are only counted from now on."""
        return self.size >= MAX_NODES

    def add(self, kind: NodeKind, label: str, op: str, line: int, sources: Iterable[str | None] = ()) -> str | None:
        """Add a node and the edges that lead to it; None where it no longer fits."""
        if self.is_full:
            self._left_out += 1
            return None
        identity = f"n{self.size}"
        snippet = line if self._lines is None else self._lines.get(line)
        self._nodes.append(Node(id=identity, label=shorten(label), op=op, line=snippet, kind=kind))
        for source in sources:
            self.link(source, identity)
        return identity

    def link(self, source: str | None, target: str | None) -> None:
        """What flows from one to the other."""
        if source and target and source != target and len(self._edges) < MAX_EDGES:
            self._edges[source, target] = None

    def is_from(self, node: str | None, first: int) -> bool:
        """Whether a node is no constant and came when there were ``first`` nodes, or later."""
        place = int(node[1:]) if node else -1
        return place >= first and self._nodes[place].kind != "constant"

    def graph(self, level: Level, title: str) -> Graph:
        """What was collected, without values of several origins that nothing uses."""
        used = self._used()
        nodes = tuple(node for node in self._nodes if node.kind != "merge" or node.id in used)
        kept = {node.id for node in nodes}
        edges = tuple(edge for edge in self._edges if kept.issuperset(edge))
        return Graph(level=level, title=title, nodes=nodes, edges=edges, left_out=self._left_out)

    def _used(self) -> set[str]:
        """Nodes from which something flows that is there for itself: back from what is, through what leads to it."""
        sources: dict[str, list[str]] = {}
        for source, target in self._edges:
            sources.setdefault(target, []).append(source)
        waiting = [node.id for node in self._nodes if node.kind != "merge"]
        used: set[str] = set()
        while waiting:
            found = [source for source in sources.get(waiting.pop(), ()) if source not in used]
            used.update(found)
            waiting += found
        return used


def shorten(text: str) -> str:
    """A label of one short line that UTF-8 can hold."""
    line = " ".join(clean(text, 4 * MAX_LABEL).split())
    return line if len(line) <= MAX_LABEL else line[: MAX_LABEL - 1] + "…"


def written(node: ast.expr) -> str:
    """A small expression as its author may have written it; what is too deep or long for that is an ellipsis."""
    if sum(1 for _ in zip(ast.walk(node), range(MAX_LABEL), strict=False)) >= MAX_LABEL:
        return "…"
    return ast.unparse(node)
