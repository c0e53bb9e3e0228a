"""What may be computed ahead of time: operations on small values of Python's own types.

Python itself computes, so results are exact; here is only decided what it is asked to. Every operation takes small
values and is refused beforehand where its result could be large, so none of them takes long. What raises is not
computed ahead of time, for it has to raise where and when the program runs.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from playground.contracts.sentences import say

MAX_BITS = 1024
MAX_ITEMS = 2048
"""Of a text, and of a container with all that is in it."""
MAX_WIDTH = 99
"""Of a formatted number, and of what pads a text."""
Value = Any
"""Of one of Python's own types."""
SCALARS = frozenset({int, float, bool, str, bytes, type(None)})
CONTAINERS = frozenset({tuple, list, dict, set})
TEXTS = frozenset({str, bytes})
ORDERED = frozenset({str, bytes, tuple, list, dict, range})
"""What is gone through in an order that is the same in every run; a set is not."""


class NotComputed(Exception):  # noqa: N818 - what happened, not an error
    """Left to the program itself. ``why``, in words, where the values were known and yet were not used."""

    def __init__(self, why: str | None = None) -> None:
        super().__init__(why or "not known")
        self.why = why


TOO_LARGE = say("the result would be too large")
BINARY: Mapping[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
COMPARE: Mapping[type[ast.cmpop], Callable[[Value, Value], Value]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, container: item in container,
    ast.NotIn: lambda item, container: item not in container,
}
UNARY: Mapping[type[ast.unaryop], Callable[[Value], Value]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
}
FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    function.__name__: function
    for function in (
        *(abs, all, any, ascii, bin, bool, chr, dict, divmod, float, format, hex, int, len, list, max, min, oct, ord),
        *(pow, range, repr, round, set, sorted, str, sum, tuple),
    )
}
"""Builtins that only compute, from values of Python's own types."""
CONVERSIONS: Mapping[int, Callable[[Value], str]] = {ord("r"): repr, ord("s"): str, ord("a"): ascii}
ITERATORS: Mapping[str, Callable[..., Iterator[Value]]] = {"enumerate": enumerate, "zip": zip, "reversed": reversed}
"""Builtins whose results are only gone through."""
ITERATING = frozenset({"all", "any", "dict", "list", "max", "min", "set", "sorted", "sum", "tuple"})
"""Builtins that only go through what they are given."""
STRING_METHODS = frozenset(
    {
        *("capitalize", "casefold", "count", "endswith", "find", "index", "isalnum", "isalpha", "isascii", "isdigit"),
        *("isidentifier", "islower", "isspace", "isupper", "join", "lower", "lstrip", "partition", "removeprefix"),
        *("removesuffix", "replace", "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split", "splitlines"),
        *("startswith", "strip", "swapcase", "title", "upper", "zfill", "center", "ljust", "rjust", "format"),
    }
)
PADDING = frozenset({"zfill", "center", "ljust", "rjust"})
METHODS: Mapping[type, frozenset[str]] = {
    str: STRING_METHODS,
    list: frozenset({"append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse"}),
    dict: frozenset({"copy", "get", "pop", "setdefault", "update"}),
    set: frozenset({"add", "copy", "discard", "remove", "union", "issubset"}),
    tuple: frozenset({"count", "index"}),
    float: frozenset({"is_integer"}),
    int: frozenset({"bit_length"}),
}
VIEWS = frozenset({"items", "keys", "values"})
"""Methods of a ``dict`` whose results are only gone through."""
_FIELDS = re.compile(r"(?:[^{}]|\{\{|\}\}|\{\w*(?:![rsa])?(?::[^{}]*)?\})*")


def checked(value: Value) -> Value:
    """A value, if it is small and of a type whose behaviour is known; never a NaN, which is not equal to itself."""
    kind = type(value)
    if kind is int:
        large = value.bit_length() > MAX_BITS
    elif kind in TEXTS:
        large = len(value) > MAX_ITEMS
    elif kind in CONTAINERS:
        large = weight(value) > MAX_ITEMS
    elif kind is range:
        large = max(abs(value.start), abs(value.stop), abs(value.step)).bit_length() > MAX_BITS
        large = large or abs(value.stop - value.start) // abs(value.step) > MAX_ITEMS
    elif kind is float and math.isnan(value):
        raise NotComputed
    elif kind in SCALARS:
        return value
    else:
        raise NotComputed
    if large:
        raise NotComputed(TOO_LARGE)
    return value


