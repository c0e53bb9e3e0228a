"""The ways through one scope: its statements as points, each with those that may come next."""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from playground.lowering.lifetimes.names import Names, names_in

Ends = list[int]
"""Points after which something else comes."""


@dataclass
class Point:
    """A simple statement, or the head of one that holds others: names are read first, then bound or deleted."""

    first: int
    last: int
    names: Names = field(default_factory=Names)
    after: list[int] = field(default_factory=list)
    leaves: bool = False
    """The scope may end here."""
    gives: str | None = None
    """The name that a function returns."""


@dataclass
class _Loop:
    head: int
    left: Ends = field(default_factory=list)


class Flow:
    """Points in the order of the text. ``points[0]`` is the beginning, which binds the parameters."""

    def __init__(self, body: Sequence[ast.stmt], line: int, parameters: Iterable[str] = ()) -> None:
        self.points = [Point(line, line, Names(bound=set(parameters)))]
        self._loops: list[_Loop] = []
        self._finals: list[Ends] = []
        """Of each ``try`` around: points that leave it through its ``finally``."""
        for end in self._walk(body, [0]):
            self.points[end].leaves = True

    def _add(self, ends: Iterable[int], first: int, last: int | None, parts: Iterable[ast.AST | None]) -> int:
        self.points.append(Point(first, last or first, names_in(part for part in parts if part is not None)))
        here = len(self.points) - 1
        for end in ends:
            self.points[end].after.append(here)
        return here

    def _walk(self, body: Iterable[ast.stmt], ends: Ends) -> Ends:
        for node in body:
            ends = self._statement(node, ends)
        return ends

    def _statement(self, node: ast.stmt, ends: Ends) -> Ends:  # noqa: PLR0911 - a kind of statement each
        match node:
            case ast.If():
                head = self._add(ends, node.lineno, node.test.end_lineno, [node.test])
                return [*self._walk(node.body, [head]), *self._walk(node.orelse, [head])]
            case ast.While():
                head = self._add(ends, node.lineno, node.test.end_lineno, [node.test])
                endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
                return self._loop(node, head, [] if endless else [head])
            case ast.For() | ast.AsyncFor():
                source = self._add(ends, node.lineno, node.iter.end_lineno, [node.iter])
                head = self._add([source], node.lineno, node.iter.end_lineno, [node.target])
                return self._loop(node, head, [head])
            case ast.Try() | ast.TryStar():
                return self._try(node, ends)
            case ast.With() | ast.AsyncWith():
                last = max(item.context_expr.end_lineno or 0 for item in node.items)
                return self._walk(node.body, [self._add(ends, node.lineno, last, node.items)])
            case ast.Match():
                return self._match(node, ends)
            case _:
                return self._simple(node, ends)

    def _simple(self, node: ast.stmt, ends: Ends) -> Ends:
        last = node.lineno if isinstance(node, ast.ClassDef | ast.FunctionDef) else node.end_lineno
        here = self._add(ends, node.lineno, last, [node])
        match node:
            case ast.Return(value=value):
                self.points[here].gives = value.id if isinstance(value, ast.Name) else None
                self._leave(here)
            case ast.Raise():
                self._leave(here)
            case ast.Break() if self._loops:
                self._loops[-1].left.append(here)
            case ast.Continue() if self._loops:
                self.points[here].after.append(self._loops[-1].head)
            case _:
                return [here]
        return []

    def _leave(self, here: int) -> None:
        if self._finals:
            self._finals[-1].append(here)
        else:
            self.points[here].leaves = True

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, head: int, ends: Ends) -> Ends:
        loop = _Loop(head)
        self._loops.append(loop)
        for end in self._walk(node.body, [head]):
            self.points[end].after.append(head)
        self._loops.pop()
        return [*self._walk(node.orelse, ends), *loop.left]

    def _match(self, node: ast.Match, ends: Ends) -> Ends:
        head = self._add(ends, node.lineno, node.subject.end_lineno, [node.subject])
        found: Ends = []
        for case in node.cases:
            head = self._add([head], case.pattern.lineno, case.pattern.end_lineno, [case.pattern])
            if case.guard:
                head = self._add([head], case.guard.lineno, case.guard.end_lineno, [case.guard])
            found += self._walk(case.body, [head])
        return [*found, head]

    def _try(self, node: ast.Try | ast.TryStar, ends: Ends) -> Ends:
        """What is tried may fail at any of its points, the one before it included."""
        first = len(self.points)
        if node.finalbody:
            self._finals.append([])
        done = self._walk(node.body, ends)
        fails = [*ends, *range(first, len(self.points))]
        done = self._walk(node.orelse, done)
        for handler in node.handlers:
            head = self._add(fails, handler.lineno, handler.lineno, [handler.type])
            if handler.name:
                self.points[head].names.bound.add(handler.name)
            handled = self._walk(handler.body, [head])
            done += [self._forget(handler, handled)] if handler.name and handled else handled
        return self._finally(node, first, ends, done) if node.finalbody else done

    def _forget(self, handler: ast.ExceptHandler, ends: Ends) -> int:
        """At its end a handler deletes the name of its exception."""
        last = handler.body[-1].end_lineno or handler.lineno
        here = self._add(ends, last, last, [])
        self.points[here].names.deleted.add(handler.name or "")
        return here

    def _finally(self, node: ast.Try | ast.TryStar, first: int, ends: Ends, done: Ends) -> Ends:
        leaving = self._finals.pop()
        anywhere = [*ends, *range(first, len(self.points))]
        ended = self._walk(node.finalbody, list(dict.fromkeys([*done, *leaving, *anywhere])))
        for end in ended if leaving else ():
            self._leave(end)
        return ended
