"""An evaluator for what is known of a program: expressions, statements, calls of the program's own functions.

It does what Python does, or gives up with ``NotComputed``; it has no effects, and takes no more steps than it is given.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from playground.contracts.sentences import say
from playground.lowering.rewrite import operations
from playground.lowering.rewrite.expressions import MAX_STEPS, Expressions
from playground.lowering.rewrite.frames import Frame, is_fixed
from playground.lowering.rewrite.operations import NotComputed, Value
from playground.lowering.rewrite.parameters import NotBound, bind

MAX_DEPTH = 40
"""Calls within calls: far from Python's own limit, which a program may count on."""
_BREAK, _CONTINUE, _RETURN = "break", "continue", "return"


class Evaluator(Expressions):
    """Evaluates parts of one program."""

    _depth = 0

    def run(self, node: ast.stmt, frame: Frame) -> str | None:
        """Run a statement; how it ended, if not at its end."""
        self._budget.begin(MAX_STEPS)
        ended: str | None = self._bounded(lambda: self.block([node], frame))
        return ended

    def block(self, body: list[ast.stmt], frame: Frame) -> str | None:
        """Run statements; how they ended, if not at their end."""
        for statement in body:
            self._budget.spend()
            run = self._RUNS.get(type(statement))
            if run is None:
                raise NotComputed
            if (ended := run(self, statement, frame)) is not None:
                return ended
        return None

    def call(self, function: ast.FunctionDef, given: list[Value], named: dict[str, Value], frame: Frame) -> Value:
        """Call a function of the module."""
        outermost = frame
        while outermost.outer is not None:
            outermost = outermost.outer
        inner = Frame(self._scopes.of(function), outer=outermost)
        try:
            made = bind(function.args, given, named, self._default)
        except NotBound:
            raise NotComputed from None
        inner.values |= made.values
        if function.args.vararg:
            inner.values[function.args.vararg.arg] = operations.checked(made.rest)
        if function.args.kwarg:
            inner.values[function.args.kwarg.arg] = operations.checked(made.extra)
        if self._depth >= MAX_DEPTH:
            why = say("it calls itself more than {count} times over", count=MAX_DEPTH)
            raise NotComputed(why)
        self._depth += 1
        try:
            self.block(function.body, inner)
        finally:
            self._depth -= 1
        return inner.result

    def _default(self, node: ast.expr) -> Value:
        """A default is made once, so only one that can't change is known."""
        value = self.expression(node, Frame(self._scopes.module))
        if not is_fixed(value):
            raise NotComputed
        return value

    def _assignment(self, node: ast.Assign, frame: Frame) -> None:
        value = self.expression(node.value, frame)
        for target in node.targets:
            self._assign(target, value, frame)

    def _annotated(self, node: ast.AnnAssign, frame: Frame) -> None:
        """A variable's annotation is not evaluated in a function."""
        if node.value is None or not isinstance(node.target, ast.Name) or not frame.scope.is_function:
            raise NotComputed
        self._assign(node.target, self.expression(node.value, frame), frame)

    def _augmented(self, node: ast.AugAssign, frame: Frame) -> None:
        """In place where the value is mutable, as ``+=`` of a list is."""
        if not isinstance(node.target, ast.Name):
            self._augmented_item(node, frame)
            return
        old = self._name(ast.Name(node.target.id, ast.Load()), frame)
        self._assign(node.target, self._in_place(node, old, frame), frame)

    def _augmented_item(self, node: ast.AugAssign, frame: Frame) -> None:
        if not isinstance(node.target, ast.Subscript):
            raise NotComputed
        container = self.expression(node.target.value, frame)
        key = self._key(node.target.slice, frame)
        if type(container) not in {list, dict} or isinstance(key, slice):
            raise NotComputed
        old = operations.attempt(lambda: container[key])
        operations.attempt(container.__setitem__, key, self._in_place(node, old, frame))
        operations.checked(container)

    def _in_place(self, node: ast.AugAssign, old: Value, frame: Frame) -> Value:
        value = self.expression(node.value, frame)
        if is_fixed(old):
            return operations.binary(type(node.op), old, value)
        if type(old) is list and isinstance(node.op, ast.Add) and type(value) in {list, tuple, str}:
            operations.attempt(old.extend, list(value))
            return operations.checked(old)
        raise NotComputed

    def _alone(self, node: ast.Expr, frame: Frame) -> None:
        self.expression(node.value, frame)

    def _if(self, node: ast.If, frame: Frame) -> str | None:
        return self.block(node.body if self.expression(node.test, frame) else node.orelse, frame)

    def _while(self, node: ast.While, frame: Frame) -> str | None:
        while self.expression(node.test, frame):
            ended = self.block(node.body, frame)
            if ended == _BREAK:
                return None
            if ended == _RETURN:
                return ended
        return self.block(node.orelse, frame)

    def _for(self, node: ast.For, frame: Frame) -> str | None:
        values = self.iterated(node.iter, frame)
        while (value := _next(values)) is not _END:
            self._budget.spend()
            self._assign(node.target, value, frame)
            ended = self.block(node.body, frame)
            if ended == _BREAK:
                return None
            if ended == _RETURN:
                return ended
        return self.block(node.orelse, frame)

    def _assert(self, node: ast.Assert, frame: Frame) -> None:
        if not self.expression(node.test, frame):
            raise NotComputed

    def _return(self, node: ast.Return, frame: Frame) -> str:
        frame.result = self.expression(node.value, frame) if node.value else None
        return _RETURN

    def _pass(self, _node: ast.Pass, _frame: Frame) -> None:
        return None

    def _leave(self, node: ast.Break | ast.Continue, _frame: Frame) -> str:
        return _BREAK if isinstance(node, ast.Break) else _CONTINUE

    _RUNS: ClassVar[Mapping[type[ast.stmt], Callable[["Evaluator", Any, Frame], str | None]]] = {
        ast.Assign: _assignment,
        ast.AnnAssign: _annotated,
        ast.AugAssign: _augmented,
        ast.Expr: _alone,
        ast.If: _if,
        ast.While: _while,
        ast.For: _for,
        ast.Assert: _assert,
        ast.Return: _return,
        ast.Pass: _pass,
        ast.Break: _leave,
        ast.Continue: _leave,
    }


_END = object()


def _next(values: Iterator[Value]) -> Value:
    """The next value; going through a ``dict`` that is changed meanwhile raises."""
    try:
        return next(values, _END)
    except RuntimeError:
        raise NotComputed from None
