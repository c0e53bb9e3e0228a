"""How simple statements are drawn: names bound, objects changed, functions left."""

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from playground.lowering.dataflow.expressions import Expressions, is_constant
from playground.lowering.dataflow.functions import Functions, bound_names, within
from playground.lowering.dataflow.picture import Picture
from playground.lowering.dataflow.signs import SIGNS
from playground.lowering.dataflow.state import State, Value

_STORED = ast.Attribute | ast.Subscript


class Statements(Expressions):
    """Draws statements, one after the other."""

    def __init__(self, picture: Picture, functions: Functions) -> None:
        super().__init__(picture, functions)
        self._inside: list[str] = []
        self._declared: dict[str, set[str]] = {}
        self._returned: list[tuple[Value, str | None]] = []
        """What the function gives, and the branch or loop in which it does."""
        self._left: list[tuple[State, str | None]] = []
        """Where the loop is left by ``break``, and what decides that."""
        self._again: list[State] = []

    def walk(self, body: Iterable[ast.stmt]) -> None:
        """Draw statements for as long as they are reached."""
        for node in body:
            if not self.state.is_reached:
                return
            draw: Callable[[Any], None] = getattr(self, f"_do_{type(node).__name__.lower()}", self._do_nothing)
            draw(node)

    def _do_nothing(self, _node: ast.stmt) -> None:
        """``pass``, ``global`` and what else moves no value."""

    def _do_expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Constant):
            return
        made = self.evaluate(node.value)
        match node.value:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if receiver := self.state.read(name):
                self.state.change(receiver, made.node)  # a method whose result nobody wants is there to change

    def _do_assign(self, node: ast.Assign) -> None:
        self._assign_all(node.targets, node.value, node.lineno)

    def _do_annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._assign_all([node.target], node.value, node.lineno)

    def _assign_all(self, targets: Sequence[ast.expr], value: ast.expr, line: int) -> None:
        pairs = _pairs(targets, value)
        if pairs:
            values = [(target, one, None if is_constant(one) else self.evaluate(one)) for target, one in pairs]
            for target, given, made in values:
                self._assign(target, made, line, given)
            return
        written_out = is_constant(value) and len(targets) == 1
        made = None if written_out else self.evaluate(value)
        for target in targets:
            self._assign(target, made, line, value)

    def _assign(self, target: ast.expr, value: Value | None, line: int, given: ast.expr | None = None) -> None:
        """Give a value to a target; None for one that is written out."""
        match target:
            case ast.Name(id=name):
                self._bind(name, value or Value(None), line, given if value is None else None)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                whole = value or (self.evaluate(given) if given else Value(None))
                for part in parts:
                    self._assign(part.value if isinstance(part, ast.Starred) else part, Value(whole.node), line)
            case ast.Attribute() | ast.Subscript():
                self._store(target, "=", value or (self.evaluate(given) if given else None))

    def _bind(self, name: str, value: Value, line: int, given: ast.expr | None = None) -> None:
        """Bind a name where it belongs: a function's ``global`` is the module's."""
        if name in self._globals():
            names, self.state.names = self.state.names, self.state.module
            self.bind(name, value, line, given)
            self.state.names = names
        else:
            self.bind(name, value, line, given)

    def _globals(self) -> set[str]:
        """What the function that is walked declares ``global``."""
        name = self._inside[-1] if self._inside else ""
        if name not in self._declared:
            found = within(self.functions[name].body) if name else ()
            self._declared[name] = {one for node in found if isinstance(node, ast.Global) for one in node.names}
        return self._declared[name]

    def _store(self, target: _STORED, sign: str, value: Value | None) -> None:
        """Change an object through one of its parts: an operation between the object before and after."""
        changed = self.evaluate(target.value)
        label, indices = (f".{target.attr}", []) if isinstance(target, ast.Attribute) else self.index(target)
        values = [changed, *indices, *([value] if value else [])]
        made = self.operation(f"{label} {sign}", "store", target.lineno, values)
        self.effect(made, values)
        self.state.change(changed, made.node)

    def _do_augassign(self, node: ast.AugAssign) -> None:
        sign = f"{SIGNS[type(node.op)]}="
        if isinstance(node.target, ast.Name):
            values = [
                self.evaluate(ast.copy_location(ast.Name(node.target.id, ast.Load()), node)),
                self.evaluate(node.value),
            ]
            made = self.operation(sign, "AugAssign", node.lineno, values)
            self._bind(node.target.id, made, node.lineno)
        elif isinstance(node.target, ast.Attribute | ast.Subscript):
            self._store(node.target, sign, self.evaluate(node.value))

    def _do_delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.state.names.pop(target.id, None)
            elif isinstance(target, ast.Attribute | ast.Subscript):
                self._store(target, "del", None)

    def _do_functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        if node.name in self.functions and not self._inside:
            return  # drawn where it is called
        decorators = [self.evaluate(one) for one in node.decorator_list]
        own = {*bound_names(node.body), *(one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg))}
        names = dict.fromkeys(one.id for one in ast.walk(node) if isinstance(one, ast.Name) and one.id not in own)
        captured = [value for name in names if self._inside and (value := self.state.names.get(name))]
        made = self.operation("def", "function", node.lineno, [*decorators, *map(self.state.current, captured)])
        self._bind(node.name, made, node.lineno)

    _do_asyncfunctiondef = _do_functiondef

    def _do_classdef(self, node: ast.ClassDef) -> None:
        """A class is no value that flows, unless something was done to make it."""
        made = [self.evaluate(one) for one in (*node.decorator_list, *(one.value for one in node.keywords))]
        if made:
            self._bind(node.name, self.operation("class", "class", node.lineno, made), node.lineno)

    def _do_return(self, node: ast.Return) -> None:
        if self._inside:
            value = self.state.current(self.evaluate(node.value)) if node.value else Value(None)
            self._returned.append((value, self.steering_box))
        self.state.is_reached = False

    def _do_raise(self, node: ast.Raise) -> None:
        values = [self.evaluate(one) for one in (node.exc, node.cause) if one]
        self.effect(self.operation("raise", "raise", node.lineno, values), values)
        self.state.is_reached = False

    def _do_assert(self, node: ast.Assert) -> None:
        self.operation("assert", "assert", node.lineno, [self.evaluate(node.test)])


def _pairs(targets: Sequence[ast.expr], value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """``a, b = x, y`` moves two values past each other."""
    if (
        len(targets) != 1
        or not isinstance(targets[0], ast.Tuple | ast.List)
        or not isinstance(value, ast.Tuple | ast.List)
    ):
        return []
    left, right = targets[0].elts, value.elts
    starred = any(isinstance(one, ast.Starred) for one in (*left, *right))
    return [] if starred or len(left) != len(right) else list(zip(left, right, strict=True))
