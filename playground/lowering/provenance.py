"""Which line of a snippet wrote a line of the program that it built, where that can be known from its literals.

A template is a text with holes: a string, an f-string, a ``%`` or ``.format`` text, a sum or a join of such. It is cut
into lines; a line of the program belongs to the line of a template whose text it holds, in that order. Nothing is
traced: a line whose text was computed belongs to nobody.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from playground.lowering.text import lines_of

MAX_HOLED = 300
"""Templates with holes or open ends; those without are looked up, however many there are."""
MAX_LINES = 2_000
ENOUGH = 3
"""So many characters that are no spaces tell a line from others; with fewer, only one template may be as good."""
MIN_PLACEHOLDER = 2
_FIELD = re.compile(r"\{\{|\}\}|\{[^{}\n]*\}")
_PERCENT = re.compile(r"%(?:\(\w*\))?[#0 +-]*[\d*]*(?:\.[\d*]+)?[a-zA-Z]|%%")
_DOLLAR = re.compile(r"\$(?:\w+|\{\w+\}|\$)")
_DOUBLED = {"{{", "}}", "%%", "$$"}
"""Two for one."""
_KEEPS = {"strip", "lstrip", "rstrip", "expandtabs", "dedent", "indent", "cleandoc"}
"""Calls that give back the lines that they were given, but for the space around them."""
HOLE = None
Part = tuple[str | None, ast.AST]
"""Text, or a hole, and the node that says it."""


@dataclass(frozen=True)
class Template:
    """One line of a template.

    Args:
        line: of the snippet.
        texts: what stands between its holes.
        begins: whether a program's line is sure to begin where this does; else other text may stand before it.
        ends: the same of its end.
        group: the template that it is a line of.
        place: its place among that template's lines.
    """

    line: int
    texts: tuple[str, ...]
    begins: bool
    ends: bool
    group: int
    place: int

    @property
    def weight(self) -> int:
        """How much text there is to know it by."""
        return sum(not character.isspace() for text in self.texts for character in text)

    def fills(self, row: str) -> bool:
        """Whether a line of a program, without the space around it, could be this and nothing else."""
        return _in_order(self.texts, row, begins=True, ends=True)

    def is_in(self, row: str) -> bool:
        """Whether it could be a part of a line."""
        return _in_order(self.texts, row, begins=self.begins, ends=self.ends)


def _in_order(texts: Sequence[str], row: str, *, begins: bool, ends: bool) -> bool:
    """Whether texts stand in a line one after the other; no regular expression, whose time might explode."""
    if (begins and not row.startswith(texts[0])) or (ends and not row.endswith(texts[-1])):
        return False
    last = len(row) - len(texts[-1]) if ends else len(row)
    at = 0
    for text in texts[:-1] if ends else texts:
        at = row.find(text, at)
        if at < 0:
            return False
        at += len(text)
    return at <= last and (len(texts) > 1 or not (begins and ends) or texts[0] == row)


class Provenance:
    """All templates of a snippet."""

    def __init__(self, tree: ast.Module, source: str) -> None:
        self._whole: dict[str, list[Template]] = {}
        self._holed: list[Template] = []
        for template in _Reader(tree, source).templates():
            if len(template.texts) == 1:
                self._whole.setdefault(template.texts[0], []).append(template)
            sure = len(template.texts) == 1 and template.begins and template.ends
            if not sure and template.weight and len(self._holed) < MAX_HOLED:
                self._holed.append(template)

    def origins(self, program: str) -> dict[int, int]:
        """For each line of a program, as far as known, the line of the snippet that wrote it."""
        links: dict[int, int] = {}
        previous: Template | None = None
        for number, row in enumerate(lines_of(program)[:MAX_LINES], start=1):
            text = row.strip()
            candidates = (self._whole.get(text) or self._best(text)) if text else []
            if candidates:
                previous = _nearest(candidates, previous)
                links[number] = previous.line
        return links

    def _best(self, row: str) -> list[Template]:
        found = [template for template in self._holed if template.fills(row)]
        found = found or [template for template in self._holed if template.is_in(row)]
        most = max((template.weight for template in found), default=0)
        best = [template for template in found if template.weight == most]
        return best if most >= ENOUGH or len({template.line for template in best}) == 1 else []


def _nearest(candidates: Sequence[Template], previous: Template | None) -> Template:
    """Of equal candidates the one that goes on with the last line's template, or comes next after it."""
    if previous is None:
        return candidates[0]
    for one in candidates:
        if one.group == previous.group and one.place > previous.place:
            return one
    later = [one for one in candidates if one.line > previous.line]
    return min(later, key=lambda one: one.line) if later else candidates[0]


