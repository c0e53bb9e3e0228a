"""Puts a function's body in the place of one call: statements to run before, and an expression for its value.

What the arguments and the body compute happens as often as it did, and in the order it did. A value that is used once,
where nothing else happens in between, moves to its use; any other gets a name.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field

from playground.lowering.rewrite.order import events
from playground.lowering.rewrite.template import Template, plain_target
from playground.lowering.rewrite.tree import Moving, at, moved, replace, size, walk

MAX_COPIED = 7
"""Nodes of a value that may stand in several places."""


@dataclass
class Reduced:
    """The body of a function, for one call."""

    prelude: list[ast.stmt] = field(default_factory=list)
    value: ast.expr | None = None


class Reducer:
    """One call of a template.

    Args:
        template: the function.
        is_inert: whether an expression of the caller's has no effect, can't raise, and keeps its value during the call.
        fresh: a new name for a variable of the function, in the caller.
        place: the call.
    """

    def __init__(
        self,
        template: Template,
        is_inert: Callable[[ast.expr], bool],
        fresh: Callable[[str], str],
        place: ast.Call,
    ) -> None:
        self._template = template
        self._is_inert = is_inert
        self._fresh = fresh
        self._place = place
        self._free: dict[str, ast.expr] = {}
        self._pending: list[tuple[str, ast.expr]] = []
        self._renamed: dict[str, str] = {}
        self._prelude: list[ast.stmt] = []

    def run(self, arguments: list[tuple[str, ast.expr]]) -> Reduced:
        """Replace the call, its arguments given in the order in which they are evaluated."""
        for name, given in arguments:
            self._bind(name, given, self._template.node.lineno)
        value: ast.expr | None = None
        for statement in self._template.body:
            if isinstance(statement, ast.Return):
                value = self._consume(statement.value) if statement.value else None
            else:
                self._statement(statement)
        self._flush(len(self._pending))
        return Reduced(self._prelude, value)

    def _statement(self, statement: ast.stmt) -> None:
        name = plain_target(statement)
        if name is not None and name in self._template.variables:
            assert isinstance(statement, ast.Assign | ast.AnnAssign)  # noqa: S101 - plain_target() asks
            assert statement.value is not None  # noqa: S101
            self._bind(name, self._consume(statement.value), statement.lineno)
        elif isinstance(statement, ast.Expr):
            value = self._consume(statement.value)
            self._flush(len(self._pending))
            self._emit(replace(statement, value=value))
        else:
            self._flush(len(self._pending))
            self._emit(self._moving({}).children(statement))

    def _bind(self, name: str, value: ast.expr, line: int) -> None:
        """Give a variable of the function its value, on a line of the function's."""
        uses = self._template.reads[name]
        if name in self._template.once:
            if self._is_inert(value) and (uses <= 1 or size(value) <= MAX_COPIED):
                self._free[name] = moved(value, line)
                return
            if uses <= 1:
                self._pending.append((name, moved(value, line)))
                return
        self._flush(len(self._pending))
        self._assign(name, value)

    def _consume(self, node: ast.expr) -> ast.expr:
        """An expression of the function, with the values that it uses put in, or named before."""
        used = {one.id for one in walk(node) if isinstance(one, ast.Name)}
        numbers = [number for number, (name, _) in enumerate(self._pending) if name in used]
        moved: dict[str, ast.expr] = {}
        if numbers:
            tail = self._pending[numbers[0] :]
            if self._come_first(node, [name for name, _ in tail]):
                moved = dict(tail)
                del self._pending[numbers[0] :]
            else:
                self._flush(numbers[-1] + 1)
        return self._moving(moved).expr(node)

    def _come_first(self, node: ast.expr, names: list[str]) -> bool:
        """Whether these are read in this order before anything else happens that matters."""
        waiting = list(names)
        for event in events(node):
            if not waiting:
                return True
            if event.read == waiting[0] and event.certain:
                waiting.pop(0)
            elif event.read is None or not self._is_steady(event.read, event.node):
                return False
        return not waiting

    def _is_steady(self, name: str, node: ast.expr) -> bool:
        if name in self._template.variables:
            return name in self._free or name in self._renamed
        return self._is_inert(node)

    def _flush(self, count: int) -> None:
        """Give names to values that were computed but not yet used."""
        waiting = self._pending[:count]
        del self._pending[:count]
        for name, value in waiting:
            if self._template.reads[name]:
                self._assign(name, value)
            else:
                self._emit(at(ast.Expr(value), self._place))

    def _assign(self, name: str, value: ast.expr) -> None:
        if name not in self._renamed:
            self._renamed[name] = self._fresh(name)
        target = at(ast.Name(self._renamed[name], ast.Store()), value)
        self._emit(at(ast.Assign([target], value), self._place))

    def _moving(self, moved: dict[str, ast.expr]) -> Moving:
        for name in sorted(self._template.variables - self._template.once - set(self._renamed)):
            self._renamed[name] = self._fresh(name)
        return Moving({**self._free, **moved}, self._renamed)

    def _emit(self, statement: ast.stmt) -> None:
        moved = replace(statement, lineno=self._place.lineno, end_lineno=self._place.lineno)
        self._prelude.append(moved)
