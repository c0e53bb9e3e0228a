"""Which variables of a scope are read again: backwards through its statements, as compilers have long done it.

What may raise within a ``try`` leads to its handlers, what may be swallowed by a ``with`` leads behind it. A store that
nothing reads, and whose value has no effect, reads nothing itself.
"""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playground.lowering.rewrite.nature import bound_names
from playground.lowering.rewrite.tree import FUNCTIONS, header, walk

MAX_VISITS = 40_000
"""Of statements, in one scope: loops within loops are gone through again and again."""
Names = frozenset[str]
_NONE: Names = frozenset()


class TooManyVisits(Exception):  # noqa: N818 - what happened, not an error
    """A scope is too tangled."""


class Liveness:
    """The variables that are read again, before and after each statement of a scope.

    Args:
        names: the variables, that no other scope reads or binds.
        at_end: those that are read when the scope's code has run.
        has_no_effect: whether a store's value can be left out, if nothing reads the variable.

    Raises:
        TooManyVisits: the scope is too tangled.
    """

    def __init__(
        self, body: list[ast.stmt], names: Names, at_end: Names, has_no_effect: Callable[[ast.stmt], bool]
    ) -> None:
        self.before: dict[int, Names] = {}
        self.after: dict[int, Names] = {}
        self.dead: set[int] = set()
        self._names = names
        self._has_no_effect = has_no_effect
        self._always = _NONE
        self._break = _NONE
        self._continue = _NONE
        self._visits = 0
        self._block(body, at_end)

    def _block(self, body: list[ast.stmt], after: Names) -> Names:
        for statement in reversed(body):
            after = self._visit(statement, after)
        return after

    def _visit(self, node: ast.stmt, after: Names) -> Names:
        self._visits += 1
        if self._visits > MAX_VISITS:
            raise TooManyVisits
        after |= self._always
        self.after[id(node)] = after
        self.before[id(node)] = before = self._statement(node, after) | self._always
        return before

    def _statement(self, node: ast.stmt, after: Names) -> Names:
        if isinstance(node, ast.For | ast.AsyncFor | ast.While):
            return self._loop(node, after)
        if isinstance(node, ast.Try | ast.TryStar):
            return self._try(node, after)
        reads = self._reads(node)
        if isinstance(node, ast.If):
            return reads | self._block(node.body, after) | self._block(node.orelse, after)
        if isinstance(node, ast.With | ast.AsyncWith):
            with self._may_lead_to(after):
                return reads | self._block(node.body, after)
        if isinstance(node, ast.Match):
            bodies = [self._block(case.body, after) for case in node.cases]
            return reads.union(after, *bodies)
        return self._simple(node, reads, after)

    def _simple(self, node: ast.stmt, reads: Names, after: Names) -> Names:
        if isinstance(node, ast.Return | ast.Raise):
            return reads
        if isinstance(node, ast.Break):
            return self._break
        if isinstance(node, ast.Continue):
            return self._continue
        stored = self._stored(node)
        self.dead.discard(id(node))
        if stored and not stored & after and self._has_no_effect(node):
            self.dead.add(id(node))
            return after
        return reads | (after - stored)

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, after: Names) -> Names:
        outer = self._break, self._continue
        each = self._names & _stores(node.target) if not isinstance(node, ast.While) else _NONE
        reads = self._reads(node)
        head = after | (reads if isinstance(node, ast.While) else _NONE)
        while True:
            self._break, self._continue = after, head
            body = self._block(node.body, head) - each
            self._break, self._continue = outer
            new = head | body | self._block(node.orelse, after)
            if new == head:
                return head | reads
            head = new

    def _try(self, node: ast.Try | ast.TryStar, after: Names) -> Names:
        end = after
        if node.finalbody:
            end = self._block(node.finalbody, after | self._always | self._break | self._continue)
        with self._may_lead_to(end if node.finalbody else _NONE):
            handled = _NONE.union(*(self._block(one.body, end) for one in node.handlers)) | self._reads(node)
            rest = self._block(node.orelse, end)
            with self._may_lead_to(handled):
                return self._block(node.body, rest) | handled

    @contextmanager
    def _may_lead_to(self, names: Names) -> Iterator[None]:
        """What runs meanwhile may, at any point, go on where these are read."""
        outer, self._always = self._always, self._always | names
        yield
        self._always = outer

    def _reads(self, node: ast.stmt) -> Names:
        """What a statement's own line reads."""
        names = {
            one.id
            for part in header(node)
            for one in walk(part)
            if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Store)
        }
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        return self._names & names

    def _stored(self, node: ast.stmt) -> Names:
        """The variables that have a new value when a statement has run."""
        if isinstance(node, ast.Assign):
            return self._names & _stores(*node.targets)
        if isinstance(node, ast.AugAssign) or (isinstance(node, ast.AnnAssign) and node.value is not None):
            return self._names & _stores(node.target)
        if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Import, ast.ImportFrom)):
            return self._names & bound_names(node)
        return _NONE


def _stores(*targets: ast.expr) -> Names:
    found = (one for target in targets for one in walk(target))
    return frozenset(one.id for one in found if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
