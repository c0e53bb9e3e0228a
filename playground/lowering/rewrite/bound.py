"""Which names surely have a value at which statement, so that reading them can't raise ``NameError``."""

import ast

from playground.lowering.rewrite.scopes import Scope, Scopes
from playground.lowering.rewrite.tree import FUNCTIONS, Function, walk

Names = frozenset[str]
_PartlyRun = ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.Match
_PARTLY_RUN = (ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Match)
_LEAVES = (ast.Return, ast.Raise, ast.Break, ast.Continue)


class Bound:
    """The names that are surely bound, before each statement of each function and of the module."""

    def __init__(self, scopes: Scopes) -> None:
        self._before: dict[int, Names] = {}
        self._lost = {name for scope in scopes.all() for name in scope.bindings if _may_be_lost(name, scope)}
        self._top: dict[int, int] = {}
        self._given: dict[str, int] = {}
        module = scopes.module.node
        assert isinstance(module, ast.Module)  # noqa: S101 - the outermost scope is one
        self._module = module
        for scope in scopes.all():
            if not isinstance(scope.node, ast.Lambda | ast.ClassDef) and hasattr(scope.node, "body"):
                self._block(scope.node.body, _parameters(scope))
        for number, statement in enumerate(module.body):
            for name in _bindings(statement):
                self._given.setdefault(name, number)
            for node in walk(statement):
                self._top[id(node)] = number

    def before(self, statement: ast.stmt) -> Names:
        """The variables of a statement's own scope that have a value before it runs."""
        return self._before.get(id(statement), frozenset()) - self._lost

    def global_is_ready(self, name: str, place: ast.AST) -> bool:
        """Whether a module's name has its value whenever code at a place within a function or class runs."""
        given, used = self._given.get(name), self._top.get(id(place))
        if given is None or used is None or name in self._lost:
            return False
        return given < used or all(_is_quiet(one) for one in self._module.body[used:given])

    def _block(self, body: list[ast.stmt], names: Names) -> Names | None:
        """The names after a block; None if its end is never reached."""
        after: Names | None = names
        for statement in body:
            if after is None:
                after = frozenset()  # never run: nothing may be assumed
            self._before[id(statement)] = after
            after = self._statement(statement, after)
        return after

    def _statement(self, node: ast.stmt, names: Names) -> Names | None:
        if isinstance(node, _LEAVES):
            return None
        if isinstance(node, ast.If):
            return _both(self._block(node.body, names), self._block(node.orelse, names))
        if isinstance(node, ast.Try | ast.TryStar):
            return self._try(node, names)
        if isinstance(node, ast.Delete):
            return names - _targets(*node.targets)
        if not isinstance(node, _PARTLY_RUN):
            return names | _bindings(node)
        self._inner(node, names)
        return names

    def _inner(self, node: "_PartlyRun", names: Names) -> None:
        """The blocks of a statement that may be left, or not run at all: nothing that they bind is sure after it."""
        inner = names
        if isinstance(node, ast.For | ast.AsyncFor):
            inner |= _targets(node.target)
        elif isinstance(node, ast.With | ast.AsyncWith):
            inner |= _targets(*(item.optional_vars for item in node.items if item.optional_vars))
        if isinstance(node, ast.Match):
            for case in node.cases:
                self._block(case.body, names)
        else:
            self._block(node.body, inner)
        if isinstance(node, ast.For | ast.AsyncFor | ast.While):
            self._block(node.orelse, names)

    def _try(self, node: ast.Try | ast.TryStar, names: Names) -> Names | None:
        after = self._block(node.body, names)
        if after is not None:
            after = self._block(node.orelse, after)
        for handler in node.handlers:
            handled = self._block(handler.body, names)
            after = _both(after, handled and handled - {handler.name or ""})
        if not node.finalbody:
            return after
        self._block(node.finalbody, names)
        return after and after.union(*(_bindings(one) for one in node.finalbody))


def _may_be_lost(name: str, scope: Scope) -> bool:
    """Whether a name may be unbound again, by ``del`` or at the end of an ``except ... as``."""
    return any(one.kind in {"del", "except"} for one in scope.bindings[name])


def _both(one: Names | None, other: Names | None) -> Names | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _targets(*nodes: ast.expr) -> Names:
    return frozenset(one.id for node in nodes for one in walk(node) if isinstance(one, ast.Name))


def _bindings(node: ast.stmt) -> Names:
    """What a simple statement or a definition surely binds when it has run."""
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return frozenset({node.name})
    if isinstance(node, ast.Import | ast.ImportFrom):
        return frozenset((one.asname or one.name).partition(".")[0] for one in node.names)
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign) or (isinstance(node, ast.AnnAssign) and node.value):
        targets = [node.target]
    stored = (one for target in targets for one in walk(target))
    return frozenset(one.id for one in stored if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))


def _parameters(scope: Scope) -> Names:
    return frozenset(name for name, found in scope.bindings.items() if any(one.kind == "parameter" for one in found))


def _is_quiet(node: ast.stmt) -> bool:
    """Whether a statement surely runs no function of the program."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass):
        return True
    if isinstance(node, FUNCTIONS):
        return is_plain(node)
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr) else None
    simple = not isinstance(node, ast.Assign) or all(isinstance(one, ast.Name) for one in node.targets)
    return simple and isinstance(value, ast.Constant)


def is_plain(node: Function) -> bool:
    """Whether defining a function does nothing else: no decorators, defaults and annotations that can't raise."""
    given = [*node.args.defaults, *(one for one in node.args.kw_defaults if one)]
    return not node.decorator_list and all(isinstance(one, ast.Constant) for one in given) and not _annotated(node)


def _annotated(node: Function) -> bool:
    everything = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
    annotations = [one.annotation for one in everything if one and one.annotation] + [node.returns]
    return any(one and not _is_harmless(one) for one in annotations)


def _is_harmless(annotation: ast.expr) -> bool:
    names = {"int", "float", "str", "bool", "bytes", "list", "dict", "tuple", "set", "object"}
    return isinstance(annotation, ast.Constant) or (isinstance(annotation, ast.Name) and annotation.id in names)
