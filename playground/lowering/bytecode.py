"""CPython's bytecode (https://docs.python.org/3/library/dis.html), each instruction linked to the characters it is for.

``co_positions`` (PEP 657) gives the source range of every instruction; what has none is shown without a link.
"""

import dis
from collections.abc import Iterator
from types import CodeType

from playground.contracts.events import Code
from playground.contracts.request import Level
from playground.lowering.listing import Columns, Listing, Place


def lower(code: CodeType, source: str) -> Code:
    """The instructions of a code object and of those nested in it, outermost first."""
    listing, columns = Listing(), Columns(source)
    for index, nested in enumerate(_all(code)):
        if index:
            listing.add("")
        _write(listing, nested, columns)
    return listing.code(Level.BYTECODE, "Bytecode", "bytecode")


def _all(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all(constant)


def _write(listing: Listing, code: CodeType, columns: Columns) -> None:
    first = code.co_firstlineno
    place = None if code.co_name == "<module>" else (first, 0, first, 0)
    listing.add(f"{code.co_qualname}:", place if place and first > 0 else None)
    instructions = list(dis.get_instructions(code))
    targets = [instruction.offset for instruction in instructions if instruction.is_jump_target]
    labels = {offset: f"L{number}" for number, offset in enumerate(targets, start=1)}
    last_line = None
    for instruction in instructions:
        position = None if listing.is_full else _place(instruction, columns)
        line = position[0] if position else None
        shown = str(line) if line is not None and line != last_line else ""
        last_line = line if line is not None else last_line
        label = labels[instruction.offset] + ":" if instruction.offset in labels else ""
        argument = _argument(instruction, labels)
        listing.add(f"{shown:>4}  {label:<4} {instruction.opname:<22} {argument}".rstrip(), position)


def _argument(instruction: dis.Instruction, labels: dict[int, str]) -> str:
    if instruction.opcode in dis.hasjrel or instruction.opcode in dis.hasjabs:
        return f"to {labels.get(instruction.argval, instruction.argval)}"
    if isinstance(instruction.argval, CodeType):
        return f"<code {instruction.argval.co_qualname}>"
    return instruction.argrepr or ("" if instruction.arg is None else str(instruction.arg))


def _place(instruction: dis.Instruction, columns: Columns) -> Place | None:
    """Where an instruction comes from; the start of a module and clean-up code come from nowhere."""
    positions = instruction.positions
    if positions is None or not positions.lineno or positions.end_lineno is None:
        return None
    if positions.col_offset is None or positions.end_col_offset is None:
        return None
    return columns.place(positions.lineno, positions.col_offset, positions.end_lineno, positions.end_col_offset)
