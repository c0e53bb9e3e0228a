"""How expressions are drawn: each operation a box, with what flows into it."""

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from playground.lowering.dataflow.functions import Functions
from playground.lowering.dataflow.picture import Picture, written
from playground.lowering.dataflow.signs import SIGNS
from playground.lowering.dataflow.state import State, Value

MAX_DEPTH = 80
"""Of nested expressions; what is deeper is one box."""
CHANGING = {"shuffle", "heappush", "heapify", "heappop", "heapreplace", "insort", "setattr", "delattr"}
"""Functions of the standard library that change their first argument."""
_DISPLAYS = {ast.List: "list", ast.Tuple: "tuple", ast.Set: "set", ast.Dict: "dict"}


class Expressions:
    """Draws expressions; ``Statements`` gives the state that they are in."""

    def __init__(self, picture: Picture, functions: Functions) -> None:
        self.picture = picture
        self.functions = functions
        names: dict[str, Value] = {}
        self.state = State(names, names, {})
        self.steering: list[tuple[str | None, int]] = []
        """Branches and loops that are walked: their boxes, and how many nodes there were before."""
        self._foreigners: dict[str, Value] = {}
        self._depth = 0

    def expand(self, call: ast.Call, function: ast.FunctionDef) -> Value | None:
        """Draw a call as what happens in it; None where it can't be."""
        raise NotImplementedError

    def evaluate(self, node: ast.expr) -> Value:
        """Draw an expression; gives its value."""
        self._depth += 1
        try:
            deep = self._depth > MAX_DEPTH
            return self.whole(node, "…") if deep else self._kind(node)(node)
        finally:
            self._depth -= 1

    def _kind(self, node: ast.expr) -> Callable[[Any], Value]:
        return getattr(self, f"_{type(node).__name__.lower()}", self._other)

    def operation(self, label: str, op: str, line: int, values: Iterable[Value]) -> Value:
        """A box, and the value that comes out of it."""
        return Value(self.picture.add("operation", label, op, line, [value.node for value in values]))

    def constant(self, text: str, line: int) -> Value:
        """A value that is written in the program."""
        return Value(self.picture.add("constant", text, "constant", line))

    def whole(self, node: ast.expr, label: str) -> Value:
        """An expression as one box; what flows in are the names in it that have values outside."""
        inside = [one for one in ast.walk(node) if isinstance(one, ast.Name | ast.arg)]
        own = {one.id if isinstance(one, ast.Name) else one.arg for one in inside if not _is_read(one)}
        names = dict.fromkeys(one.id for one in inside if isinstance(one, ast.Name) and one.id not in own)
        known = [value for name in names if (value := self.state.read(name))]
        return self.operation(label, type(node).__name__, node.lineno, known)

    @property
    def steering_box(self) -> str | None:
        """The innermost branch or loop that is walked."""
        return self.steering[-1][0] if self.steering else None

    def effect(self, made: Value, values: Iterable[Value]) -> None:
        """Something is done and not only computed: unless what flows in says so, it hangs on its branch or loop."""
        if self.steering and made.node is not None:
            box, first = self.steering[-1]
            if not any(self.picture.is_from(value.node, first) for value in values):
                self.picture.link(box, made.node)

    def _other(self, node: ast.expr) -> Value:
        """Comprehensions, lambdas, f-strings and what is rare are one box, as they are written."""
        return self.whole(node, written(node))

    def _name(self, node: ast.Name) -> Value:
        return self.state.read(node.id) or self._foreign(node.id, node.lineno)

    def _foreign(self, name: str, line: int) -> Value:
        """What the program uses and does not make, once."""
        if name not in self._foreigners:
            self._foreigners[name] = Value(self.picture.add("value", name, "name", line))
        return self._foreigners[name]

    def _constant(self, node: ast.Constant) -> Value:
        return self.constant(written(node), node.lineno)

    def _binop(self, node: ast.BinOp) -> Value:
        values = [self.evaluate(node.left), self.evaluate(node.right)]
        return self.operation(SIGNS[type(node.op)], "BinOp", node.lineno, values)

    def _unaryop(self, node: ast.UnaryOp) -> Value:
        if isinstance(node.operand, ast.Constant):
            return self.constant(written(node), node.lineno)
        return self.operation(SIGNS[type(node.op)], "UnaryOp", node.lineno, [self.evaluate(node.operand)])

    def _boolop(self, node: ast.BoolOp) -> Value:
        values = [self.evaluate(one) for one in node.values]
        return self.operation(SIGNS[type(node.op)], "BoolOp", node.lineno, values)

    def _compare(self, node: ast.Compare) -> Value:
        values = [self.evaluate(one) for one in (node.left, *node.comparators)]
        signs = " ".join(SIGNS[type(one)] for one in node.ops)
        return self.operation(signs, "Compare", node.lineno, values)

    def _ifexp(self, node: ast.IfExp) -> Value:
        values = [self.evaluate(one) for one in (node.body, node.test, node.orelse)]
        return self.operation("if else", "IfExp", node.lineno, values)

    def _display(self, node: ast.List | ast.Tuple | ast.Set) -> Value:
        if is_constant(node):
            return self.constant(written(node), node.lineno)
        values = [self.evaluate(_bare(one)) for one in node.elts]
        return self.operation(_DISPLAYS[type(node)], type(node).__name__, node.lineno, values)

    _list = _tuple = _set = _display

    def _dict(self, node: ast.Dict) -> Value:
        parts = [one for one in (*node.keys, *node.values) if one]
        if all(map(is_constant, parts)):
            return self.constant(written(node), node.lineno)
        return self.operation("dict", "Dict", node.lineno, [self.evaluate(one) for one in parts])

    def _starred(self, node: ast.Starred) -> Value:
        return self.evaluate(node.value)

    def _namedexpr(self, node: ast.NamedExpr) -> Value:
        return self.bind(node.target.id, self.evaluate(node.value), node.lineno)

    def _attribute(self, node: ast.Attribute) -> Value:
        if path := self.foreign_path(node):
            return self._foreign(path, node.lineno)
        return self.operation(f".{node.attr}", "Attribute", node.lineno, [self.evaluate(node.value)])

    def _subscript(self, node: ast.Subscript) -> Value:
        label, values = self.index(node)
        return self.operation(label, "Subscript", node.lineno, [self.evaluate(node.value), *values])

    def index(self, node: ast.Subscript) -> tuple[str, list[Value]]:
        """The label of what is between the brackets, and what flows in from there."""
        if any(isinstance(one, ast.Name | ast.Call) for one in ast.walk(node.slice)):
            return "[…]", [self.evaluate(one) for one in _indices(node.slice)]
        return f"[{written(node.slice).strip('()')}]", []

    def _call(self, node: ast.Call) -> Value:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        function = None if name in self.state.names else self.functions.get(name)
        expanded = self.expand(node, function) if function else None
        return expanded or self._opaque(node)

    def _opaque(self, node: ast.Call) -> Value:
        """A call whose inside is not drawn."""
        label, receiver = self._callee(node.func)
        given, settings = self._given(node)
        values = [*receiver, *given]
        if label == "print":
            sources = [value.node for value in values]
            made = Value(self.picture.add("output", label + settings, "call", node.lineno, sources))
        else:
            made = self.operation(label + settings, "call", node.lineno, values)
        self.effect(made, values)
        name = label.rpartition(".")[2]
        changes = (name in CHANGING or (name.endswith("_") and not name.endswith("__"))) and values
        return self.state.change(values[0], made.node) if changes and made.node else made

    def _given(self, node: ast.Call) -> tuple[list[Value], str]:
        """What flows into a call, and its settings: constants given by name are part of the label."""
        settings = [f"{one.arg}={written(one.value)}" for one in node.keywords if one.arg and is_constant(one.value)]
        flowing = [one.value for one in node.keywords if not one.arg or not is_constant(one.value)]
        values = [self.evaluate(_bare(one)) for one in (*node.args, *flowing)]
        return values, f"({', '.join(settings)})" if settings else ""

    def _callee(self, node: ast.expr) -> tuple[str, list[Value]]:
        """What a call is named, and the value it is a method of, or that is called itself."""
        if isinstance(node, ast.Name):
            known = self.state.read(node.id)
            return (f"{node.id}()", [known]) if known else (node.id, [])
        if isinstance(node, ast.Attribute):
            return (path, []) if (path := self.foreign_path(node)) else (f".{node.attr}", [self.evaluate(node.value)])
        return "call", [self.evaluate(node)]

    def foreign_path(self, node: ast.expr) -> str | None:
        """A dotted name that begins at no value of the program: an import's or a builtin's."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or self.state.read(node.id):
            return None
        return ".".join([node.id, *reversed(parts)])

    def bind(self, name: str, value: Value, line: int, given: ast.expr | None = None) -> Value:
        """Bind a name in the scope that is walked."""
        bound = self.state.names[name] = self.named(name, value, line, given)
        return bound

    def named(self, name: str, value: Value, line: int, given: ast.expr | None = None) -> Value:
        """A name for a value, drawn as a node of its own; a constant and its name are one."""
        if given is not None:
            return Value(self.picture.add("value", f"{name} = {written(given)}", "name", line))
        now = self.state.current(value)
        return Value(self.picture.add("value", name, "name", line, [now.node]), now.thing, now.version)


def is_constant(node: ast.expr) -> bool:
    """Whether an expression is written out, with no operation in it."""
    match node:
        case ast.Constant():
            return True
        case ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            return all(isinstance(one, ast.Constant) for one in elements)
        case _:
            return False


def _is_read(node: ast.Name | ast.arg) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _bare(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Starred) else node


def _indices(node: ast.expr) -> Iterator[ast.expr]:
    """The parts of an index that values flow from."""
    for one in node.elts if isinstance(node, ast.Tuple) else [node]:
        parts = (one.lower, one.upper, one.step) if isinstance(one, ast.Slice) else (one,)
        yield from (part for part in parts if part is not None and not isinstance(part, ast.Constant))
