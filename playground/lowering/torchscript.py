"""TorchScript's levels: the code and the graph of what ``torch.jit.script`` and ``torch.jit.trace`` make.

A graph's lines end in ``# file:line:column`` where torch knows them; the code of the same function has no such marks,
so its operations are matched with the graph's, in order. Where torch names only its own files, as for the layers of a
``Sequential``, a line is linked to the place where the snippet created the layer (``owners``).
Source: torch/csrc/jit/OVERVIEW.md ("Printing"), torch/jit/_script.py.
"""

import copy
import linecache
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from playground.contracts.events import Code, Graph, Node
from playground.contracts.request import Level
from playground.contracts.sentences import say
from playground.lowering.listing import Listing, Place, characters

MAX_NODES = 2_000
MAX_LINKED = 30_000
"""Lines of a graph that the code of the same function is matched with: more operations than code that is sent holds."""
Owners = Mapping[str, Place]
"""Where the snippet created each submodule, by qualified name; ``""`` is the module itself."""

_MARK = re.compile(r"# <snippet>:(\d+):(\d+)")
_FOREIGN_MARK = re.compile(r"[ \t]*# /\S+:\d+:\d+")
_NODE = re.compile(r"^\s*(?P<outputs>%.*?) = (?P<kind>[\w:]+)(?P<rest>.*)$")
_ATTRIBUTE = re.compile(r'\[name="([^"]+)"')
_PARAMETER = re.compile(r"%self\.([\w.]+)\.\w+")
"""A parameter that freezing made a constant keeps the name of its module."""
_VALUE = re.compile(r"%[\w.]+")
_OPERATION = re.compile(r"(?:torch|ops\.\w+)\.(\w+)\(|\)?\.(forward)\(|__torch__\.(?:\w+\.)*(\w+)\(")


class Unlowerable(Exception):  # noqa: N818 - named for what happened
    """A level that this object does not have; the text says why."""


@dataclass(frozen=True)
class _Line:
    """One line of a graph: the operation, and where in the snippet it comes from."""

    text: str
    kind: str
    place: Place | None


def code(compiled: Any, owners: Owners) -> Code:  # noqa: ANN401 - three classes of torch without a common base
    """The code of a scripted or traced function or module, and of the submodules that have some."""
    listing = Listing()
    for name, part in _parts(compiled):
        _add_title(listing, name, part, owners)
        links = _links(islice(_read_graph(_rows(part.graph), name, owners), MAX_LINKED))
        for text in part.code.rstrip("\n").split("\n"):
            linked = not listing.is_full and (_link(text, links) or (owners.get(name) if name else None))
            listing.add(text, linked or None)
    return listing.code(Level.TORCHSCRIPT, f"TorchScript: {name_of(compiled)}", "python")


def graph(compiled: Any, owners: Owners) -> Code:  # noqa: ANN401 - see code()
    """The graphs of the same, before inlining."""
    listing = Listing()
    for name, part in _parts(compiled):
        _add_title(listing, name, part, owners)
        own = owners.get(name) if name else None
        _add_graph(listing, part.graph, name, owners, lambda line, own=own: line.place or own)  # type: ignore[misc]
    return listing.code(Level.TORCHSCRIPT_GRAPH, f"Graph: {name_of(compiled)}", "graph")


def frozen(compiled: Any, owners: Owners) -> Code:  # noqa: ANN401 - see code()
    """The graph of a module whose parameters and attributes became constants (torch.jit.freeze), in evaluation mode.

    Raises:
        Unlowerable: it is a function, or torch can't freeze it.
    """
    import torch  # noqa: PLC0415 - heavy, and loaded long before this is called

    if not isinstance(compiled, torch.jit.ScriptModule):
        message = say("a function has nothing to freeze")
        raise Unlowerable(message)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # this call is ours, not the snippet's
            made = torch.jit.freeze(copy.deepcopy(compiled).eval())
    except Exception as error:
        raise Unlowerable(str(error).partition("\n")[0]) from error
    listing = Listing()

    def place(line: _Line) -> Place | None:
        parameter = _PARAMETER.search(line.text)
        return line.place or (owners.get(parameter[1]) if parameter else None)

    _add_graph(listing, made.graph, "", owners, place)
    return listing.code(Level.TORCHSCRIPT_FROZEN, f"Frozen graph: {name_of(compiled)}", "graph")


def optimized(compiled: Any, owners: Owners) -> Code:  # noqa: ANN401 - see code()
    """The graph that runs, after the executor has seen the types and shapes of the first calls and optimized for them.

    Raises:
        Unlowerable: it has not been called often enough.
    """
    try:
        plans = list(compiled.get_debug_state().execution_plans.values())
    except RuntimeError:
        plans = []
    if not plans:
        message = say("there is none before the second call: the first is only watched")
        raise Unlowerable(message)
    listing = Listing()
    links = _layers(compiled, owners)

    def place(line: _Line) -> Place | None:
        waiting = [] if line.place else links.get(line.kind, [])
        return line.place or (waiting.pop(0) if waiting else None)

    _add_graph(listing, plans[0].graph, "", owners, place)
    return listing.code(Level.TORCHSCRIPT_OPTIMIZED, f"Optimized graph: {name_of(compiled)}", "graph")


