"""The machine code of a kernel: what objdump reads in the library that g++ built and that runs, not a second compile.

Inductor builds with line tables (``aot_inductor.enable_line_tables``), so each block stands under its line of C++, also
where that line's operators came from headers and were inlined.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from playground.contracts.events import Code
from playground.contracts.request import Level
from playground.contracts.sentences import say
from playground.lowering.listing import Listing, Place

TIMEOUT_S = 10
MAX_BYTES = 4 * 2**20
"""Of what objdump writes; the code of one kernel is a small part of it."""
_FUNCTION = re.compile(r"^[0-9a-f]+ <(.+)>:$")
_INSTRUCTION = re.compile(r"^\s*([0-9a-f]+):\s*(.*)$")
_PLACE = re.compile(r"^(?:inlined by )?(\S+):(\d+)(?: .*)?$")
_KERNEL = "kernel"
"""What Inductor calls the function of every C++ kernel; its parallel parts are ``kernel._omp_fn.0`` and on."""


class Unreadable(Exception):  # noqa: N818 - named for what happened
    """The machine code cannot be shown; the text says why."""


def lower(libraries: Mapping[str, Path], places: Mapping[str, tuple[Place, ...]], title: str) -> Code:
    """The machine code of kernels.

    Args:
        libraries: what g++ built, by the kernel's name.
        places: the snippet's, by the kernel's name.
        title: whose kernels they are.

    Raises:
        Unreadable: there is no objdump, or it fails.
    """
    listing = Listing()
    for number, (name, library) in enumerate(libraries.items()):
        if number:
            listing.add("")
        known = places.get(name, ())
        listing.add(f"# {name}", *known)
        for row in _blocks(library):
            listing.add(row, *known)
    return listing.code(Level.ASSEMBLY, title, "asm")


def _blocks(library: Path) -> Iterator[str]:
    """The instructions of the kernel's functions, under the lines of C++ that they are for."""
    source = library.with_suffix(".cpp")
    written = source.read_text(errors="replace").splitlines() if source.is_file() else []
    rare: list[str] = []
    line: int | None = None
    inside = cold = False
    shown: int | None = None
    for row in _dump(library).splitlines():
        if found := _FUNCTION.match(row):
            inside = found[1] == _KERNEL or found[1].startswith(f"{_KERNEL}.")
            cold = found[1].endswith(".cold")
            line = shown = None
            if inside:
                yield from _in_turn(f"{found[1]}:", rare, cold=cold)
        elif not inside:
            continue
        elif found := _INSTRUCTION.match(row):
            if line is not None and line != shown:
                shown = line
                said = written[line - 1].strip() if line <= len(written) else ""
                yield from _in_turn(f"  # {line}: {said}", rare, cold=cold)
            yield from _in_turn(f"  {found[1]:>6}  {found[2].expandtabs(1)}", rare, cold=cold)
        elif (found := _PLACE.match(row)) and Path(found[1]).name == source.name:
            line = int(found[2])
    yield from rare


def _in_turn(row: str, rare: list[str], *, cold: bool) -> Iterator[str]:
    """What hardly ever runs, such as the throwing of errors, comes last."""
    if cold:
        rare.append(row)
    else:
        yield row


def _dump(library: Path) -> str:
    objdump = shutil.which("objdump")
    if objdump is None:
        message = say("objdump is not installed here")
        raise Unreadable(message)
    command = [objdump, "-d", "-l", "--inlines", "--no-show-raw-insn", "-M", "intel", "-j", ".text", str(library)]
    if os.uname().machine not in {"x86_64", "i686"}:
        command[5:7] = []  # Intel's way of writing is for Intel's machines
    try:
        made = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=True)  # noqa: S603 - a fixed command
    except (OSError, subprocess.SubprocessError) as error:
        raise Unreadable(str(error)) from error
    return made.stdout[:MAX_BYTES].decode(errors="replace")