class _Reader:
    """Finds the templates of a snippet, outermost first: a literal within a sum is part of that sum."""

    def __init__(self, tree: ast.Module, source: str) -> None:
        self._tree = tree
        self._lines = lines_of(source)
        self._patterns = [_FIELD, _PERCENT, _DOLLAR, *_placeholders(tree)]
        self._group = 0

    def templates(self) -> Iterator[Template]:
        """The lines of all templates."""
        waiting: list[ast.AST] = [self._tree]
        while waiting:
            node = waiting.pop()
            parts = _parts(node)
            if parts is None:
                waiting += reversed(list(ast.iter_child_nodes(node)))
                continue
            for variant in self._variants(parts):
                self._group += 1
                yield from self._cut(variant)
            waiting += reversed(_holes(node, parts))

    def _variants(self, parts: list[Part]) -> Iterator[list[Part]]:
        """A text in a variable may be formatted elsewhere: what looks like a field may be a hole."""
        yield parts
        for pattern in self._patterns:
            other = [piece for part in parts for piece in _punched(part, pattern)]
            if len(other) > len(parts):
                yield other

    def _cut(self, parts: list[Part]) -> Iterator[Template]:
        """Cut a template into lines."""
        rows: list[list[Part]] = [[]]
        for text, node in parts:
            for index, piece in enumerate([text] if text is HOLE else text.split("\n")):
                if index:
                    rows.append([])
                rows[-1].append((piece, node))
        at = 0
        for place, row in enumerate(rows):
            texts = _texts(row)
            if any(texts):
                at = self._stands(row, at)
                yield Template(at, texts, place > 0, place < len(rows) - 1, self._group, place)

    def _stands(self, row: list[Part], after: int) -> int:
        """The line of the snippet on which a line of a template stands, looked for from the one before it on."""
        text, node = max(((text or "", node) for text, node in row), key=lambda part: len(part[0].strip()))
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None) or 1
        wanted = text.strip()
        for number in range(max(first, after), min(last, len(self._lines)) + 1):
            if wanted in self._lines[number - 1]:
                return number
        return max(first, min(after, last))


def _placeholders(tree: ast.Module) -> list[re.Pattern[str]]:
    """What the snippet replaces in texts."""
    first = [node.args[0] for node in ast.walk(tree) if _is_method(node, "replace") and node.args]
    words = [one.value.strip() for one in first if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    words = [re.escape(word) for word in words if len(word) >= MIN_PLACEHOLDER]
    return [re.compile("|".join(words))] if words else []


def _texts(row: list[Part]) -> tuple[str, ...]:
    """What stands between the holes of a line, but for the space around it: a line may be indented later."""
    texts = [""]
    for text, _ in row:
        if text is HOLE:
            texts.append("")
        else:
            texts[-1] += text
    texts[0] = texts[0].lstrip()
    texts[-1] = texts[-1].rstrip()
    return tuple(texts)


def _punched(part: Part, pattern: re.Pattern[str]) -> Iterator[Part]:
    """A text cut at what may be replaced in it."""
    text, node = part
    if text is HOLE:
        yield part
        return
    at = 0
    for found in pattern.finditer(text):
        yield text[at : found.start()], node
        yield (found[0][0] if found[0] in _DOUBLED else HOLE), node
        at = found.end()
    yield text[at:], node


def _parts(node: ast.AST) -> list[Part] | None:
    """The parts of an expression that makes a text; None for any other node."""
    match node:
        case ast.Constant(value=str(text)):
            return [(text, node)]
        case ast.JoinedStr(values=values):
            return [_joined(value, node) for value in values]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return _sum(left, right)
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(text)) as literal):
            return list(_punched((text, literal), _PERCENT))
        case ast.Call(func=ast.Attribute(value=receiver, attr=name), args=args):
            return _call(receiver, name, args)
        case _:
            return None


def _joined(value: ast.expr, whole: ast.JoinedStr) -> Part:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value, whole  # Python 3.11 does not know where in the f-string it stands
    return HOLE, value


def _sum(left: ast.expr, right: ast.expr) -> list[Part] | None:
    both = [_parts(side) for side in (left, right)]
    if both == [None, None]:
        return None
    return [part for side, parts in zip((left, right), both, strict=True) for part in parts or [(HOLE, side)]]


def _call(receiver: ast.expr, name: str, args: list[ast.expr]) -> list[Part] | None:
    if name in _KEEPS:
        inner = _parts(receiver)
        return inner if inner is not None else (_parts(args[0]) if args else None)
    text = receiver.value if isinstance(receiver, ast.Constant) else None
    if not isinstance(text, str):
        return None
    if name == "format":
        return list(_punched((text, receiver), _FIELD))
    if name == "join" and len(args) == 1 and isinstance(args[0], ast.List | ast.Tuple):
        return _interleaved(text, receiver, args[0].elts)
    return None


def _interleaved(separator: str, receiver: ast.expr, elements: Sequence[ast.expr]) -> list[Part]:
    made: list[Part] = []
    for element in elements:
        if made:
            made.append((separator, receiver))
        made += _parts(element) or [(HOLE, element)]
    return made


def _holes(node: ast.AST, parts: list[Part]) -> list[ast.AST]:
    """What fills the holes of a template may hold templates of its own."""
    holes = [hole for text, hole in parts if text is HOLE and not isinstance(hole, ast.Constant)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        holes.append(node.right)
    elif _is_method(node, "format"):
        holes += [*node.args, *(keyword.value for keyword in node.keywords)]
    return holes


def _is_method(node: ast.AST, name: str) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
