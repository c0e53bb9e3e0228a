"""Lives of names: each binding, followed to where it ends, and to where it is needed last."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from playground.lowering.lifetimes.flow import Flow, Point
from playground.lowering.lifetimes.names import local_names, names_in

MAX_LIVES = 200
MAX_POINTS = 4_000
"""Of a scope: one with more statements is not analysed."""
Ending = Literal["deleted", "rebound", "returned", "left"]
_Functions = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Life:
    """A binding of a name: lines from which, until which it holds a value, and the last that needs it, if any."""

    scope: str
    name: str
    first: int
    last: int
    ends: Ending
    needed: int | None


def lifetimes(tree: ast.Module) -> tuple[Life, ...]:
    """Lives of the names of a program and of its functions, in the order of their lines; at most ``MAX_LIVES``."""
    found: list[Life] = []
    for name, scope in _scopes(tree):
        if len(found) >= MAX_LIVES:
            break
        found += _of_scope(name, scope)
    found.sort(key=lambda life: (life.first, life.last))
    return tuple(found[:MAX_LIVES])


def _scopes(tree: ast.Module) -> Iterator[tuple[str, ast.Module | _Functions]]:
    """The module and all functions, by their qualified names (PEP 3155)."""
    waiting: list[tuple[str, ast.AST]] = [("", tree)]
    while waiting:
        prefix, node = waiting.pop()
        if isinstance(node, ast.Module):
            yield "<module>", node
        for child in ast.iter_child_nodes(node):
            match child:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    yield prefix + child.name, child
                    waiting.append((f"{prefix}{child.name}.<locals>.", child))
                case ast.ClassDef():
                    waiting.append((f"{prefix}{child.name}.", child))
                case _:
                    waiting.append((prefix, child))


def _of_scope(name: str, scope: ast.Module | _Functions) -> Iterator[Life]:
    if isinstance(scope, ast.Module):
        flow = Flow(scope.body, 1)
        own = None
    else:
        parameters = {one.arg for one in ast.walk(scope.args) if isinstance(one, ast.arg)}
        flow = Flow(scope.body, scope.lineno, sorted(parameters))
        own = local_names(scope)
    if len(flow.points) <= MAX_POINTS:
        yield from _Analysis(name, flow.points, names_in(scope.body).captured, own).lives()


class _Analysis:
    """Reaching bindings and live names of one scope. Sets are bits of integers: unions are what it does most."""

    def __init__(self, scope: str, points: list[Point], captured: set[str], own: frozenset[str] | None) -> None:
        self._scope = scope
        self._points = points
        self._captured = captured
        self._bindings = [
            (place, name)
            for place, point in enumerate(points)
            for name in sorted(point.names.bound)
            if own is None or name in own
        ]
        self._numbers = {name: number for number, name in enumerate(sorted({name for _, name in self._bindings}))}
        self._lasts = [point.last for point in points]
        self._leaving = [place for place, point in enumerate(points) if point.leaves]
        self._kills = [point.names.bound | point.names.deleted | point.names.defined for point in points]

        self._places: dict[str, list[int]] = {name: [] for name in self._numbers}
        """Where each name is read, bound or deleted."""
        for place, point in enumerate(points):
            for name in point.names.read | self._kills[place]:
                if name in self._places:
                    self._places[name].append(place)

    def lives(self) -> Iterator[Life]:
        """Every binding's life."""
        reaching, live = self._reaching(), self._live()
        for number, (place, name) in enumerate(self._bindings[:MAX_LIVES]):
            binding = 1 << number
            reached = [other for other, bits in enumerate(reaching) if bits & binding]
            yield self._life(place, name, reached, live)

    def _life(self, place: int, name: str, reached: list[int], live: list[int]) -> Life:
        own, last_of, named = self._points[place], self._lasts, 1 << self._numbers[name]
        met, concerned = set(reached), self._places[name]
        events = [self._ending(other, name) for other in (*concerned, *self._leaving) if other in met]
        if own.leaves:
            events.append((own.last, "left"))
        last, ends = max(events, key=lambda event: event[0], default=(own.last, "left"))
        # It may also be read further up, when a loop comes round: then it is needed at least where it is bound.
        alive = [other for other in reached if live[other] & named and name not in self._kills[other]]
        read = [other for other in concerned if other in met and name in self._points[other].names.read]
        needed = [last_of[other] for other in (*alive, *read, *([place] if live[place] & named else ()))]
        return Life(
            scope=self._scope,
            name=name,
            first=own.first,
            last=max(own.first, last, *(last_of[other] for other in reached)),
            ends=ends,
            needed=max(needed, default=None),
        )

    def _ending(self, place: int, name: str) -> tuple[int, Ending]:
        """How a binding that reaches a point ends there, if it does; the ending furthest down is what is told."""
        point = self._points[place]
        if name in point.names.deleted:
            return point.last, "deleted"
        if name in self._kills[place]:
            return point.last, "rebound"
        if point.gives == name:
            return point.last, "returned"
        return (point.last, "left") if point.leaves else (0, "left")

    def _reaching(self) -> list[int]:
        """For each point, the bindings that may hold where it begins."""
        of_name: dict[str, int] = {}
        made = [0] * len(self._points)
        for number, (place, name) in enumerate(self._bindings):
            of_name[name] = of_name.get(name, 0) | 1 << number
            made[place] |= 1 << number
        ended = [sum(of_name.get(name, 0) for name in kills) for kills in self._kills]
        entering = [0] * len(self._points)
        changes = True
        while changes:
            changes = False
            for place, point in enumerate(self._points):
                leaving = entering[place] & ~ended[place] | made[place]
                for after in point.after:
                    if leaving & ~entering[after]:
                        entering[after] |= leaving
                        changes = True
        return entering

    def _live(self) -> list[int]:
        """For each point, the names that are read after it before they are bound anew; captured ones always may be."""
        numbers = self._numbers
        reads = [_bits(numbers, point.names.read) for point in self._points]
        kills = [_bits(numbers, names) for names in self._kills]
        entering, leaving = [0] * len(self._points), [_bits(numbers, self._captured)] * len(self._points)
        changes = True
        while changes:
            changes = False
            for place in reversed(range(len(self._points))):
                for after in self._points[place].after:
                    leaving[place] |= entering[after]
                live = leaving[place] & ~kills[place] | reads[place]
                changes |= live != entering[place]
                entering[place] = live
        return leaving


def _bits(numbers: dict[str, int], names: set[str]) -> int:
    return sum(1 << numbers[name] for name in names if name in numbers)
