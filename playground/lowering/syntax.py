"""The abstract syntax tree (https://docs.python.org/3/library/ast.html), indented, each node linked to its source."""

import ast

from playground.contracts.events import Code
from playground.contracts.request import Level
from playground.lowering.listing import Columns, Listing, Place

INDENT = "  "
SHORT = 72
"""A small node stands on one line, if that is no longer than this."""


_PLACED = (ast.stmt, ast.expr, ast.arg, ast.keyword, ast.alias, ast.ExceptHandler)
_FLAT = {
    ast.Name: ("id", ""),
    ast.Constant: ("value", ""),
    ast.arg: ("arg", "annotation"),
    ast.alias: ("name", "asname"),
}
"""The field that a small node shows, and the one that it must not have."""
Row = tuple[int, str, object]
"""Depth, label, and what is labelled: a node, a simple value, or ``_NOTHING``."""
_NOTHING = object()


def lower(tree: ast.Module, source: str) -> Code:
    """The tree of a module as text. Its depth may be beyond the recursion limit, as that of a sum of 600 terms is."""
    listing, columns = Listing(), Columns(source)
    waiting: list[Row] = [(0, "", tree)]
    while waiting:
        depth, label, value = waiting.pop()
        lead = INDENT * depth + label
        if isinstance(value, ast.AST):
            text, children = _node(value, lead, depth + 1)
            listing.add(text, None if listing.is_full else _place(value, columns))
            waiting += reversed(children)
        else:
            listing.add(lead if value is _NOTHING else f"{lead}{value!r}")
    return listing.code(Level.AST, "Syntax tree", "ast")


def _node(node: ast.AST, lead: str, depth: int) -> tuple[str, list[Row]]:
    """A node's own line, with its simple fields, and the rows below it."""
    flat = _flat(node)
    if flat is not None and len(lead) + len(flat) <= SHORT:
        return lead + flat, []
    text, children = lead + type(node).__name__, list[Row]()
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, ast.AST):
            if not isinstance(value, ast.expr_context):
                children.append((depth, f"{field}: ", value))
        elif isinstance(value, list):
            if value:
                children.append((depth, f"{field}:", _NOTHING))
                children += [(depth + 1, "", item) for item in value]
        elif value is not None:
            text += f" {field}={value!r}"
    return text, children


def _place(node: ast.AST, columns: Columns) -> Place | None:
    if not isinstance(node, _PLACED) or node.end_lineno is None or node.end_col_offset is None:
        return None
    return columns.place(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def _flat(node: ast.AST) -> str | None:
    """A small node as a call with one argument, such as ``Name('x')``; else None."""
    shown, absent = _FLAT.get(type(node), ("", ""))
    if not shown or (absent and getattr(node, absent) is not None):
        return None
    return f"{type(node).__name__}({getattr(node, shown)!r})"
