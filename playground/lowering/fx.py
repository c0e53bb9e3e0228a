"""Graphs of torch.fx, as Dynamo, AOT, Inductor and export make them: text and dataflow, each operation linked.

An operation's stack leads to the snippet's lines. In a module that only torch's own code calls, such as the layers of
an ``nn.Sequential``, it does not; then the line that created the layer is what a reader looks for.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from torch import fx

from playground.contracts.events import Code, Graph, Node
from playground.contracts.request import Level
from playground.lowering import stacks
from playground.lowering.listing import Listing, Place

MAX_NODES = 1_000
MAX_LABEL = 200
_COMMENT = re.compile(rf"\s*# File: {stacks.SNIPPET}:(\d+) in ")
_ANY_COMMENT = re.compile(r"\s*# File: ")
_INSTALLED = re.compile(r"# File: \S*/(?:site|dist)-packages/")
"""Where libraries are installed here is nothing to a reader."""
_UNKNOWN = "# No stacktrace found for following nodes"
_ASSIGNED = re.compile(r'\s*(\w+)(?:: "[^"]*")? = ([\w.]*)')
_DYNAMO_PATH = re.compile(r"L\['\w+'\]\.?")
_OUTERMOST = {"placeholder", "output"}
Owners = Mapping[str, Place]
"""Where modules were created: by ``str(id(module))``, as Dynamo names them, or by their dotted path, as export does."""


@dataclass(frozen=True)
class Operation:
    """What an operation is called without its overload, and where it comes from, the closest first."""

    name: str
    places: tuple[Place, ...]


Operations = Mapping[str, Operation]
"""By the name of the node."""


def operations(graph: fx.Graph, owners: Owners | None = None) -> Operations:
    """The operations of a graph with their places."""
    return {
        node.name: Operation(_base(node.target), places(node, owners or {}))
        for node in graph.nodes
        if node.op not in _OUTERMOST
    }


def places(node: fx.Node, owners: Owners) -> tuple[Place, ...]:
    """The snippet's lines in the stack of a node; before them what created its layer, where only torch calls that."""
    known = stacks.places(node.meta.get("stack_trace") or "")
    created = layer(node, owners)
    return tuple(dict.fromkeys((created, *known))) if created else known


def layer(node: fx.Node, owners: Owners) -> Place | None:
    """Where the snippet created the innermost module of a node, if the snippet does not call that module itself."""
    stack = list((node.meta.get("nn_module_stack") or {}).items())
    if f'File "{stacks.SNIPPET}"' not in (node.meta.get("stack_trace") or ""):
        return next(filter(None, (_owner(key, entry, owners) for key, entry in reversed(stack))), None)
    if len(stack) > 1 and _is_torchs(stack[-2][1]):
        key, entry = stack[-1]
        return _owner(key, entry, owners)
    return None


def lead_home(graph: fx.Graph, owners: Owners) -> None:
    """Let the stack of each operation end in the snippet, so that all levels after this one lead there too.

    That is where its layer was created, if only torch calls that; or the line that called into a library.
    """
    for node in graph.nodes:
        if node.op in _OUTERMOST:
            continue
        stack = node.meta.get("stack_trace") or ""
        created = layer(node, owners)
        if created and stacks.places(stack)[:1] != (created,):
            kind = list(node.meta["nn_module_stack"].values())[-1][1]
            node.meta["stack_trace"] = stack + stacks.frame(created, getattr(kind, "__name__", str(kind)))
        elif stacks.ends_elsewhere(stack):
            node.meta["stack_trace"] = stack + stacks.frame(stacks.places(stack)[0], "the program")


def lower(level: Level, title: str, text: str, known: Operations | None = None) -> Code:
    """The readable text of a graph. Its comments tell lines; what is known of the operations tells columns too.

    Args:
        level: which graph it is.
        title: whose it is.
        text: as ``print_readable`` gives it.
        known: operations of this graph, or of the one that it was made from.
    """
    listing, places_of = Listing(), _Matching(known or {})
    commented: Place | None = None
    for row in text.splitlines():
        if row.strip() == _UNKNOWN:  # though what created their module may be known
            commented = None
        elif _ANY_COMMENT.match(row):
            found = _COMMENT.match(row)
            commented = (int(found[1]), 0, int(found[1]), 0) if found else None
            listing.add(_INSTALLED.sub("# File: ", row), commented)
        else:
            commented = commented if row.strip() else None
            assigned = _ASSIGNED.match(row)
            listing.add(row, *(places_of.row(assigned[1], assigned[2], commented) if assigned else ()))
    return listing.code(level, title, "python")


