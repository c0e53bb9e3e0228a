"""Loops whose turns are known: run ahead of time where they only compute, written out where they do more."""

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

from playground.lowering.rewrite.frames import Frame
from playground.lowering.rewrite.literal import literal
from playground.lowering.rewrite.operations import NotComputed
from playground.lowering.rewrite.simplify import same_value
from playground.lowering.rewrite.tree import ENDS, FUNCTIONS, LOOPS, NESTED, at, blocks, replace, size, walk
from playground.lowering.rewrite.values import UNKNOWN, Values, bound_in, is_known, parted

MAX_UNROLLED = 16
"""Times that a loop's body is written out."""
MAX_GROWTH = 400
"""Nodes that one loop may become, written out."""


class Loops(Values, ABC):
    """Folds the loops of one scope."""

    @abstractmethod
    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """Fold statements in their order."""

    @abstractmethod
    def _with_inner(self, node: ast.stmt, names: Iterable[str]) -> ast.stmt:
        """A statement with its blocks folded, where none of these names is known at their beginnings."""

    def _loop(self, node: ast.For | ast.While) -> list[ast.stmt]:
        for attempt in (self._run, self._unroll):
            before = dict(self.values)
            try:
                return attempt(node)
            except NotComputed as stopped:
                self.values = before
                if stopped.why is not None:
                    self._shared.refuse_loop(node, stopped.why)
        names = bound_in([node])
        source = self._simplifier().expr(node.iter) if isinstance(node, ast.For) else None
        self._forget(names)
        new = self._simplifier().header(node)
        if isinstance(new, ast.For) and source is not None and new.iter is not source:
            new = replace(new, iter=source)
        return [self._with_inner(new, names)]

    def _run(self, node: ast.For | ast.While) -> list[ast.stmt]:
        """A loop that does nothing but compute: its results.

        Raises:
            NotComputed: it does more, or what it begins with is not known.
        """
        if not self._may_call and _calls_something(node):
            raise NotComputed
        frame = Frame(self._scope, dict(self.values), self._frame().outer)
        if self._shared.evaluator.run(node, frame) is not None:
            raise NotComputed
        changed = {
            name: value
            for name, value in frame.values.items()
            if name not in self.values or not same_value(value, self.values[name])
        }
        made = {name: literal(value, node) for name, value in changed.items() if is_known(value)}
        new = [_assigned(ast.Name(name, ast.Store()), one, node) for name, one in made.items() if one is not None]
        if len(new) != len(changed):
            raise NotComputed
        self._forget(changed)
        self._learn(changed)
        return new

    def _unroll(self, node: ast.For | ast.While) -> list[ast.stmt]:
        """A loop whose turns are known, written out.

        Raises:
            NotComputed: they are not, or are too many or too long.
        """
        if any(isinstance(one, NESTED) for statement in node.body for one in walk(statement)):
            raise NotComputed
        new: list[ast.stmt] = []
        grown = self._grow([])
        for first in self._turns(node):
            body = [*first, *self.block(node.body)]
            last = body[-1] if body else None
            if isinstance(last, ast.Break | ast.Continue):
                body.pop()
            if any(_leaves_loop(one) for one in body):
                raise NotComputed
            new += body
            grown += self._grow(body)
            if grown > MAX_GROWTH:
                raise NotComputed
            if isinstance(last, ENDS) and not isinstance(last, ast.Continue):
                return new
        return [*new, *self.block(node.orelse)]

    def _grow(self, new: list[ast.stmt]) -> int:
        """Count the nodes of one more turn.

        Raises:
            NotComputed: there are no more to be had.
        """
        grown = sum(size(one) for one in new)
        self._shared.left -= grown
        if self._shared.left < 0:
            raise NotComputed
        return grown

    def _turns(self, node: ast.For | ast.While) -> Iterator[list[ast.stmt]]:
        """What comes first in each turn of a loop: the next value for a ``for``."""
        if isinstance(node, ast.While):
            for _ in range(MAX_UNROLLED):
                test = self._value(node.test)
                if test is UNKNOWN:
                    raise NotComputed
                if not test:
                    return
                yield []
            raise NotComputed
        yield from self._items(node)

    def _items(self, node: ast.For) -> Iterator[list[ast.stmt]]:
        targets = bound_in([node.target])
        read = {one.id for statement in node.body for one in walk(statement) if isinstance(one, ast.Name)}
        later = any(isinstance(one, ast.GeneratorExp) for one in walk(node.iter))
        if later or not targets & read or (not self._may_call and _calls_something(node.iter)):
            raise NotComputed
        for value in self._shared.evaluator.items(node.iter, self._frame(), MAX_UNROLLED):
            made = literal(value, node.iter)
            if made is None or not is_known(value):
                raise NotComputed
            self._forget(targets)
            self._learn(parted(node.target, value))
            yield [_assigned(node.target, made, node)]


def _assigned(target: ast.expr, value: ast.expr, place: ast.stmt) -> ast.stmt:
    return at(ast.Assign([target], value), place)


def _calls_something(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Call) for one in walk(node))


def _leaves_loop(node: ast.stmt) -> bool:
    """Whether a ``break`` or ``continue`` of the loop around a statement is in it."""
    if isinstance(node, ast.Break | ast.Continue):
        return True
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return False
    inner = node.orelse if isinstance(node, LOOPS) else [one for block in blocks(node) for one in block]
    return any(_leaves_loop(one) for one in inner)
