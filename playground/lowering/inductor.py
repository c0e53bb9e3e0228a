"""What Inductor writes (torch/_inductor/codegen): a Python module that calls kernels, and the kernels' sources in it.

The two are levels of their own. A kernel comes from the lines whose operations were fused into it: Inductor tells their
stacks by *debug handle* (``torch._inductor.config.trace.provenance_tracking_level``), and marks its calls with them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from playground.contracts.events import Code
from playground.contracts.request import Level
from playground.lowering import stacks
from playground.lowering.listing import Listing, Place

Handles = Mapping[str, tuple[Place, ...]]
"""The places of each debug handle, such as ``cpp_fused_add_0:1``."""
_BEGIN = re.compile(r"^(\w+) = async_compile\.(\w+)\(.*'''(\\?)$")
_END = re.compile(r"^'''")
_HANDLES = re.compile(r"\s*# \[Provenance debug handles\] (.+)")
_COMMENT = re.compile(r"\s*#")
_DEFINED = re.compile(r"^(\w+) = async_compile\.")
LANGUAGES = {"triton": "triton"}
"""By the method of ``async_compile``; all others build C++."""


@dataclass(frozen=True)
class Kernel:
    """One kernel: the name that the wrapper calls it by, and its source."""

    name: str
    language: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Generated:
    """Inductor's module, taken apart; in the wrapper a kernel is one line."""

    wrapper: tuple[str, ...]
    kernels: tuple[Kernel, ...]


def take_apart(text: str) -> Generated:
    """Separate the kernels from the module that calls them."""
    wrapper: list[str] = []
    kernels: list[Kernel] = []
    rows = iter(text.splitlines())
    for row in rows:
        begun = _BEGIN.match(row)
        if begun is None:
            wrapper.append(row)
            continue
        name, builder = begun[1], begun[2]
        kernels.append(Kernel(name, LANGUAGES.get(builder, "cpp"), tuple(_body(rows))))
        wrapper.append(f"{row.rpartition(', ')[0]}, ...)  # its source is a level of its own")
    return Generated(tuple(wrapper), tuple(kernels))


def handles(said: Mapping[str, list[str]]) -> Handles:
    """The places of each handle, from the stacks of what was fused."""
    return {
        handle: tuple(dict.fromkeys(place for stack in found for place in stacks.places(stack)))
        for handle, found in said.items()
    }


def mentioned(generated: Generated) -> set[str]:
    """The debug handles that a wrapper mentions."""
    return {handle for row in generated.wrapper for handle in _handles(row)}


def wrapper(generated: Generated, title: str, known: Handles) -> Code:
    """The module that allocates buffers and calls the kernels."""
    listing = Listing()
    of_kernels = by_kernel(known)
    rows = generated.wrapper
    places: tuple[Place, ...] = ()
    inside = 0
    for index, row in enumerate(rows):
        if _COMMENT.match(row):
            places, inside = _ahead(rows, index, known), 0
        elif places and not inside:  # the call that the comments are about, which may take several lines
            inside = 1
        elif places and (inside := inside + 1) and _balanced(rows[index - inside + 1 : index]):
            places, inside = (), 0
        defined = _DEFINED.match(row)
        listing.add(row, *(of_kernels.get(defined[1], ()) if defined else places))
    return listing.code(Level.INDUCTOR_WRAPPER, title, "python")


def kernels(generated: Generated, title: str, known: Handles) -> Code:
    """The sources of all kernels, one after the other."""
    listing = Listing()
    of_kernels = by_kernel(known)
    language = generated.kernels[0].language if generated.kernels else "cpp"
    mark = "#" if language == "triton" else "//"
    for number, kernel in enumerate(generated.kernels):
        places = of_kernels.get(kernel.name, ())
        if number:
            listing.add("")
        listing.add(f"{mark} {kernel.name}", *places)
        for row in kernel.lines:
            listing.add(row, *places)
    return listing.code(Level.INDUCTOR_CODE, title, language)


def by_kernel(known: Handles) -> dict[str, tuple[Place, ...]]:
    """The places of each kernel, over all its calls."""
    found: dict[str, tuple[Place, ...]] = {}
    for handle, places in known.items():
        name = handle.rpartition(":")[0]
        found[name] = tuple(dict.fromkeys((*found.get(name, ()), *places)))
    return found


def _body(rows: Iterator[str]) -> Iterator[str]:
    for row in rows:
        if _END.match(row):
            return
        yield row


def _ahead(rows: tuple[str, ...], index: int, known: Handles) -> tuple[Place, ...]:
    """The places of the call that a comment, and those that follow it, stand before."""
    found: list[Place] = []
    while index < len(rows) and _COMMENT.match(rows[index]):
        found += (place for handle in _handles(rows[index]) for place in known.get(handle, ()))
        index += 1
    return tuple(dict.fromkeys(found))


def _handles(row: str) -> list[str]:
    marked = _HANDLES.match(row)
    return [handle.strip() for handle in marked[1].split(",")] if marked else []


def _balanced(rows: tuple[str, ...]) -> bool:
    """Whether a statement ends with these lines: all that it opened is closed."""
    text = "".join(rows)
    return sum(map(text.count, "([{")) <= sum(map(text.count, ")]}"))
