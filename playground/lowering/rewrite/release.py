"""Release: what is never used again goes, definitions and values alike."""

import ast
from collections.abc import Callable

from playground.contracts.sentences import say
from playground.lowering.rewrite import lifetime
from playground.lowering.rewrite.bound import is_plain
from playground.lowering.rewrite.knowledge import Knowledge
from playground.lowering.rewrite.liveness import Liveness, Names, TooManyVisits
from playground.lowering.rewrite.nature import keeps_nature
from playground.lowering.rewrite.scopes import Scope
from playground.lowering.rewrite.tree import FUNCTIONS, SHOWN, at, map_blocks, replace, same, walk

MAX_ROUNDS = 4
"""What one round takes away may have been the only use of something else."""
Block = list[ast.stmt]


def run(known: Knowledge) -> ast.Module:
    """Take away what nothing uses, and let go of large values after their last use."""
    first = known
    for _ in range(MAX_ROUNDS):
        tree = _without_dead_stores(_again(known, _without_unused(known)))
        if tree is known.tree:
            break
        known = _again(known, tree)
    tree = _with_deletions(known)
    first.refusals |= known.refusals
    return tree


def _again(known: Knowledge, tree: ast.Module) -> Knowledge:
    return known if tree is known.tree else known.of(tree)


# Definitions


def _without_unused(known: Knowledge) -> ast.Module:
    """A program without the functions and classes of the module that nothing that runs can reach."""
    removable: dict[str, ast.FunctionDef | ast.ClassDef] = {}
    for one in known.tree.body:
        if isinstance(one, ast.FunctionDef | ast.ClassDef) and _is_removable(one, known):
            removable[one.name] = one
    unused = {id(removable[name]) for name in set(removable) - _reached(known, removable)}
    body = [one for one in known.tree.body if id(one) not in unused]
    return known.tree if same(body, known.tree.body) else replace(known.tree, body=body)


def _is_removable(node: ast.FunctionDef | ast.ClassDef, known: Knowledge) -> bool:
    """Whether nothing but a name would be missing without a definition."""
    if node.name in known.kept or known.is_read_elsewhere(node) or len(known.scopes.module.bindings[node.name]) > 1:
        return False
    return is_plain(node) if isinstance(node, ast.FunctionDef) else _is_plain_class(node)


def _is_plain_class(node: ast.ClassDef) -> bool:
    if node.decorator_list or node.bases or node.keywords:
        return False
    return all(
        isinstance(one, ast.Pass) or _is_text(one) or (isinstance(one, ast.FunctionDef) and is_plain(one))
        for one in node.body
    )


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _reached(known: Knowledge, removable: dict[str, ast.FunctionDef | ast.ClassDef]) -> set[str]:
    """The removable definitions whose names are read from what runs, or from one of them that is reached."""
    inside = {name: {one.id for one in walk(node) if isinstance(one, ast.Name)} for name, node in removable.items()}
    own = {id(one) for one in removable.values()}
    others = [one for one in known.tree.body if id(one) not in own]
    waiting = {node.id for one in others for node in walk(one) if isinstance(node, ast.Name)} & set(removable)
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= inside[name] & set(removable) - reached
    return reached


# Stores


def _without_dead_stores(known: Knowledge) -> ast.Module:
    tree = known.tree
    if not known.freeing_is_unseen:
        return tree
    return _each_scope(known, lambda scope, body: _Stores(known, scope).run(body))


def _each_scope(known: Knowledge, change: Callable[[Scope, Block], Block]) -> ast.Module:
    """A program with the code of the module and of each function changed."""

    def function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
        if known.is_read_elsewhere(node):
            return node
        body = nested(change(known.scopes.of(node), node.body)) or [at(ast.Pass(), node)]
        return node if same(body, node.body) or not keeps_nature(node.body, body) else replace(node, body=body)

    def nested(body: Block) -> Block:
        new = [inner(one) for one in body]
        return body if same(new, body) else new

    def inner(node: ast.stmt) -> ast.stmt:
        if isinstance(node, FUNCTIONS):
            return function(node)
        if isinstance(node, ast.ClassDef) and known.is_read_elsewhere(node):
            return node
        return map_blocks(node, nested)

    body = nested(change(known.scopes.module, known.tree.body))
    return known.tree if same(body, known.tree.body) else replace(known.tree, body=body)


