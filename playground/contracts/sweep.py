"""A line that says what a comparison is repeated over: ``batch=1,8,64; width=2**4..2**10``.

``name=values``, one parameter or two, ``;`` between them. Values are numbers with a comma between; a range ``a..b``
counts by one, and where both ends are powers of one base, ``2**4..2**10``, it counts the exponent. Arithmetic of
numbers is worked out here, before anything runs: so what is wrong is refused at once, with its reason.
"""

import ast
import itertools
import keyword
import math
import operator
from collections.abc import Callable, Iterator

Value = int | float
Point = dict[str, Value]
THREADS = "threads"
"""The parameter that is the number of threads, whatever the snippet calls so."""
MAX_PARAMETERS = 2
MAX_POINTS = 32
MAX_THREADS = 64
MAX_VALUE = 2**53 - 1
"""What every reader of JSON can count up to (RFC 7493)."""
MAX_EXPONENT = 64
_OPERATORS: dict[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Pow: operator.pow,
}


def parameters(text: str) -> dict[str, tuple[Value, ...]]:
    """The values of each parameter, in the order in which they are written.

    Raises:
        ValueError: the line is not one of these; the message says what is wrong.
    """
    found: dict[str, tuple[Value, ...]] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        name, equals, values = (piece.strip() for piece in part.partition("="))
        _check_name(name, found)
        if not equals or not values:
            message = f"gives {name} no values: write {name}=1,8,64 or {name}=2**4..2**10"
            raise ValueError(message)
        found[name] = _values(name, values)
    _check_size(found)
    return found


def points(text: str) -> list[Point]:
    """Each combination of values, the last parameter changing fastest.

    Raises:
        ValueError: as ``parameters``.
    """
    found = parameters(text)
    return [dict(zip(found, values, strict=True)) for values in itertools.product(*found.values())]


def check(text: str) -> str:
    """Accept only what ``points`` can read.

    Raises:
        ValueError: as ``parameters``.
    """
    parameters(text)
    return text.strip()


def _check_name(name: str, found: dict[str, tuple[Value, ...]]) -> None:
    if not name.isidentifier() or keyword.iskeyword(name):
        message = f"names a parameter {name[:50]!r}, which is no Python name"
        raise ValueError(message)
    if name in found:
        message = f"names {name} twice"
        raise ValueError(message)


def _check_size(found: dict[str, tuple[Value, ...]]) -> None:
    if not 1 <= len(found) <= MAX_PARAMETERS:
        message = f"has {len(found)} parameters; it takes one or {MAX_PARAMETERS}"
        raise ValueError(message)
    if (count := math.prod(map(len, found.values()))) > MAX_POINTS:
        message = f"has {count:,} points; at most {MAX_POINTS} are compared"
        raise ValueError(message)


def _values(name: str, text: str) -> tuple[Value, ...]:
    values = tuple(dict.fromkeys(value for item in text.split(",") for value in _item(item.strip())))
    if name == THREADS and not all(isinstance(value, int) and 1 <= value <= MAX_THREADS for value in values):
        message = f"gives threads a value that is no number of threads, 1 to {MAX_THREADS}"
        raise ValueError(message)
    return values


def _item(text: str) -> Iterator[Value]:
    first, dots, last = text.partition("..")
    if not dots:
        yield _number(_parse(text), text)
        return
    base, low, high = _ends(_parse(first), _parse(last), text)
    if low > high:
        message = f"counts down in {text!r}: write the smaller end first"
        raise ValueError(message)
    for step in range(low, min(high, low + MAX_POINTS) + 1):
        yield _bounded(step if base is None else operator.pow(base, step), text)


def _ends(first: ast.expr, last: ast.expr, text: str) -> tuple[Value | None, int, int]:
    """What a range counts by: a base and its first and last exponent, or no base and the ends themselves."""
    base: Value | None = None
    if isinstance(first, ast.BinOp) and isinstance(last, ast.BinOp):
        powers = isinstance(first.op, ast.Pow) and isinstance(last.op, ast.Pow)
        if powers and _number(first.left, text) == _number(last.left, text):
            base = _number(first.left, text)
            first, last = first.right, last.right
    low, high = _number(first, text), _number(last, text)
    if not (isinstance(low, int) and isinstance(high, int)):
        message = f"counts between {text!r}, which are no whole numbers"
        raise ValueError(message)  # noqa: TRY004 - what is wrong is the text, not a type in this program
    return base, low, high


def _parse(text: str) -> ast.expr:
    """Parsing is safe here: the text is short, and nothing is compiled or run."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        message = f"has a value {text[:50]!r}, which is no number"
        raise ValueError(message) from None


def _number(node: ast.expr, text: str) -> Value:
    try:
        return _bounded(_evaluate(node), text)
    except (ArithmeticError, RecursionError):
        message = f"has a value in {text[:50]!r} that cannot be worked out"
        raise ValueError(message) from None


def _evaluate(node: ast.expr) -> Value:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_evaluate(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            first, second = _evaluate(left), _evaluate(right)
            if isinstance(op, ast.Pow) and abs(second) > MAX_EXPONENT:
                raise OverflowError
            return _bounded(_OPERATORS[type(op)](first, second), ast.unparse(node))  # powers of powers have no end
    message = f"has a value {ast.unparse(node)[:50]!r}, which is no number"
    raise ValueError(message)


def _bounded(value: Value, text: str) -> Value:
    if isinstance(value, complex) or not abs(value) <= MAX_VALUE:  # a root of a negative number is complex; NaN is not
        message = f"has a value in {text[:50]!r} that is no number up to {MAX_VALUE:,}"
        raise ValueError(message)
    return value