def dataflow(compiled: Any, owners: Owners) -> Graph:  # noqa: ANN401 - see code()
    """The graph of the outermost function as nodes and edges, at most ``MAX_NODES``; the others are counted."""
    rows = _rows(compiled.graph)
    nodes: list[Node] = []
    edges: list[tuple[str, str]] = []
    maker: dict[str, str] = {}
    for number, line in enumerate(_read_graph(rows, "", owners)):
        found = _NODE.match(line.text)
        if not found or line.kind == "prim::Constant":
            continue
        if len(nodes) == MAX_NODES:
            return _picture(nodes, edges, _count(rows[number:]))
        identity = f"n{len(nodes)}"
        label = _ATTRIBUTE.search(found["rest"])
        text = f"{line.kind} {label[1]}" if label else line.kind
        nodes.append(Node(id=identity, label=text, op=line.kind, line=line.place[0] if line.place else None))
        used = dict.fromkeys(_VALUE.findall(found["rest"]))
        edges += [(maker[value], identity) for value in used if value in maker]
        maker.update(dict.fromkeys(_VALUE.findall(found["outputs"]), identity))
    return _picture(nodes, edges)


def _picture(nodes: list[Node], edges: list[tuple[str, str]], left_out: int = 0) -> Graph:
    return Graph(level=Level.TORCHSCRIPT_GRAPH, nodes=tuple(nodes), edges=tuple(edges), left_out=left_out)


def _count(rows: list[str]) -> int:
    """How many operations there are."""
    found = (_NODE.match(row) for row in rows)
    return sum(1 for node in found if node and node["kind"] != "prim::Constant")


def name_of(compiled: Any) -> str:  # noqa: ANN401 - see code()
    """What a reader would call it."""
    return str(getattr(compiled, "original_name", None) or getattr(compiled, "name", type(compiled).__name__))


def _parts(compiled: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - see code()
    """The object itself and its submodules, as far as they have a ``forward`` of their own."""
    if not hasattr(compiled, "named_modules"):
        yield "", compiled
        return
    for name, part in compiled.named_modules():
        try:
            if part.code:
                yield name, part
        except (AttributeError, RuntimeError):  # a container that nobody calls has no forward
            continue


def _add_title(listing: Listing, name: str, part: Any, owners: Owners) -> None:  # noqa: ANN401 - see code()
    if name:
        listing.add("")
        listing.add(f"# {name}: {name_of(part)}", owners.get(name))


def _add_graph(
    listing: Listing,
    graph: Any,  # noqa: ANN401 - torch._C.Graph, a reference to which keeps alive what it is of
    module: str,
    owners: Owners,
    place: Callable[[_Line], Place | None],
) -> None:
    """Add a graph's lines, each with its place, as far as they are sent; the others are only counted."""
    rows = _rows(graph)
    for number, line in enumerate(_read_graph(rows, module, owners)):
        listing.add(line.text, place(line))
        if listing.is_full:
            listing.drop(rows[number + 1 :])
            return


def _rows(graph: Any) -> list[str]:  # noqa: ANN401 - see _add_graph()
    return _FOREIGN_MARK.sub("", str(graph)).rstrip("\n").split("\n")


def _read_graph(rows: list[str], module: str, owners: Owners) -> Iterator[_Line]:
    """A graph's lines as they are asked for, with the values followed that stand for submodules."""
    prefix = f"{module}." if module else ""
    standing_for: dict[str, str] = {}
    for raw in rows:
        found = _NODE.match(raw)
        place = _marked(raw)
        if found and found["kind"] == "prim::GetAttr" and "(%self" in found["rest"]:
            attribute = _ATTRIBUTE.search(found["rest"])
            child = prefix + attribute[1] if attribute else ""
            standing_for.update(dict.fromkeys((v.split(" ")[0] for v in _VALUE.findall(found["outputs"])[:1]), child))
            place = place or owners.get(child)
        elif found and found["kind"] == "prim::CallMethod" and place is None:
            receiver = _VALUE.search(found["rest"])
            place = owners.get(standing_for.get(receiver[0], "")) if receiver else None
        yield _Line(raw, found["kind"] if found else "", place)


def _marked(line: str) -> Place | None:
    found = _MARK.search(line)
    if not found:
        return None
    number = int(found[1])
    column = characters(linecache.getline("<snippet>", number), int(found[2]))  # where torch read it, to count bytes
    return number, column, number, column


def _layers(compiled: Any, owners: Owners) -> dict[str, list[Place]]:  # noqa: ANN401 - see code()
    """Where the layers were created whose own code has an operation, by its kind, in the order of the layers."""
    links: dict[str, list[Place]] = {}
    for name, part in _parts(compiled):
        place = owners.get(name) if name and not list(part.children()) else None
        graph = part.inlined_graph if place else None  # kept alive while its text is made
        for line in _read_graph(_rows(graph), name, owners):
            if place and line.place is None and line.kind.startswith("aten::"):
                links.setdefault(line.kind, []).append(place)
    return links


def _links(lines: Iterable[_Line]) -> dict[str, list[Place]]:
    """Where each operation of a graph comes from, by the name that the code uses for it, in order."""
    links: dict[str, list[Place]] = {}
    for line in lines:
        name = {"prim::CallMethod": "forward", "prim::CallFunction": "function"}.get(
            line.kind, line.kind.rpartition("::")[2]
        )
        if line.place:
            links.setdefault(name, []).append(line.place)
    return links


def _link(text: str, links: dict[str, list[Place]]) -> Place | None:
    """The place of a line of code: of its first operation whose place is still to be had."""
    first: Place | None = None
    for operation, forward, function in _OPERATION.findall(text):
        waiting = links.get(operation or forward or ("function" if function else ""))
        if waiting:
            place = waiting.pop(0)
            first = first or place
    return first