class _Stores:
    """Takes the stores out of one scope that nothing reads."""

    def __init__(self, known: Knowledge, scope: Scope) -> None:
        self._known = known
        self._scope = scope
        self._names = lifetime.private(known, scope)

    def run(self, body: Block) -> Block:
        """The scope's code without them."""
        if not self._names:
            return body
        try:
            self._live = Liveness(body, self._names, frozenset(), self._has_no_effect)
        except TooManyVisits:
            return body
        return self._block(body)

    def _block(self, body: Block) -> Block:
        new = [one for node in body for one in self._statement(node)]
        if not new and body and body is not self._known.tree.body:
            new = [at(ast.Pass(), body[0])]
        return body if same(new, body) else new

    def _statement(self, node: ast.stmt) -> Block:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            return [node]
        if id(node) in self._live.dead or self._does_nothing(node):
            return []
        if isinstance(node, ast.Assign):
            return [self._assignment(node)]
        return [map_blocks(node, self._block)]

    def _assignment(self, node: ast.Assign) -> ast.stmt:
        """An assignment without the targets that nothing reads."""
        if not all(isinstance(one, ast.Name) for one in node.targets):
            return node  # one target may read what another one stored
        live = self._live.after[id(node)]
        dead = [one for one in node.targets if isinstance(one, ast.Name) and one.id in self._names - live]
        rest = [one for one in node.targets if one not in dead]
        if not dead:
            return node
        return replace(node, targets=rest) if rest else at(ast.Expr(node.value), node)

    def _does_nothing(self, node: ast.stmt) -> bool:
        is_shown = hasattr(node, SHOWN)
        return (
            isinstance(node, ast.Expr)
            and not is_shown
            and isinstance(node.value, ast.Constant)
            and not _is_text_value(node)
        )

    def _has_no_effect(self, node: ast.stmt) -> bool:
        if not isinstance(node, ast.Assign):
            return False
        return all(self._is_mine(one, node.value) for one in node.targets) and self._is_pure(node.value, node)

    def _is_mine(self, target: ast.expr, value: ast.expr) -> bool:
        """Whether a target gives values to private variables alone, and can't fail."""
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            return all(isinstance(one, ast.Name) and one.id in self._names for one in target.elts)
        return isinstance(target, ast.Name) and target.id in self._names

    def _is_pure(self, node: ast.expr, statement: ast.stmt) -> bool:
        """Whether evaluating it does nothing that could be noticed."""
        if isinstance(node, ast.Constant):
            return True
        if isinstance(node, ast.Name):
            return self._known.place(self._scope, statement).is_steady(node.id)
        if isinstance(node, ast.Tuple | ast.List):
            return all(self._is_pure(one, statement) for one in node.elts)
        if isinstance(node, ast.Dict):
            keys = all(isinstance(one, ast.Constant) for one in node.keys)
            return keys and all(self._is_pure(one, statement) for one in node.values)
        if isinstance(node, ast.UnaryOp):
            return (
                isinstance(node.op, ast.USub)
                and isinstance(node.operand, ast.Constant)
                and type(node.operand.value) in {int, float}
            )
        return False


def _is_text_value(node: ast.Expr) -> bool:
    return isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


# Values


def _with_deletions(known: Knowledge) -> ast.Module:
    """A program in which large values are let go after their last use, where more is to come."""
    return _each_scope(known, lambda scope, body: _Deletions(known, scope).run(body))


class _Deletions:
    """Puts ``del`` after the last uses of one scope's large values."""

    def __init__(self, known: Knowledge, scope: Scope) -> None:
        self._known = known
        self._scope = scope
        self._heavy = lifetime.heavy(known, scope)

    def run(self, body: Block) -> Block:
        """The scope's code with them."""
        if not self._heavy:
            return body
        if not self._known.freeing_is_unseen:
            self._refuse()
            return body
        try:
            self._live = Liveness(body, self._heavy, frozenset(), lambda _: False)
        except TooManyVisits:
            return body
        return self._block(body)

    def _refuse(self) -> None:
        line = self._known.freeing_is_seen_on or 1
        name = min(self._heavy)
        message = say(
            "`{name}` is not released early: line {line} makes it visible when values are freed", name=name, line=line
        )
        self._known.refuse(self._scope.bindings[name][0].line, message, "freeing_is_seen")

    def _block(self, body: Block) -> Block:
        new: Block = []
        for node, following in zip(body, [*body[1:], None], strict=True):
            new.append(node if isinstance(node, (*FUNCTIONS, ast.ClassDef)) else map_blocks(node, self._block))
            if following is not None and (names := self._last_used(node, following)):
                targets: list[ast.expr] = [ast.Name(name, ast.Del()) for name in names]
                new.append(at(ast.Delete(targets), node))
        return body if same(new, body) else new

    def _last_used(self, node: ast.stmt, following: ast.stmt) -> list[str]:
        """The large values that are not used after a statement, where it pays to let them go."""
        if isinstance(node, ast.Delete) or lifetime.does_little(following):
            return []
        dying: Names = self._live.before[id(node)] | lifetime.stored(node)
        dying = (dying & self._heavy) - self._live.after[id(node)] - lifetime.stored(following)
        return sorted(dying & self._known.bound.before(following))
