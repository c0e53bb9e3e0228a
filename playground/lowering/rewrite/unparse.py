"""A program's text after a pass: what was left alone stands as it was written, comments and all; the rest is printed.

``ast.unparse`` drops parentheses that the grammar does not need; those between operators of one rank are kept, for they
say what was computed first. A line's origins are the lines of all that stands on it.
"""

import ast
from collections.abc import Iterable

from playground.lowering.rewrite.lines import Origins, identity
from playground.lowering.rewrite.tree import FUNCTIONS, MOVED, SHOWN, N, Rewriter, header, replace, walk
from playground.lowering.text import lines_of

INDENT = "    "
_RANKS: tuple[tuple[type[ast.operator], ...], ...] = (
    (ast.Add, ast.Sub),
    (ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.MatMult),
    (ast.LShift, ast.RShift),
    (ast.BitAnd,),
    (ast.BitXor,),
    (ast.BitOr,),
)


class Original:
    """The source as it was written: which statements have lines of their own, and what stands above them."""

    def __init__(self, source: str, tree: ast.Module) -> None:
        self.source = source
        self.tree = tree
        self._lines = lines_of(source)
        nodes = walk(tree)
        self._own = {id(node): node for node in nodes if isinstance(node, ast.stmt) and self._stands_alone(node)}
        self._inside = {
            line
            for node in nodes
            if isinstance(node, ast.expr) and node.end_lineno
            for line in range(node.lineno + 1, node.end_lineno + 1)
        }

    def written(self, node: ast.stmt) -> list[str] | None:
        """The lines of a statement that was left alone; None if it was not, or shares its lines."""
        if id(node) not in self._own or node.end_lineno is None:
            return None
        return self._lines[first_line(node) - 1 : node.end_lineno]

    def above(self, node: ast.stmt) -> list[tuple[int, str]]:
        """Blank lines and comments right above a statement."""
        end = first_line(node) - 1
        start = end
        while start > 0 and start not in self._inside and self._lines[start - 1].strip()[:1] in {"", "#"}:
            start -= 1
        return [(number, self._lines[number - 1]) for number in range(start + 1, end + 1)]

    def indent(self, node: ast.stmt) -> str | None:
        """How far a statement was indented, if it stood on lines of its own."""
        if id(node) not in self._own:
            return None
        line = self._lines[first_line(node) - 1]
        return line[: len(line) - len(line.lstrip())]

    @property
    def is_hushed(self) -> bool:
        """Whether a semicolon follows the last statement, so that a notebook does not display its value."""
        last = self.tree.body[-1] if self.tree.body else None
        if last is None or last.end_lineno is None or last.end_col_offset is None:
            return False
        return self._lines[last.end_lineno - 1].encode()[last.end_col_offset :].lstrip().startswith(b";")

    def _stands_alone(self, node: ast.stmt) -> bool:
        first, last = self._lines[first_line(node) - 1].encode(), self._lines[(node.end_lineno or 1) - 1].encode()
        start = first.find(b"@") if first_line(node) < node.lineno else node.col_offset
        after = last[node.end_col_offset :].strip()
        return not first[:start].strip() and (not after or after[:1] == b"#" or after == b";")


def first_line(node: ast.stmt) -> int:
    """The line a statement begins on, decorators included."""
    decorators = node.decorator_list if isinstance(node, (*FUNCTIONS, ast.ClassDef)) else []
    return min([node.lineno, *(one.lineno for one in decorators)])


