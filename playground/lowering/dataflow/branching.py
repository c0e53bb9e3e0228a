"""How branches and loops are drawn: boxes that steer, and values of several origins where ways meet."""

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playground.lowering.dataflow.functions import bound_names
from playground.lowering.dataflow.state import State, Value, meet
from playground.lowering.dataflow.statements import Statements


class Branching(Statements):
    """Draws statements that hold statements."""

    def _do_break(self, _node: ast.Break) -> None:
        self._left.append((self.state.copy(), self.steering_box))
        self.state.is_reached = False

    def _do_continue(self, _node: ast.Continue) -> None:
        self._again.append(self.state.copy())
        self.state.is_reached = False

    @contextmanager
    def _steered(self, box: Value) -> Iterator[None]:
        self.steering.append((box.node, self.picture.size))
        try:
            yield
        finally:
            self.steering.pop()

    def _box(self, label: str, line: int, decides: ast.expr) -> Value:
        value = self.evaluate(decides)
        box = self.operation(label, label, line, [value])
        self.effect(box, [value])
        return box

    def _do_if(self, node: ast.If) -> None:
        box = self._box("if", node.lineno, node.test)
        self._branch([node.body, node.orelse], box, node.lineno)

    def _branch(self, bodies: Sequence[Sequence[ast.stmt]], box: Value, line: int) -> None:
        """Walk ways that part here and meet again."""
        before, ways = self.state, list[State]()
        for body in bodies:
            self.state = before.copy()
            with self._steered(box):
                self.walk(body)
            ways.append(self.state)
        self.state = before
        self.state.become(meet(self.picture, before.copy(), ways, line, box.node))

    def _do_match(self, node: ast.Match) -> None:
        box = self._box("match", node.lineno, node.subject)
        before, ways = self.state, [self.state.copy()]
        for case in node.cases:
            self.state = before.copy()
            with self._steered(box):
                for name in dict.fromkeys(_captures(case.pattern)):
                    self._bind(name, box, case.pattern.lineno)
                if case.guard:
                    self.evaluate(case.guard)
                self.walk(case.body)
            ways.append(self.state)
        self.state = before
        self.state.become(meet(self.picture, before.copy(), ways, node.lineno, box.node))

    def _do_while(self, node: ast.While) -> None:
        heads = self._heads(node.body, node.lineno)
        box = self._box("while", node.lineno, node.test)
        for head in heads.values():
            self.picture.link(box.node, head.node)
        self._loop(node, heads, box)

    def _do_for(self, node: ast.For | ast.AsyncFor) -> None:
        box = self._box("for", node.lineno, node.iter)
        heads = self._heads(node.body, node.lineno)
        self._assign(node.target, box, node.lineno)
        self._loop(node, heads, box)

    _do_asyncfor = _do_for

    def _heads(self, body: list[ast.stmt], line: int) -> dict[str, Value]:
        """What a loop changes from round to round is, at its head, a value of two origins."""
        heads: dict[str, Value] = {}
        for name in dict.fromkeys(bound_names(body)):
            scope = self.state.module if name in self._globals() else self.state.names
            if known := scope.get(name):
                node = self.picture.add("merge", name, "loop", line, [self.state.current(known).node])
                heads[name] = scope[name] = Value(node)
        return heads

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, heads: dict[str, Value], box: Value) -> None:
        outer, (self._left, self._again) = (self._left, self._again), ([], [])
        before = self.state.copy()
        with self._steered(box):
            self.walk(node.body)
        for end in (self.state, *self._again):
            for name, head in heads.items():
                if end.is_reached and (value := end.read(name)):
                    self.picture.link(value.node, head.node)
        for name, value in self.state.names.items():
            before.names.setdefault(name, value)
        before.changes |= self.state.changes
        left, (self._left, self._again) = self._left, outer
        self.state.become(before)
        self.walk(node.orelse)
        if left:
            ways, (box_of_break, *_) = zip(*left, strict=True)
            self.state.become(meet(self.picture, before.copy(), [self.state.copy(), *ways], node.lineno, box_of_break))

    def _do_try(self, node: ast.Try | ast.TryStar) -> None:
        before = self.state.copy()
        self.walk(node.body)
        failed = meet(self.picture, before.copy(), [before.copy(), self.state.copy()], node.lineno, None)
        self.walk(node.orelse)
        ways = [self.state.copy()]
        for handler in node.handlers:
            self.state.become(failed.copy())
            self.state.is_reached = True
            if handler.name:
                self._bind(handler.name, self.operation("except", "except", handler.lineno, []), handler.lineno)
            self.walk(handler.body)
            ways.append(self.state.copy())
        self.state.become(meet(self.picture, before, ways, node.lineno, None))
        reached, self.state.is_reached = self.state.is_reached, True
        self.walk(node.finalbody)
        self.state.is_reached = reached and self.state.is_reached

    _do_trystar = _do_try

    def _do_with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            made = self._box("with", node.lineno, item.context_expr)
            if item.optional_vars is not None:
                self._assign(item.optional_vars, made, node.lineno)
        self.walk(node.body)

    _do_asyncwith = _do_with


def _captures(pattern: ast.pattern) -> Iterator[str]:
    for node in ast.walk(pattern):
        match node:
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name
