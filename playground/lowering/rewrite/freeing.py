"""What makes it visible when values are freed, so that none may live longer or shorter than it did."""

import ast

from playground.lowering.rewrite.scopes import Scopes
from playground.lowering.rewrite.tree import within_scope

OPENING = frozenset({"open", "TextIOWrapper", "BufferedWriter", "FileIO", "popen", "scandir", "fdopen", "urlopen"})
"""What makes something that is closed, and so written out, at the latest when it is freed."""
_GUARDS = (ast.Try, ast.TryStar, ast.With, ast.AsyncWith)


def seen_on(nodes: list[ast.AST], scopes: Scopes) -> int | None:
    """The first line that makes it visible, if there is one."""
    managed = {
        id(node.context_expr.func)
        for node in nodes
        if isinstance(node, ast.withitem) and isinstance(node.context_expr, ast.Call)
    }
    lines = [
        read.lineno
        for scope in scopes.all()
        for name in OPENING & set(scope.reads)
        for read in scope.reads[name]
        if id(read) not in managed and scopes.resolve(name, scope) in {None, scopes.module}
    ]
    lines += [line for node in nodes if id(node) not in managed and (line := _visible(node))]
    return min(lines, default=None)


def _visible(node: ast.AST) -> int | None:
    """The line of a node that makes it visible."""
    found = False
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        later = isinstance(node, ast.AsyncFunctionDef) or _finishes_when_freed(node)
        found = node.name == "__del__" or later
    elif isinstance(node, ast.Attribute):
        found = node.attr in OPENING or node.attr == "__del__" or "memory" in node.attr
    elif isinstance(node, ast.Name):
        found = node.id == "__del__"
    elif isinstance(node, ast.Constant):
        found = node.value == "__del__"
    return getattr(node, "lineno", None) if found else None


def _finishes_when_freed(node: ast.FunctionDef) -> bool:
    """Whether it makes a generator that, freed before its end, still runs a ``finally`` or leaves a ``with``."""
    inner = [one for statement in node.body for one in within_scope(statement)]
    guarded = any(isinstance(one, _GUARDS) for one in inner)
    return guarded and any(isinstance(one, ast.Yield | ast.YieldFrom) for one in inner)