def dataflow(level: Level, title: str, graph: fx.Graph, known: Operations) -> Graph:
    """The operations and what flows from one to another, in the order in which they run; at most ``MAX_NODES``."""
    nodes = list(_first(graph))
    kept = {node.name for node in nodes}
    return Graph(
        level=level,
        title=title,
        nodes=tuple(
            Node(id=node.name[:MAX_LABEL], label=_label(node), op=node.op, line=_line(known.get(node.name)))
            for node in nodes
        ),
        edges=tuple(
            (source.name[:MAX_LABEL], node.name[:MAX_LABEL])
            for node in nodes
            for source in node.all_input_nodes
            if source.name in kept
        ),
        left_out=len(graph.nodes) - len(nodes),
    )


class _Matching:
    """Finds the places of a row: by the operation's name, else by the line of its comment and what is called.

    AOT gives operations new names, keeps their lines, and mostly their order. So what a line calls in the one graph is
    what it calls in the other, the first for the first.
    """

    def __init__(self, known: Operations) -> None:
        self._known = known
        self._by_line: dict[int, list[Operation]] = {}
        for operation in known.values():
            if operation.places:
                self._by_line.setdefault(operation.places[0][0], []).append(operation)
        self._used: set[int] = set()

    def row(self, name: str, called: str, commented: Place | None) -> tuple[Place, ...]:
        """The places of one assignment."""
        same = self._known.get(name)
        if same and same.places and (commented is None or same.places[0][0] == commented[0]):
            return same.places
        if commented is None:
            return ()
        there = self._by_line.get(commented[0], [])
        alike = [one for one in there if one.name == _base(called)]
        if alike:
            chosen = next((one for one in alike if id(one) not in self._used), alike[-1])
            self._used.add(id(chosen))
            return chosen.places
        return there[0].places if len({one.places for one in there}) == 1 else (commented,)


def _first(graph: fx.Graph) -> Iterator[fx.Node]:
    for number, node in enumerate(graph.nodes):
        if number >= MAX_NODES:
            return
        yield node


def _owner(key: str, entry: Any, owners: Owners) -> Place | None:  # noqa: ANN401 - torch's own, not annotated
    return owners.get(key) or owners.get(_DYNAMO_PATH.sub("", str(entry[0]), count=1))


def _is_torchs(entry: Any) -> bool:  # noqa: ANN401 - see _owner()
    """Whether a module's ``forward`` is torch's own code."""
    kind = entry[1]
    name = kind if isinstance(kind, str) else getattr(kind, "__module__", "")
    return name.startswith("torch.nn.")


def _base(target: object) -> str:
    """The bare name of what is called: ``relu`` of ``torch.ops.aten.relu.default`` and of ``torch.nn.functional.relu``.

    An overload packet is named after the operator; in-place and reversed forms count as the operator.
    """
    name = target if isinstance(target, str) else getattr(target, "__name__", str(target))
    parts = name.split(".")
    if "aten" in parts or (len(parts) > 1 and parts[-1] in {"default", "Tensor", "Scalar", "int", "dim_IntList"}):
        parts = [part for part in parts if part][-2:-1] if len(parts) > 1 else parts
    return _ALIASES.get(bare := parts[-1].strip("_"), bare) if parts else ""


_ALIASES = {"truediv": "div", "matmul": "mm", "iadd": "add", "imul": "mul", "isub": "sub", "linear": "addmm"}
"""What Python and torch call the same thing."""


def _line(operation: Operation | None) -> int | None:
    return operation.places[0][0] if operation and operation.places else None


def _label(node: fx.Node) -> str:
    if node.op in _OUTERMOST:
        return node.name[:MAX_LABEL]
    target = node.target
    name = target if isinstance(target, str) else getattr(target, "__name__", str(target))
    return name[:MAX_LABEL]
