"""CPython's bytecode (https://docs.python.org/3/library/dis.html), each instruction linked to the characters it is for.

``co_positions`` (PEP 657) gives the source range of every instruction; what has none is shown without a link.
Code that ran often enough was specialised by the interpreter (PEP 659), which is a level of its own.
"""

import dis
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import CodeType

from playground.contracts.events import Code
from playground.contracts.request import Level
from playground.lowering.listing import Columns, Listing, Place

NAME_WIDTH = 22


def lower(code: CodeType, source: str) -> Code:
    """The instructions of a code object and of those nested in it, outermost first."""
    writer = _Writer(source)
    for one in _all(code):
        writer.write(one, _names(one, adaptive=False))
    return writer.code(Level.BYTECODE, "Bytecode")


def specialized(codes: Sequence[CodeType], source: str) -> Code | None:
    """What the interpreter made of code that has run; None where it has specialised nothing.

    Args:
        codes: of a program, in order: the module's, or that of each of its statements.
        source: the program.
    """
    within = [nested for code in codes for nested in _all(code) if nested is not code]
    every = [(one, _names(one, adaptive=True)) for one in (*codes, *within)]
    if not any(map(_is_specialized, (name for _, names in every for name in names))):
        return None
    writer = _Writer(source)
    for index, (one, names) in enumerate(every):
        writer.write(one, names, headed=index == 0 or index >= len(codes))
    return writer.code(Level.BYTECODE_SPECIALIZED, "Specialized bytecode")


def _names(code: CodeType, *, adaptive: bool) -> list[str]:
    return [instruction.opname for instruction in dis.get_instructions(code, adaptive=adaptive)]


def _is_specialized(name: str) -> bool:
    """Python 3.11 also has names for code that only counts how often it runs."""
    return name not in dis.opmap and not name.endswith(("_ADAPTIVE", "_QUICK"))


def _all(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all(constant)


class _Writer:
    """Writes code objects, one below the other, and counts their instructions."""

    def __init__(self, source: str) -> None:
        self._listing = Listing()
        self._columns = Columns(source)
        self._instructions = 0
        self._begun = False

    def code(self, level: Level, title: str) -> Code:
        """What was written."""
        made = self._listing.code(level, title, "bytecode")
        return made.model_copy(update={"instructions": self._instructions})

    def write(self, code: CodeType, names: list[str], *, headed: bool = True) -> None:
        """Write one code object, its instructions under the names that are given."""
        if headed and self._begun:
            self._listing.add("")
        self._begun = True
        write(self._listing, code, self._columns, names=names, headed=headed)
        self._instructions += len(names)


def write(  # noqa: PLR0913 - each says how one of three levels differs from the others
    listing: Listing,
    code: CodeType,
    columns: Columns,
    *,
    names: list[str] | None = None,
    headed: bool = True,
    linked: bool = True,
    more: Callable[[dis.Instruction], Iterable[Place]] = lambda _: (),
) -> None:
    """Add the instructions of one code object.

    Args:
        listing: where to.
        code: what is disassembled.
        columns: of the snippet.
        names: of the instructions, where they are other than the code's own.
        headed: whether its name stands above.
        linked: whether the lines that the code names are the snippet's.
        more: places of an instruction that the code itself does not name.
    """
    first = code.co_firstlineno
    known = code.co_name != "<module>" and linked and first > 0
    if headed:
        listing.add(f"{code.co_qualname}:", (first, 0, first, 0) if known else None)
    instructions = list(dis.get_instructions(code))
    names = names or [instruction.opname for instruction in instructions]
    targets = [instruction.offset for instruction in instructions if instruction.is_jump_target]
    labels = {offset: f"L{number}" for number, offset in enumerate(targets, start=1)}
    width = max((NAME_WIDTH, *map(len, names)))
    last_line = None
    for instruction, name in zip(instructions, names, strict=True):
        position = None if listing.is_full or not linked else _place(instruction, columns)
        line = position[0] if position else None
        shown = str(line) if line is not None and line != last_line else ""
        last_line = line if line is not None else last_line
        label = labels[instruction.offset] + ":" if instruction.offset in labels else ""
        argument = _argument(instruction, labels)
        listing.add(f"{shown:>4}  {label:<4} {name:<{width}} {argument}".rstrip(), position, *more(instruction))


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
