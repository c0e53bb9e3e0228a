"""Where in a statement calls stand, what is evaluated before them, and how one is replaced."""

import ast
from collections.abc import Iterator, Mapping

from playground.lowering.rewrite.tree import COMPREHENSIONS, FUNCTIONS, Rewriter, children, header, walk, within_scope

Names = frozenset[str]
_LATER = (ast.Yield, ast.YieldFrom, ast.Await)


def evaluated_first(statement: ast.stmt) -> ast.expr | None:
    """The expression that a statement evaluates before all else, once."""
    if isinstance(statement, ast.AugAssign | ast.AnnAssign) and not isinstance(statement.target, ast.Name):
        return None
    if isinstance(statement, ast.With):
        return statement.items[0].context_expr
    found = getattr(statement, _FIRST.get(type(statement), ""), None)
    return found if isinstance(found, ast.expr) else None


_FIRST: Mapping[type[ast.stmt], str] = {
    ast.Expr: "value",
    ast.Assign: "value",
    ast.AugAssign: "value",
    ast.AnnAssign: "value",
    ast.Return: "value",
    ast.If: "test",
    ast.Assert: "test",
    ast.For: "iter",
    ast.Raise: "exc",
    ast.Match: "subject",
}


def calls_in(node: ast.AST, inner: Names) -> Iterator[tuple[ast.Call, Names]]:
    """The calls in an expression, inner ones first, each with the names that comprehensions and lambdas bind there."""
    if isinstance(node, ast.Lambda):
        for default in [*node.args.defaults, *(one for one in node.args.kw_defaults if one)]:
            yield from calls_in(default, inner)
        yield from calls_in(node.body, inner | {one.arg for one in walk(node.args) if isinstance(one, ast.arg)})
        return
    if isinstance(node, COMPREHENSIONS):
        bound = {one.id for gen in node.generators for one in walk(gen.target) if isinstance(one, ast.Name)}
        yield from calls_in(node.generators[0].iter, inner)
        for child in children(node):
            parts = children(child) if isinstance(child, ast.comprehension) else [child]
            for part in parts:
                if part is not node.generators[0].iter:
                    yield from calls_in(part, inner | bound)
        return
    for child in children(node):
        yield from calls_in(child, inner)
    if isinstance(node, ast.Call):
        yield node, inner


def may_be_interleaved(scope: ast.AST, statement: ast.stmt) -> bool:
    """Whether a statement of a generator makes code that may run between two of the generator's own steps."""
    if not any(isinstance(one, ast.Lambda | ast.GeneratorExp) for part in header(statement) for one in walk(part)):
        return False
    body = scope.body if isinstance(scope, FUNCTIONS) else []
    return any(isinstance(one, _LATER) for part in body for one in within_scope(part))


class Replacing(Rewriter):
    """Puts one expression in the place of another."""

    def __init__(self, old: ast.expr, new: ast.expr) -> None:
        self._old = old
        self._new = new

    def expr(self, node: ast.expr) -> ast.expr:
        """Replace it where it stands."""
        return self._new if node is self._old else self.children(node)

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """The statements within a statement are not of its own line."""
        return body

    def header(self, statement: ast.stmt) -> ast.stmt:
        """A statement with the expression replaced in its own line."""
        return self.children(statement)
