"""Graphs of torch.fx, as Dynamo and export make them: text and dataflow, each operation linked to the snippet.

An operation's stack leads to the snippet's line. In a module that only torch's own code calls, such as the layers of an
``nn.Sequential``, it does not; then the line that created the layer is what a reader looks for.
"""

import re
from collections.abc import Mapping

from torch import fx

from playground.contracts.events import Code, Graph, Node
from playground.contracts.request import Level
from playground.lowering.listing import Listing, Place

SNIPPET = "<snippet>"
MAX_NODES = 1_000
MAX_LABEL = 200
Owners = Mapping[str, Place]
"""Where submodules were created, by their dotted path in the target; the target's own is ``""``."""
_STACK = re.compile(rf'File "{SNIPPET}", line (\d+)')
_COMMENT = re.compile(rf"\s*# File: {SNIPPET}:(\d+) in ")
_ANY_COMMENT = re.compile(r"\s*# File: ")
_UNKNOWN = "# No stacktrace found for following nodes"
_ASSIGNED = re.compile(r'\s*(\w+)(?:: "[^"]*")? = ')
_DYNAMO_PATH = re.compile(r"L\['\w+'\]\.?")


def lower(level: Level, title: str, text: str, graph: fx.Graph | None = None, owners: Owners | None = None) -> Code:
    """The readable text of a graph; without the graph itself its comments alone tell the lines."""
    places = {node.name: _place(node, owners or {}) for node in graph.nodes} if graph else {}
    listing = Listing()
    commented: Place | None = None
    for row in text.splitlines():
        if row.strip() == _UNKNOWN:  # though what created their module may be known
            commented = None
            continue
        if _ANY_COMMENT.match(row):
            found = _COMMENT.match(row)
            place = commented = _line(found[1]) if found else None
        else:
            commented = commented if row.strip() else None
            assigned = _ASSIGNED.match(row)
            place = (places.get(assigned[1]) or commented) if assigned else None
        listing.add(row, place)
    return listing.code(level, title, "python")


def dataflow(level: Level, graph: fx.Graph, owners: Owners | None = None) -> Graph:
    """The operations and what flows from one to another, in the order in which they run."""
    nodes = list(graph.nodes)[:MAX_NODES]
    kept = {node.name for node in nodes}
    return Graph(
        level=level,
        nodes=tuple(
            Node(
                id=node.name[:MAX_LABEL],
                label=_label(node),
                op=node.op,
                line=(_place(node, owners or {}) or (None,))[0],
            )
            for node in nodes
        ),
        edges=tuple(
            (source.name[:MAX_LABEL], node.name[:MAX_LABEL])
            for node in nodes
            for source in node.all_input_nodes
            if source.name in kept
        ),
    )


def _place(node: fx.Node, owners: Owners) -> Place | None:
    """The snippet's innermost line in the stack of an operation, else what created its innermost module."""
    lines = _STACK.findall(node.meta.get("stack_trace") or "")
    if lines:
        return _line(lines[-1])
    if node.op in {"placeholder", "output"}:
        return None
    stack = (node.meta.get("nn_module_stack") or {}).values()
    places = (owners.get(_DYNAMO_PATH.sub("", path, count=1)) for path, _ in reversed(stack))
    return next(filter(None, places), None)


def _line(number: str) -> Place:
    return int(number), 0, int(number), 0


def _label(node: fx.Node) -> str:
    if node.op in {"placeholder", "output"}:
        return node.name[:MAX_LABEL]
    target = node.target
    name = target if isinstance(target, str) else getattr(target, "__name__", str(target))
    return name[:MAX_LABEL]
