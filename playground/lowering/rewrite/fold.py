"""Folding: what is known before the program runs is computed before it runs.

Each scope is gone through once, from top to bottom, with the values that its variables are known to have there.
"""

import ast
from collections.abc import Iterable

from playground.lowering.rewrite.knowledge import Knowledge
from playground.lowering.rewrite.literal import literal
from playground.lowering.rewrite.loops import Loops
from playground.lowering.rewrite.nature import keeps_nature
from playground.lowering.rewrite.simplify import same_value
from playground.lowering.rewrite.tree import ENDS, FUNCTIONS, at, header, map_blocks, replace, same, walk, with_blocks
from playground.lowering.rewrite.values import UNKNOWN, Shared, bound_in, is_known, parted

_ONCE = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Assert, ast.Raise, ast.Delete)


def run(known: Knowledge) -> ast.Module:
    """Fold what can be folded in a program."""
    shared = Shared(known)
    tree = known.tree
    body = Folder(shared, known.scopes.module).block(tree.body)
    return tree if same(body, tree.body) else replace(tree, body=body)


class Folder(Loops):
    """Folds the statements of one scope; ``values`` are those that its variables surely have at the moment."""

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """Fold statements in their order; what follows an end is never reached."""
        new: list[ast.stmt] = []
        for statement in body:
            new += self._statement(statement)
            if new and isinstance(new[-1], ENDS):
                break
        return body if same(new, body) else new

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        walrus = [one.target.id for part in header(node) for one in walk(part) if isinstance(one, ast.NamedExpr)]
        self._forget(walrus)
        new = self._folded(node)
        self._forget(walrus)
        return new

    def _folded(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, FUNCTIONS):
            self._forget([node.name])
            return [self._function(node)]
        if isinstance(node, ast.ClassDef):
            self._forget([node.name])
            return [self._class(node)]
        if isinstance(node, ast.If):
            return self._if(node)
        if isinstance(node, ast.For | ast.While):
            return self._loop(node)
        if isinstance(node, _ONCE):
            return [self._once(node)]
        return [self._guarded(node)]

    def _class(self, node: ast.ClassDef) -> ast.stmt:
        """Of a class only the functions are folded, each for itself."""
        if self._shared.known.is_read_elsewhere(node):
            return node
        body = [self._function(one) if isinstance(one, FUNCTIONS) else one for one in node.body]
        return node if same(body, node.body) else replace(node, body=body)

    def _once(self, node: ast.stmt) -> ast.stmt:
        """A statement that runs from its beginning to its end."""
        if isinstance(node, ast.AugAssign):
            return self._augmented(node)
        if isinstance(node, ast.Assign):
            return self._assignment(node)
        new = self._simplifier().header(node)
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            self._bind([node.target], node.value)
        elif isinstance(node, ast.Delete):
            self._forget(bound_in([node]))
        return new

    def _assignment(self, node: ast.Assign) -> ast.stmt:
        """The targets come after the value and see each other's values."""
        value = self._simplifier().expr(node.value)
        known = self._value(node.value)
        self._forget(bound_in(node.targets))
        targets = [self._simplifier().expr(one) for one in node.targets]
        for target in node.targets:
            self._learn(parted(target, known))
        if value is node.value and same(targets, node.targets):
            return node
        return replace(node, targets=targets, value=value)

    def _augmented(self, node: ast.AugAssign) -> ast.stmt:
        new = self._simplifier().header(node)
        if not isinstance(node.target, ast.Name):
            return new
        value = self._value(at(ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value), node))
        self._forget([node.target.id])
        made = literal(value, node.value) if is_known(value) else None
        if made is None:
            return new
        self._learn({node.target.id: value})
        return at(ast.Assign([node.target], made), node)

    def _if(self, node: ast.If) -> list[ast.stmt]:
        test = self._value(node.test)
        if test is not UNKNOWN:
            return self.block(node.body if test else node.orelse)
        new = self._simplifier().header(node)
        before = dict(self.values)
        body = self.block(node.body)
        one, self.values = self.values, before
        orelse = self.block(node.orelse)
        if not _has_ended(body):
            kept = {name: value for name, value in one.items() if same_value(value, self.values.get(name, UNKNOWN))}
            self.values = one if _has_ended(orelse) else kept
        return [with_blocks(new, {"body": body, "orelse": orelse})]

    def _guarded(self, node: ast.stmt) -> ast.stmt:
        """A statement that may be left at any point within: what it binds is not known within or after it."""
        names = bound_in([node])
        self._forget(names)
        return self._with_inner(self._simplifier().header(node), names)

    def _with_inner(self, node: ast.stmt, names: Iterable[str]) -> ast.stmt:
        """A statement with its blocks folded, where none of these names is known at their beginnings."""

        def fold(body: list[ast.stmt]) -> list[ast.stmt]:
            self._forget(names)
            new = self.block(body)
            self._forget(names)
            return new or ([at(ast.Pass(), body[0])] if body else [])

        return map_blocks(node, fold)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
        """A function, folded; as it was where folding would change what its names are."""
        if self._shared.known.is_read_elsewhere(node):
            return node
        body = Folder(self._shared, self._shared.scopes.of(node)).block(node.body) or [at(ast.Pass(), node.body[0])]
        if same(body, node.body) or not keeps_nature(node.body, body):
            return node
        return replace(node, body=body)


def _has_ended(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ENDS)
