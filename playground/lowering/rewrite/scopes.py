"""Which name means which variable: every scope of a program, what is bound and read there, and where.

As in https://docs.python.org/3/reference/executionmodel.html#naming-and-binding; a comprehension is a scope of its own.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from playground.lowering.rewrite.tree import COMPREHENSIONS, FUNCTIONS, Comprehension, children

ScopeNode = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | Comprehension


@dataclass(frozen=True, eq=False)
class Binding:
    """A place where a name gets a value, or loses it; ``within`` is the scope whose code does so."""

    node: ast.AST
    line: int
    kind: str
    within: "Scope"


@dataclass(eq=False)
class Scope:
    """A module, function, class or comprehension."""

    node: ScopeNode
    parent: "Scope | None"
    bindings: dict[str, list[Binding]] = field(default_factory=lambda: defaultdict(list))
    reads: dict[str, list[ast.Name]] = field(default_factory=lambda: defaultdict(list))
    children: list["Scope"] = field(default_factory=list)
    declared_global: set[str] = field(default_factory=set)
    declared_nonlocal: set[str] = field(default_factory=set)

    @property
    def is_class(self) -> bool:
        """Its names are not seen from the functions within."""
        return isinstance(self.node, ast.ClassDef)

    @property
    def is_function(self) -> bool:
        """A ``def``, whose variables live as long as a call."""
        return isinstance(self.node, FUNCTIONS)

    def below(self) -> Iterator["Scope"]:
        """This scope and all within it."""
        yield self
        for child in self.children:
            yield from child.below()


class Scopes:
    """All scopes of a module."""

    def __init__(self, tree: ast.Module) -> None:
        self.module = Scope(tree, None)
        self.by_node: dict[int, Scope] = {id(tree): self.module}
        _Collector(self).collect(tree)
        self._settle()

    def of(self, node: ast.AST) -> Scope:
        """The scope that a node makes."""
        return self.by_node[id(node)]

    def all(self) -> Iterator[Scope]:
        """Every scope, the outer ones first."""
        return self.module.below()

    def resolve(self, name: str, scope: Scope) -> Scope | None:
        """The scope whose variable a name means there; None for a builtin or a name bound nowhere."""
        if name in scope.declared_global:
            return self.module if name in self.module.bindings else None
        one: Scope | None = scope
        while one is not None:
            hidden = one is not scope and one.is_class
            if name in one.bindings and name not in one.declared_nonlocal and not hidden:
                return one
            one = one.parent
        return None

    def bind_elsewhere(self, names: Iterable[str]) -> None:
        """Note that code outside the program may give these variables of the module other values while it runs."""
        stranger = Scope(self.module.node, None)
        for name in names:
            if bindings := self.module.bindings.get(name):
                bindings.append(Binding(self.module.node, bindings[0].line, "elsewhere", stranger))

    def reads_of(self, name: str, owner: Scope) -> list[tuple[ast.Name, Scope]]:
        """Every place that reads a variable, with the scope whose code reads it."""
        found = [(scope, node) for scope in owner.below() for node in scope.reads.get(name, ())]
        return [(node, scope) for scope, node in found if self.resolve(name, scope) is owner]

    def is_private(self, name: str, scope: Scope) -> bool:
        """Whether a variable is read and bound only by its own scope's code, or that of comprehensions in it."""
        mine = all(binding.within is scope for binding in scope.bindings.get(name, ()))
        return mine and all(_runs_within(reader, scope) for _, reader in self.reads_of(name, scope))

    def _settle(self) -> None:
        """Bindings under ``global`` and ``nonlocal`` belong to the scope that owns the name."""
        for scope in list(self.all()):
            for name in scope.declared_global:
                if scope is not self.module:
                    self.module.bindings[name] += scope.bindings.pop(name, [])
            for name in scope.declared_nonlocal:
                found = scope.bindings.pop(name, [])
                owner = self.resolve(name, scope)
                if owner is not None:
                    owner.bindings[name] += found


