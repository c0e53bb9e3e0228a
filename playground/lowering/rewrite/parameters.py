"""Which argument of a call belongs to which parameter (https://docs.python.org/3/reference/expressions.html#calls)."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


class NotBound(Exception):  # noqa: N818 - what happened; the call itself raises a TypeError
    """The arguments do not fit the parameters."""


@dataclass(frozen=True)
class Arguments(Generic[T]):
    """What parameters get: by name, in the order in which it is evaluated, and what ``*args`` and ``**kwargs`` take."""

    values: dict[str, T]
    rest: tuple[T, ...]
    extra: dict[str, T]


def bind(
    spec: ast.arguments, given: Sequence[T], named: dict[str, T], default: Callable[[ast.expr], T]
) -> Arguments[T]:
    """Bind the arguments of a call.

    Args:
        spec: the parameters.
        given: the arguments by position.
        named: the arguments by name.
        default: what a default stands for.

    Raises:
        NotBound: they do not fit.
    """
    by_position = [one.arg for one in [*spec.posonlyargs, *spec.args]]
    by_name = {one.arg for one in [*spec.args, *spec.kwonlyargs]}
    values = dict(zip(by_position, given, strict=False))
    extra: dict[str, T] = {}
    for name, value in named.items():
        if name in values or (name not in by_name and spec.kwarg is None):
            raise NotBound
        (values if name in by_name else extra)[name] = value
    rest = tuple(given[len(by_position) :])
    if rest and spec.vararg is None:
        raise NotBound
    for name, node in defaults(spec).items():
        if name not in values:
            values[name] = default(node)
    if set(values) != {*by_position, *by_name}:
        raise NotBound
    return Arguments(values, rest, extra)


def defaults(spec: ast.arguments) -> dict[str, ast.expr]:
    """The defaults of parameters, by name."""
    by_position = [one.arg for one in [*spec.posonlyargs, *spec.args]]
    found = dict(zip(by_position[len(by_position) - len(spec.defaults) :], spec.defaults, strict=True))
    by_name = zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
    return found | {one.arg: value for one, value in by_name if value is not None}


def names(spec: ast.arguments) -> list[str]:
    """The names of all parameters."""
    everything = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg]
    return [one.arg for one in everything if one is not None]
