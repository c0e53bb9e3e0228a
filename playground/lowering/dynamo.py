"""What Dynamo makes of a frame besides the graph: the bytecode that runs in its place, and the guards before it."""

import dis
import re
from collections.abc import Mapping
from types import CodeType

from playground.contracts.events import Code
from playground.contracts.request import Level
from playground.lowering import bytecode, stacks
from playground.lowering.fx import Operations
from playground.lowering.listing import Columns, Listing, Place

_GUARDED = re.compile(rf"# {stacks.SNIPPET}:(\d+) in ")
_MODULE = re.compile(r"L\['(?:fn|self)'\]((?:\._modules\['[^']+'\])+)")
_NAMES = re.compile(r"'([^']+)'")
_COMPILED = "__compiled_fn_"
"""What Dynamo calls a compiled graph."""
_DEPTH = re.compile(r"^(?:\| )*\+- ")


def guards(text: str, title: str, latency_us: int | None, layers: Mapping[str, Place]) -> Code:
    """The tree of guards as torch prints it, each linked to the line that needs it.

    Args:
        text: torch's tree.
        title: whose guards they are.
        latency_us: what checking them all took, in microseconds, if torch measured it.
        layers: where the submodules of a compiled module were created, by dotted path.
    """
    listing = Listing()
    rows = text.strip("\n").splitlines()
    count = sum(_is_guard(row) for row in rows)
    took = f", checked in {latency_us} us before each call" if latency_us is not None else ""
    listing.add(f"# {count} guards{took}")
    for row in rows:
        listing.add(row, _line(row), _layer(row, layers))
    return listing.code(Level.GUARDS, title, "guards")


def rewritten(code: CodeType, title: str, source: str, operations: Operations) -> Code:
    """The bytecode that Dynamo runs instead of a function's own: it calls what was compiled of ``operations``."""
    listing, columns = Listing(), Columns(source)
    graph = tuple(dict.fromkeys(place for one in operations.values() for place in one.places[:1]))

    def calls(instruction: dis.Instruction) -> tuple[Place, ...]:
        return graph if str(instruction.argval).startswith(_COMPILED) else ()

    bytecode.write(listing, code, columns, linked=code.co_filename == stacks.SNIPPET, more=calls)
    return listing.code(Level.DYNAMO_BYTECODE, title, "bytecode")


def _is_guard(row: str) -> bool:
    found = _DEPTH.match(row)
    name = row[found.end() :].partition(":")[0] if found else ""
    return name.isupper()


def _layer(row: str, layers: Mapping[str, Place]) -> Place | None:
    found = _MODULE.search(row)
    return layers.get(".".join(_NAMES.findall(found[1]))) if found else None


def _line(row: str) -> Place | None:
    found = _GUARDED.search(row)
    return (int(found[1]), 0, int(found[1]), 0) if found else None
