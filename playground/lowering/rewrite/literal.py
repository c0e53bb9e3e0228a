"""The expression that stands for a value."""

import ast
import math
from typing import Final

from playground.lowering.rewrite.operations import SCALARS, TEXTS, NotComputed, Value, binary, unary
from playground.lowering.rewrite.tree import at, size

MAX_BITS: Final = 200
MAX_CHARS: Final = 200
MAX_NODES: Final = 24
MAX_LEVELS: Final = 4


def literal(value: Value, place: ast.AST) -> ast.expr | None:
    """The expression that a careful reader would write for a value; None if none would."""
    made = _literal(value, set())
    if made is None or size(made) > MAX_NODES * 2:
        return None
    return at(made, place)


def is_constant(node: ast.expr) -> bool:
    """Whether an expression of literals alone has a value that is surely computed without an error."""
    try:
        _arithmetic(node)
    except NotComputed:
        return False
    return True


def _arithmetic(node: ast.expr) -> Value:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp):
        return unary(type(node.op), _arithmetic(node.operand))
    if isinstance(node, ast.BinOp):
        return binary(type(node.op), _arithmetic(node.left), _arithmetic(node.right))
    raise NotComputed


def _literal(value: Value, seen: set[int], level: int = 0) -> ast.expr | None:
    """None too where a mutable object is met twice: written twice, it would be two."""
    kind = type(value)
    if kind is int or kind is float:
        return _number(value)
    if value is ... or (kind in SCALARS and not (kind in TEXTS and len(value) > MAX_CHARS)):
        return ast.Constant(value)
    if kind not in {tuple, list, dict} or level > MAX_LEVELS or len(value) > MAX_NODES or id(value) in seen:
        return None
    if kind is not tuple:
        seen.add(id(value))
    return _display(value, seen, level)


def _display(value: Value, seen: set[int], level: int) -> ast.expr | None:
    parts = _all(value, seen, level)
    if parts is None:
        return None
    if isinstance(value, dict):
        values = _all(value.values(), seen, level)
        return ast.Dict([*parts], values) if values is not None else None
    made: type[ast.Tuple | ast.List] = ast.Tuple if isinstance(value, tuple) else ast.List
    return made(parts, ast.Load())


def _number(value: float) -> ast.expr | None:
    if type(value) is float and not math.isfinite(value):
        return None
    if type(value) is int and value.bit_length() > MAX_BITS:
        return None
    if math.copysign(1, value) < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def _all(values: Value, seen: set[int], level: int) -> list[ast.expr] | None:
    made = [_literal(one, seen, level + 1) for one in values]
    return [one for one in made if one is not None] if all(made) else None