def _runs_within(reader: Scope, scope: Scope) -> bool:
    one: Scope | None = reader
    while one is not None and isinstance(one.node, (ast.ListComp, ast.SetComp, ast.DictComp)):
        one = one.parent
    return one is scope


class _Collector:
    """Fills the scopes of a module."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes
        self._scope = scopes.module

    def collect(self, node: ast.AST) -> None:
        """Note what a node binds and reads, and all below it."""
        if isinstance(node, ast.Name):
            self._name(node)
        elif isinstance(node, (*FUNCTIONS, ast.Lambda)):
            self._function(node)
        elif isinstance(node, ast.ClassDef):
            self._class(node)
        elif isinstance(node, COMPREHENSIONS):
            self._comprehension(node)
        elif isinstance(node, ast.NamedExpr):
            self._walrus(node)
        else:
            self._plain(node)
            for child in children(node):
                self.collect(child)

    def _plain(self, node: ast.AST) -> None:
        """The statements that bind names which are not ``Name`` nodes."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                self._bind((alias.asname or alias.name).partition(".")[0], node, "import")
        elif isinstance(node, ast.ExceptHandler) and node.name:
            self._bind(node.name, node, "except")
        elif isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            self._bind(node.name, node, "match")
        elif isinstance(node, ast.MatchMapping) and node.rest:
            self._bind(node.rest, node, "match")
        elif isinstance(node, ast.Global):
            self._scope.declared_global |= set(node.names)
        elif isinstance(node, ast.Nonlocal):
            self._scope.declared_nonlocal |= set(node.names)

    def _bind(self, name: str, node: ast.AST, kind: str) -> None:
        line = getattr(node, "lineno", 1)
        self._scope.bindings[name].append(Binding(node, line, kind, self._scope))

    def _name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._scope.reads[node.id].append(node)
        else:
            self._bind(node.id, node, "del" if isinstance(node.ctx, ast.Del) else "assign")

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        outside: list[ast.AST] = [*node.args.defaults, *(one for one in node.args.kw_defaults if one)]
        everything = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        everything += [one for one in (node.args.vararg, node.args.kwarg) if one]
        outside += [one.annotation for one in everything if one.annotation]
        if not isinstance(node, ast.Lambda):
            outside += node.decorator_list + ([node.returns] if node.returns else [])
            self._bind(node.name, node, "def")
        self._all(outside)
        with_body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else [*node.body]
        self._enter(node, everything, with_body)

    def _class(self, node: ast.ClassDef) -> None:
        self._bind(node.name, node, "class")
        self._all([*node.decorator_list, *node.bases, *(one.value for one in node.keywords)])
        self._enter(node, [], [*node.body])

    def _comprehension(self, node: Comprehension) -> None:
        first = node.generators[0]
        self.collect(first.iter)
        inner: list[ast.AST] = [first.target, *first.ifs]
        for generator in node.generators[1:]:
            inner += [generator.target, generator.iter, *generator.ifs]
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self._enter(node, [], [*inner, *results])

    def _walrus(self, node: ast.NamedExpr) -> None:
        """Binds in the nearest scope that is no comprehension."""
        inner = self._scope
        while isinstance(self._scope.node, COMPREHENSIONS) and self._scope.parent is not None:
            self._scope = self._scope.parent
        self._bind(node.target.id, node, "walrus")
        self._scope = inner
        self.collect(node.value)

    def _enter(self, node: ScopeNode, parameters: list[ast.arg], body: list[ast.AST]) -> None:
        scope = Scope(node, self._scope)
        self._scope.children.append(scope)
        self._scopes.by_node[id(node)] = scope
        outer, self._scope = self._scope, scope
        for parameter in parameters:
            self._bind(parameter.arg, parameter, "parameter")
        self._all(body)
        self._scope = outer

    def _all(self, nodes: list[ast.AST]) -> None:
        for node in nodes:
            self.collect(node)