def weight(value: Value) -> int:
    """How many values a container holds, each as often as it is met on the way; counted no further than needed.

    Raises:
        NotComputed: one of them is of another type, or a set, whose order differs from run to run.
    """
    count, waiting = 0, [value]
    while waiting and count <= MAX_ITEMS:
        one = waiting.pop()
        count += 1 + (len(one) // 8 if type(one) in TEXTS else 0)
        if type(one) is dict:
            waiting += [*one.keys(), *one.values()]
        elif type(one) in {tuple, list} or one is value:
            waiting += one
        else:
            checked(one)
    return count


def attempt(function: Callable[..., Value], *given: Value, **named: Value) -> Value:
    """Compute, if it does not raise."""
    try:
        result = function(*given, **named)
    except NotComputed:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it raises, the program will
        why = say("it raises `{error}`", error=type(error).__name__)
        raise NotComputed(why) from None
    return checked(result)


def binary(kind: type[ast.operator], left: Value, right: Value) -> Value:
    """An operation on two values."""
    function = BINARY.get(kind)
    if function is None or (kind is ast.Mod and not _may_fill_in(left, right)):
        raise NotComputed
    if isinstance(left, int) and isinstance(right, int) and _bits(kind, left, right) > MAX_BITS:
        raise NotComputed(TOO_LARGE)
    if kind is ast.Mult:
        for one, other in ((left, right), (right, left)):
            if type(one) in TEXTS | {tuple, list} and isinstance(other, int) and (len(one) + 1) * other > MAX_ITEMS:
                raise NotComputed(TOO_LARGE)
    return attempt(function, left, right)


def unary(kind: type[ast.unaryop], value: Value) -> Value:
    """An operation on one value. ``~True`` warns."""
    if kind is ast.Invert and type(value) is not int:
        raise NotComputed
    return attempt(UNARY[kind], value)


def compare(kind: type[ast.cmpop], left: Value, right: Value) -> Value:
    """A comparison; of ``is`` only with ``None`` and its like, for else it depends on how a value was made."""
    if kind in {ast.Is, ast.IsNot}:
        if not any(one is None or one is ... or isinstance(one, bool) for one in (left, right)):
            raise NotComputed
        return (left is right) is (kind is ast.Is)
    if kind not in COMPARE or {type(left), type(right)} >= {str, bytes}:
        raise NotComputed  # str and bytes compared: a warning, where Python was asked to give them
    return attempt(COMPARE[kind], left, right)


def call(name: str, given: list[Value], named: dict[str, Value]) -> Value:
    """A call of a builtin."""
    function = FUNCTIONS.get(name)
    if function is None or not _may_call(name, given, named):
        raise NotComputed
    if name == "pow" and len(given) == len("xy") and not named:
        return binary(ast.Pow, *given)
    return attempt(function, *given, **named)


def _may_call(name: str, given: list[Value], named: dict[str, Value]) -> bool:
    """Whether a builtin's result is small, and the same in every run."""
    if any(type(one) is set for one in given) and name not in _OF_SETS:
        return False
    if name in {"format", "round", "sum", "pow"} and named:
        return False
    if name == "format":
        return all(_is_modest(one) for one in given[1:])
    if name == "round":
        return all(type(one) is int and abs(one) <= MAX_WIDTH for one in given[1:])
    return name != "sum" or len(given) == 1


_OF_SETS = frozenset({"len", "sorted", "min", "max", "any", "all", "bool", "set"})
"""Builtins that do not care in which order a set is gone through."""


def iterator(name: str, given: list[Value], named: dict[str, Value]) -> Iterator[Value]:
    """What a call of a builtin goes through."""
    if any(type(one) is set for one in given) or any(type(one) not in SCALARS for one in named.values()):
        raise NotComputed
    try:
        return ITERATORS[name](*given, **named)
    except TypeError:
        raise NotComputed from None


def method(value: Value, name: str, given: list[Value], named: dict[str, Value]) -> Value:
    """A call of a method."""
    if name not in METHODS.get(type(value), ()) or any(type(one) in {set, range} for one in given):
        raise NotComputed
    if name in PADDING and not (given and isinstance(given[0], int) and given[0] <= MAX_WIDTH):
        raise NotComputed
    if name in {"replace", "join"} and (weight([*given]) + len(str(given))) * (len(value) + 1) > MAX_ITEMS * 4:
        raise NotComputed(TOO_LARGE)
    if name == "format" and not _is_modest_format(value):
        raise NotComputed
    result = attempt(getattr(value, name), *given, **named)
    checked(value)
    return result


def view(value: Value, name: str) -> Value:
    """A view of a ``dict``."""
    if type(value) is not dict or name not in VIEWS:
        raise NotComputed
    return getattr(value, name)()


def formatted(value: Value, conversion: int, spec: Value) -> str:
    """What a replacement field of an f-string becomes."""
    if not _is_modest(spec) or type(value) not in (SCALARS | CONTAINERS) - {set}:
        raise NotComputed
    convert = CONVERSIONS.get(conversion)
    return str(attempt(format, attempt(convert, value) if convert else value, spec))


def _bits(kind: type[ast.operator], left: int, right: int) -> int:
    """How large a whole number may become."""
    if kind is ast.Pow:
        return left.bit_length() * max(right, 0) if abs(left) > 1 else 1
    if kind is ast.LShift:
        return left.bit_length() + max(right, 0)
    return (
        max(left.bit_length(), right.bit_length()) if kind is not ast.Mult else left.bit_length() + right.bit_length()
    )


def _is_modest(spec: Value) -> bool:
    """Whether a format asks for no great width, and nothing of the locale's."""
    return type(spec) is str and _has_small_numbers(spec) and "n" not in spec


def _may_fill_in(text: Value, value: Value) -> bool:
    """Whether ``%`` is of numbers, or fills in a text that asks for no great width, and for none given elsewhere."""
    if type(text) not in TEXTS:
        return True
    return type(text) is str and type(value) is not set and "*" not in text and _has_small_numbers(text)


def _is_modest_format(text: str) -> bool:
    """Whether the fields of ``str.format`` ask for values alone, not for attributes, nor for widths given elsewhere."""
    return _FIELDS.fullmatch(text) is not None and _has_small_numbers(text) and "n}" not in text


def _has_small_numbers(text: str) -> bool:
    return all(len(digits) <= len(str(MAX_WIDTH)) for digits in re.findall(r"\d+", text))