class Printer:
    """Prints a tree made from an original, line by line."""

    def __init__(self, original: Original, *, print_is_pythons: bool) -> None:
        self._original = original
        self._print_is_pythons = print_is_pythons
        self._hushed: ast.stmt | None = None
        self._lines: list[str] = []
        self._origins: list[frozenset[int]] = []

    def module(self, tree: ast.Module) -> tuple[str, Origins]:
        """The text of a module, and for each of its lines those of the original it was made from."""
        if tree is self._original.tree:
            return self._original.source, identity(len(lines_of(self._original.source)))
        self._hushed = tree.body[-1] if tree.body and self._is_to_be_hushed(tree.body[-1]) else None
        self._block(tree.body, None)
        skipped = next((i for i, line in enumerate(self._lines) if line.strip()), len(self._lines))
        text = "".join(f"{line}\n" for line in self._lines[skipped:])
        return text, dict(enumerate(self._origins[skipped:], start=1))

    def _is_to_be_hushed(self, node: ast.stmt) -> bool:
        """Whether a last expression is new there, so that its value is to be displayed no more than it was."""
        if not isinstance(node, ast.Expr) or hasattr(node, SHOWN):
            return False
        called = node.value.func if isinstance(node.value, ast.Call) else None
        return not (self._print_is_pythons and isinstance(called, ast.Name) and called.id == "print")

    def _block(self, body: list[ast.stmt], outer: str | None) -> None:
        """Print a block, as far in as it was, or else one step further than the statement it belongs to."""
        known = [text for node in body if (text := self._original.indent(node)) is not None and outer is not None]
        inner = [text for text in known if len(text) > len(outer or "") and text.startswith(outer or "")]
        indent = "" if outer is None else min(inner, key=len, default=outer + INDENT)
        printed = 0
        for number, node in enumerate(body):
            if first_line(node) > printed:
                self._above(node, spaced=number > 0 and isinstance(body[number - 1], (*FUNCTIONS, ast.ClassDef)))
                printed = max(printed, node.end_lineno or 0)
            self._statement(node, indent)

    def _above(self, node: ast.stmt, *, spaced: bool) -> None:
        above = self._original.above(node)
        for number, text in above or ([(node.lineno, "")] if spaced else []):
            self._line(text.rstrip(), [number])

    def _statement(self, node: ast.stmt, indent: str) -> None:
        written = self._original.written(node)
        if node is self._hushed:
            self._print(ast.unparse(_grouped(node)) + ";", indent, origins(node))
        elif written is not None and self._original.indent(node) == indent:
            for number, text in enumerate(written, start=first_line(node)):
                self._line(text, [number])
        elif isinstance(getattr(node, "body", None), list) or isinstance(node, ast.Match):
            self._compound(node, indent)
        else:
            self._print(ast.unparse(_grouped(node)), indent, origins(node))

    def _compound(self, node: ast.stmt, indent: str) -> None:
        if isinstance(node, ast.Try | ast.TryStar):
            self._try(node, indent)
        elif isinstance(node, ast.Match):
            self._match(node, indent)
        else:
            self._header(node, indent)
            self._block(node.body, indent)  # type: ignore[attr-defined] # _statement() asked
            self._else(getattr(node, "orelse", []), indent, chain=isinstance(node, ast.If))

    def _header(self, node: ast.stmt, indent: str, keyword: str = "") -> None:
        for decorator in getattr(node, "decorator_list", ()):
            self._print(f"@{ast.unparse(_grouped(decorator))}", indent, [decorator.lineno])
        empty: dict[str, list[ast.AST]] = {name: [] for name in ("orelse", "decorator_list") if hasattr(node, name)}
        bare = _grouped(replace(node, body=[ast.Pass()], **empty))
        self._print(keyword + ast.unparse(bare).removesuffix("pass").rstrip(), indent, origins(node))

    def _else(self, body: list[ast.stmt], indent: str, *, chain: bool) -> None:
        only = body[0] if len(body) == 1 else None
        if chain and isinstance(only, ast.If):
            self._header(only, indent, "el")
            self._block(only.body, indent)
            self._else(only.orelse, indent, chain=True)
        elif body:
            self._print("else:", indent, [])
            self._block(body, indent)

    def _try(self, node: ast.Try | ast.TryStar, indent: str) -> None:
        self._print("try:", indent, [node.lineno])
        self._block(node.body, indent)
        word = "except*" if isinstance(node, ast.TryStar) else "except"
        for handler in node.handlers:
            kind = f" {ast.unparse(handler.type)}" if handler.type else ""
            name = f" as {handler.name}" if handler.name else ""
            self._print(f"{word}{kind}{name}:", indent, [handler.lineno])
            self._block(handler.body, indent)
        self._else(node.orelse, indent, chain=False)
        if node.finalbody:
            self._print("finally:", indent, [])
            self._block(node.finalbody, indent)

    def _match(self, node: ast.Match, indent: str) -> None:
        self._print(f"match {ast.unparse(_grouped(node.subject))}:", indent, [node.lineno])
        for case in node.cases:
            guard = f" if {ast.unparse(_grouped(case.guard))}" if case.guard else ""
            self._print(f"case {ast.unparse(case.pattern)}{guard}:", indent + INDENT, [case.pattern.lineno])
            self._block(case.body, indent + INDENT)

    def _print(self, text: str, indent: str, lines: Iterable[int]) -> None:
        for number, one in enumerate(text.split("\n")):
            self._line(one if number else indent + one, lines)

    def _line(self, text: str, lines: Iterable[int]) -> None:
        self._lines.append(text)
        self._origins.append(frozenset(lines))


def origins(node: ast.stmt) -> set[int]:
    """The lines that a statement's own line, without its blocks, was made from."""
    inner = [one for part in header(node) for one in walk(part) if isinstance(one, ast.expr)]
    passed = [line for one in inner for line in getattr(one, MOVED, ())]
    return {node.lineno, *(one.lineno for one in inner), *passed}


class _Grouping(Rewriter):
    """Puts back parentheses on the left of an operator of the same rank: ``(a + b) + c`` computes ``a + b`` first."""

    def expr(self, node: ast.expr) -> ast.expr:
        node = self.children(node)
        if not isinstance(node, ast.BinOp) or not isinstance(left := node.left, ast.BinOp):
            return node
        chained = (left.lineno, left.col_offset) == (node.lineno, node.col_offset) and not hasattr(left, MOVED)
        if chained or _rank(left.op) != _rank(node.op):
            return node
        return replace(node, left=ast.Name(f"({ast.unparse(left)})", ast.Load()))


def _rank(operator: ast.operator) -> int:
    """Operators of one rank are computed from the left; the power, which is not, has none in common."""
    return next((number for number, rank in enumerate(_RANKS) if isinstance(operator, rank)), -1)


def _grouped(node: N) -> N:
    """A node to be printed, its parentheses put in."""
    if isinstance(node, ast.expr):
        return _Grouping().expr(node)  # type: ignore[return-value] # an expression for an expression
    return _Grouping().children(node)
