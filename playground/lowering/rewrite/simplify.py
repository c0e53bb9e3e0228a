"""Expressions, folded: what is known of them stands as a literal, the rest as it was."""

import ast
from collections.abc import Callable
from typing import TypeVar

from playground.lowering.rewrite.evaluate import Evaluator
from playground.lowering.rewrite.frames import Frame
from playground.lowering.rewrite.literal import literal
from playground.lowering.rewrite.operations import NotComputed, Value
from playground.lowering.rewrite.tree import COMPREHENSIONS, Rewriter, at, equal, replace, same, walk

MAX_NAMED = 40
"""Characters of a text that stands in the place of its name."""
_COMPUTED = (
    *(ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.Subscript, ast.JoinedStr),
    *(ast.ListComp, ast.DictComp),
)
S = TypeVar("S", bound=ast.stmt)
Refuse = Callable[[ast.expr, str], None]


class Simplifier(Rewriter):
    """Folds the expressions of one statement.

    Args:
        evaluator: of the program.
        frame: what is known where the expressions stand.
        later: what is known wherever a function or generator that they make is run.
        refuse: is told what was known and yet not computed.
        calls: whether calls may be computed.
    """

    def __init__(self, evaluator: Evaluator, frame: Frame, later: Frame, refuse: Refuse, *, calls: bool) -> None:
        self._evaluator = evaluator
        self._frame = frame
        self._later = later
        self._refuse = refuse
        self._calls = calls
        self._refused = 0

    def header(self, node: S) -> S:
        """A statement with the expressions of its own line folded, but for annotations."""
        new = self.children(node)
        if isinstance(node, ast.AnnAssign) and isinstance(new, ast.AnnAssign) and new is not node:
            return replace(new, annotation=node.annotation)
        return new

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """The statements within a statement are not of its own line."""
        return body

    def expr(self, node: ast.expr) -> ast.expr:
        """Fold an expression."""
        if isinstance(node, ast.Name):
            return self._name(node)
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return self._kept(node)
        if not isinstance(node, _COMPUTED) or _is_negative(node):
            return self._parts(node)
        try:
            made = self._literal(node)
        except NotComputed as left:
            before = self._refused
            new = self._parts(node)
            if left.why is not None and self._refused == before:
                self._refused += 1
                self._refuse(node, left.why)
            return new
        return self._parts(node) if made is None else made

    def value(self, node: ast.expr) -> Value:
        """The value of an expression.

        Raises:
            NotComputed: it is not known.
        """
        if not self._calls and any(isinstance(one, ast.Call) for one in walk(node)):
            raise NotComputed
        return self._evaluator.attempt(node, self._frame)

    def _literal(self, node: ast.expr) -> ast.expr | None:
        made = literal(self.value(node), node)
        return node if made is not None and equal(made, node) else made

    def _name(self, node: ast.Name) -> ast.expr:
        if not isinstance(node.ctx, ast.Load):
            return node
        try:
            value = self._evaluator.attempt(node, self._frame)
        except NotComputed:
            return node
        if isinstance(value, tuple | range | bytes) or (isinstance(value, str) and len(value) > MAX_NAMED):
            return node
        return literal(value, node) or node

    def _parts(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.BoolOp):
            return self._boolean(node)
        if isinstance(node, ast.IfExp):
            return self._choice(node)
        if isinstance(node, ast.JoinedStr):
            return self._joined(node)
        if isinstance(node, ast.Lambda):
            inner = self._within(node, self._later)
            args, body = self.children(node.args), inner.expr(node.body)
            return node if args is node.args and body is node.body else replace(node, args=args, body=body)
        if isinstance(node, COMPREHENSIONS):
            return self._comprehension(node)
        return self._kept(node)

    def _kept(self, node: ast.expr) -> ast.expr:
        """The children folded, but for a name that has to stand as a name.

        Of a literal in its place Python would warn, or think otherwise.
        """
        kept: dict[str, object] = {}
        if isinstance(node, ast.Call | ast.Attribute | ast.Subscript | ast.Starred):
            field = "func" if isinstance(node, ast.Call) else "value"
            if isinstance(getattr(node, field), ast.Name):
                kept[field] = getattr(node, field)
        elif isinstance(node, ast.Compare) and any(isinstance(one, ast.Is | ast.IsNot) for one in node.ops):
            kept = {"left": node.left, "comparators": node.comparators}
        elif isinstance(node, ast.NamedExpr):
            kept["target"] = node.target
        new = self.children(node)
        changed = [name for name, value in kept.items() if getattr(new, name) is not value]
        return replace(new, **{name: kept[name] for name in changed}) if changed else new

    def _boolean(self, node: ast.BoolOp) -> ast.expr:
        """``and`` and ``or`` without the operands that are known not to matter."""
        values = list(node.values)
        while len(values) > 1:
            try:
                decided = bool(self.value(values[0])) is isinstance(node.op, ast.Or)
            except NotComputed:
                break
            if decided:
                values = values[:1]
            else:
                values.pop(0)
        if len(values) == 1:
            return self.expr(values[0])
        rest = node if len(values) == len(node.values) else replace(node, values=values)
        return self.children(rest)

    def _choice(self, node: ast.IfExp) -> ast.expr:
        try:
            test = self.value(node.test)
        except NotComputed:
            return self.children(node)
        return self.expr(node.body if test else node.orelse)

    def _joined(self, node: ast.JoinedStr) -> ast.expr:
        """An f-string, its known fields filled in."""
        values: list[ast.expr] = []
        for one in node.values:
            new = self._field(one) if isinstance(one, ast.FormattedValue) else one
            last = values[-1] if values else None
            if isinstance(new, ast.Constant) and isinstance(last, ast.Constant):
                values[-1] = replace(last, value=str(last.value) + str(new.value))
            else:
                values.append(new)
        return node if same(values, node.values) else replace(node, values=values)

    def _field(self, node: ast.FormattedValue) -> ast.expr:
        try:
            return at(ast.Constant(self.value(node)), node)
        except NotComputed:
            value = self.expr(node.value)
        spec = self._joined(node.format_spec) if isinstance(node.format_spec, ast.JoinedStr) else node.format_spec
        return (
            node if value is node.value and spec is node.format_spec else replace(node, value=value, format_spec=spec)
        )

    def _comprehension(self, node: ast.expr) -> ast.expr:
        frame = self._later if isinstance(node, ast.GeneratorExp) else self._frame
        inner = self._within(node, frame)
        new = inner.children(node)
        first, old = new.generators[0], node.generators[0]  # type: ignore[attr-defined] # _parts() asked
        source = self.expr(old.iter)
        if first.iter is source:
            return new
        first = replace(first, iter=source)
        return replace(new, generators=[first, *new.generators[1:]])  # type: ignore[attr-defined]

    def _within(self, node: ast.expr, outer: Frame) -> "Simplifier":
        frame = Frame(self._evaluator.scope(node), outer=outer)
        return Simplifier(self._evaluator, frame, self._later, self._refuse, calls=self._calls)


def _is_negative(node: ast.expr) -> bool:
    """Whether it is how a negative number is written."""
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant)


def same_value(one: Value, other: Value) -> bool:
    """Whether two values can't be told apart, as ``1`` and ``1.0``, ``0.0`` and ``-0.0`` can."""
    return type(one) is type(other) and repr(one) == repr(other)
