"""Expressions over small values of Python's own types, evaluated as Python does, or given up with ``NotComputed``."""

import ast
import itertools
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from playground.contracts.sentences import say
from playground.lowering.rewrite import operations
from playground.lowering.rewrite.frames import Budget, Frame
from playground.lowering.rewrite.operations import ORDERED, NotComputed, Value
from playground.lowering.rewrite.scopes import Scope, Scopes
from playground.lowering.rewrite.tree import Comprehension

MAX_STEPS = 20_000
"""Of one attempt."""


class Expressions(ABC):
    """Evaluates expressions of one program.

    Args:
        scopes: of the program.
        functions: what may be called, by the names that the module gives them.
        may_call: whether a name of the module surely has its function by now.
        is_builtin: whether a name is Python's own.
        budget: steps that may be taken.
    """

    def __init__(
        self,
        scopes: Scopes,
        functions: Mapping[str, ast.FunctionDef],
        may_call: Callable[[str, ast.AST], bool],
        is_builtin: Callable[[str, Scope], bool],
        budget: Budget,
    ) -> None:
        self._scopes = scopes
        self._functions = functions
        self._may_call = may_call
        self._is_builtin = is_builtin
        self._budget = budget

    def scope(self, node: ast.AST) -> Scope:
        """The scope that a node makes."""
        return self._scopes.of(node)

    def attempt(self, node: ast.expr, frame: Frame) -> Value:
        """The value of an expression.

        Raises:
            NotComputed: it is not known, or would take too long.
        """
        self._budget.begin(MAX_STEPS)
        return self._bounded(lambda: self.expression(node, frame))

    def items(self, node: ast.expr, frame: Frame, most: int) -> list[Value]:
        """What going through an expression's value gives, if that is no more than so many values."""
        self._budget.begin(MAX_STEPS)
        found: list[Value] = self._bounded(lambda: list(itertools.islice(self.iterated(node, frame), most + 1)))
        if len(found) > most:
            raise NotComputed
        return found

    def _bounded(self, compute: Callable[[], Value]) -> Value:
        try:
            return compute()
        except RecursionError:
            why = say("it is nested too deep")
            raise NotComputed(why) from None

    def expression(self, node: ast.expr, frame: Frame) -> Value:
        """The value of an expression.

        Raises:
            NotComputed: it is not known, or would take too long.
        """
        self._budget.spend()
        evaluate = self._TABLE.get(type(node))
        if evaluate is None:
            raise NotComputed
        return evaluate(self, node, frame)

    def iterated(self, node: ast.expr, frame: Frame) -> Iterator[Value]:
        """What going through an expression's value gives, one by one and no sooner than asked for, as Python does."""
        if isinstance(node, ast.GeneratorExp):
            return self._elements(node, frame)
        if isinstance(node, ast.Call) and _goes_through(node):
            return self._iterator(node, frame)
        value = self.expression(node, frame)
        if type(value) not in ORDERED:
            raise NotComputed
        return iter(value)

    def _iterator(self, node: ast.Call, frame: Frame) -> Iterator[Value]:
        called = node.func
        if isinstance(called, ast.Attribute):
            return iter(operations.view(self.expression(called.value, frame), called.attr))
        if not isinstance(called, ast.Name) or not self._is_builtin(called.id, frame.scope):
            raise NotComputed
        many = len(node.args) if called.id == "zip" else 1
        given: list[Value] = [self._gone_through(one, frame) for one in node.args[:many]]
        given += [self.expression(one, frame) for one in node.args[many:]]
        return operations.iterator(called.id, given, self._named(node, frame))

    def _gone_through(self, node: ast.expr, frame: Frame) -> Value:
        """An argument that is only gone through: the value itself, where it has one."""
        if isinstance(node, ast.GeneratorExp) or (isinstance(node, ast.Call) and _goes_through(node)):
            return self.iterated(node, frame)
        return self.expression(node, frame)

    def _constant(self, node: ast.Constant, _frame: Frame) -> Value:
        return node.value if node.value is ... else operations.checked(node.value)

    def _name(self, node: ast.Name, frame: Frame) -> Value:
        owner = self._scopes.resolve(node.id, frame.scope)
        one: Frame | None = frame
        while one is not None and one.scope is not owner:
            one = one.outer
        if one is None or owner is None or node.id not in one.values:
            raise NotComputed
        return one.values[node.id]

    def _binary(self, node: ast.BinOp, frame: Frame) -> Value:
        left = self.expression(node.left, frame)
        return operations.binary(type(node.op), left, self.expression(node.right, frame))

    def _unary(self, node: ast.UnaryOp, frame: Frame) -> Value:
        return operations.unary(type(node.op), self.expression(node.operand, frame))

    def _boolean(self, node: ast.BoolOp, frame: Frame) -> Value:
        value: Value = None
        for one in node.values:
            value = self.expression(one, frame)
            if bool(value) is isinstance(node.op, ast.Or):
                break
        return value

    def _compare(self, node: ast.Compare, frame: Frame) -> Value:
        left = self.expression(node.left, frame)
        result: Value = True
        for kind, one in zip(node.ops, node.comparators, strict=True):
            right = self.expression(one, frame)
            result = operations.compare(type(kind), left, right)
            if not result:
                break
            left = right
        return result

    def _choice(self, node: ast.IfExp, frame: Frame) -> Value:
        return self.expression(node.body if self.expression(node.test, frame) else node.orelse, frame)

    def _sequence(self, node: ast.Tuple | ast.List | ast.Set, frame: Frame) -> Value:
        values = self._arguments(node.elts, frame)
        kind = {ast.Tuple: tuple, ast.List: list, ast.Set: set}[type(node)]
        return operations.attempt(kind, values)

    def _dict(self, node: ast.Dict, frame: Frame) -> Value:
        made: dict[Value, Value] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                raise NotComputed
            one = self.expression(key, frame)
            operations.attempt(hash, one)
            made[one] = self.expression(value, frame)
        return operations.checked(made)

    def _subscript(self, node: ast.Subscript, frame: Frame) -> Value:
        value = self.expression(node.value, frame)
        if type(value) not in ORDERED:
            raise NotComputed
        return operations.attempt(operator.getitem, value, self._key(node.slice, frame))

    def _key(self, node: ast.expr, frame: Frame) -> Value:
        if not isinstance(node, ast.Slice):
            return self.expression(node, frame)
        parts = [self.expression(one, frame) if one else None for one in (node.lower, node.upper, node.step)]
        return slice(*parts)

    def _joined(self, node: ast.JoinedStr, frame: Frame) -> Value:
        return operations.checked("".join(str(self.expression(one, frame)) for one in node.values))

    def _formatted(self, node: ast.FormattedValue, frame: Frame) -> Value:
        value = self.expression(node.value, frame)
        spec = self.expression(node.format_spec, frame) if node.format_spec else ""
        return operations.formatted(value, node.conversion, spec)

    def _elements(self, node: Comprehension, frame: Frame) -> Iterator[Value]:
        """The elements of a comprehension; of one that makes a dict, its pairs. The first iterable is taken at once."""
        inner = Frame(self._scopes.of(node), outer=frame)
        return self._generated(node, 0, self.iterated(node.generators[0].iter, frame), inner)

    def _generated(self, node: Comprehension, number: int, values: Iterator[Value], inner: Frame) -> Iterator[Value]:
        generator = node.generators[number]
        if generator.is_async:
            raise NotComputed
        for value in values:
            self._budget.spend()
            self._assign(generator.target, value, inner)
            if not all(self.expression(one, inner) for one in generator.ifs):
                continue
            if number + 1 == len(node.generators):
                yield operations.checked(self._element(node, inner))
            else:
                more = self.iterated(node.generators[number + 1].iter, inner)
                yield from self._generated(node, number + 1, more, inner)

    def _element(self, node: Comprehension, frame: Frame) -> Value:
        if isinstance(node, ast.DictComp):
            return self.expression(node.key, frame), self.expression(node.value, frame)
        return self.expression(node.elt, frame)

    def _collected(self, node: Comprehension, frame: Frame) -> Value:
        kind = {ast.ListComp: list, ast.SetComp: set, ast.DictComp: dict}[type(node)]
        return operations.attempt(kind, self._elements(node, frame))

    def _call(self, node: ast.Call, frame: Frame) -> Value:
        called = node.func
        if isinstance(called, ast.Attribute):
            value = self.expression(called.value, frame)
            given = self._arguments(node.args, frame)
            return operations.method(value, called.attr, given, self._named(node, frame))
        if not isinstance(called, ast.Name):
            raise NotComputed
        name = called.id
        if name in operations.FUNCTIONS and self._is_builtin(name, frame.scope):
            given = self._arguments(node.args, frame, only_gone_through=name in operations.ITERATING)
            return operations.call(name, given, self._named(node, frame))
        function = self._functions.get(name)
        if function is None or self._scopes.resolve(name, frame.scope) is not self._scopes.module:
            raise NotComputed
        if not self._may_call(name, node):
            raise NotComputed
        return self.call(function, self._arguments(node.args, frame), self._named(node, frame), frame)

    def _arguments(self, nodes: list[ast.expr], frame: Frame, *, only_gone_through: bool = False) -> list[Value]:
        values: list[Value] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                values += self.iterated(node.value, frame)
            else:
                values.append((self._gone_through if only_gone_through else self.expression)(node, frame))
        return values

    def _named(self, node: ast.Call, frame: Frame) -> dict[str, Value]:
        named: dict[str, Value] = {}
        for one in node.keywords:
            if one.arg is None:
                raise NotComputed
            named[one.arg] = self.expression(one.value, frame)
        return named

    @abstractmethod
    def call(self, function: ast.FunctionDef, given: list[Value], named: dict[str, Value], frame: Frame) -> Value:
        """Call a function of the module."""

    def _assign(self, target: ast.expr, value: Value, frame: Frame) -> None:
        if isinstance(target, ast.Name):
            if self._scopes.resolve(target.id, frame.scope) is not frame.scope:
                raise NotComputed
            frame.values[target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target.elts, value, frame)
        elif isinstance(target, ast.Subscript):
            container = self.expression(target.value, frame)
            key = self._key(target.slice, frame)
            if type(container) not in {list, dict} or isinstance(key, slice):
                raise NotComputed
            operations.attempt(container.__setitem__, key, value)
            operations.checked(container)
        else:
            raise NotComputed

    def _unpack(self, targets: list[ast.expr], value: Value, frame: Frame) -> None:
        if type(value) not in ORDERED or len(value) != len(targets):
            raise NotComputed
        for target, one in zip(targets, list(value), strict=True):
            if isinstance(target, ast.Starred):
                raise NotComputed
            self._assign(target, one, frame)

    _TABLE: ClassVar[Mapping[type[ast.expr], Callable[["Expressions", Any, Frame], Value]]] = {
        ast.Constant: _constant,
        ast.Name: _name,
        ast.BinOp: _binary,
        ast.UnaryOp: _unary,
        ast.BoolOp: _boolean,
        ast.Compare: _compare,
        ast.IfExp: _choice,
        ast.Tuple: _sequence,
        ast.List: _sequence,
        ast.Set: _sequence,
        ast.Dict: _dict,
        ast.Subscript: _subscript,
        ast.JoinedStr: _joined,
        ast.FormattedValue: _formatted,
        ast.ListComp: _collected,
        ast.SetComp: _collected,
        ast.DictComp: _collected,
        ast.Call: _call,
    }


def _goes_through(node: ast.Call) -> bool:
    """Whether a call looks like one that makes an iterator, or a view, of Python's own."""
    if any(isinstance(one, ast.Starred) for one in node.args):
        return False
    if isinstance(node.func, ast.Attribute):
        return node.func.attr in operations.VIEWS and not (node.args or node.keywords)
    return isinstance(node.func, ast.Name) and node.func.id in operations.ITERATORS
