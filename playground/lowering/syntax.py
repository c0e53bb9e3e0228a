"""The abstract syntax tree (https://docs.python.org/3/library/ast.html), indented, each node linked to its source."""

import ast

from playground.contracts.events import Code
from playground.contracts.request import Level
from playground.lowering.listing import Columns, Listing, Place

INDENT = "  "
SHORT = 72
"""A node whose children are all simple stands on one line, if that is no longer than this."""


def lower(tree: ast.Module, source: str) -> Code:
    """The tree of a module as text."""
    writer = _Writer(Columns(source))
    writer.write(tree, "", 0)
    return writer.listing.code(Level.AST, "Syntax tree", "ast")


class _Writer:
    def __init__(self, columns: Columns) -> None:
        self.listing = Listing()
        self._columns = columns

    def write(self, node: ast.AST, label: str, depth: int) -> None:
        """A node: its name and simple fields on a line, its children below."""
        lead = INDENT * depth + label
        name = type(node).__name__
        flat = _flat(node)
        if flat is not None and len(lead) + len(flat) <= SHORT:
            self.listing.add(lead + flat, self._place(node))
            return
        simple = [f"{field}={value!r}" for field, value in ast.iter_fields(node) if _is_simple(value)]
        self.listing.add(" ".join([lead + name, *simple]), self._place(node))
        for field, value in ast.iter_fields(node):
            self._write_field(field, value, depth + 1)

    def _write_field(self, field: str, value: object, depth: int) -> None:
        if isinstance(value, ast.AST):
            if not isinstance(value, ast.expr_context):
                self.write(value, f"{field}: ", depth)
        elif isinstance(value, list) and value:
            self.listing.add(f"{INDENT * depth}{field}:")
            for item in value:
                if isinstance(item, ast.AST):
                    self.write(item, "", depth + 1)
                else:
                    self.listing.add(f"{INDENT * (depth + 1)}{item!r}")

    def _place(self, node: ast.AST) -> Place | None:
        if not isinstance(node, ast.stmt | ast.expr | ast.arg | ast.keyword | ast.alias | ast.ExceptHandler):
            return None
        if node.end_lineno is None or node.end_col_offset is None:
            return None
        return self._columns.place(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def _is_simple(value: object) -> bool:
    """Fields that say something and fit on the node's own line."""
    return value is not None and not isinstance(value, ast.AST | list)


def _flat(node: ast.AST) -> str | None:
    """A small node as one expression, such as ``Name('x')`` or ``BinOp(Name('a') + Name('b'))``; else None."""
    match node:
        case ast.Name(id=name):
            return f"Name({name!r})"
        case ast.Constant(value=value):
            return f"Constant({value!r})"
        case ast.arg(arg=name, annotation=None):
            return f"arg({name!r})"
        case ast.alias(name=name, asname=None):
            return f"alias({name!r})"
        case ast.operator() | ast.unaryop() | ast.cmpop() | ast.boolop() | ast.Pass() | ast.Break() | ast.Continue():
            return type(node).__name__
        case _:
            return None
