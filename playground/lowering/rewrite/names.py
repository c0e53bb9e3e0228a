"""What a name means at one place of a program, and whether it surely keeps meaning that."""

import ast
import builtins

from playground.lowering.rewrite.bound import Bound
from playground.lowering.rewrite.scopes import Scope, Scopes

BUILTINS = frozenset(dir(builtins))


class Place:
    """A statement, and the scope whose code it is.

    Args:
        scopes: of the program.
        bound: of the program.
        scope: whose code it is.
        statement: the statement.
        shadowed: names bound elsewhere, where the program is not alone in its namespace.
    """

    def __init__(
        self, scopes: Scopes, bound: Bound, scope: Scope, statement: ast.stmt, shadowed: frozenset[str] = frozenset()
    ) -> None:
        self._scopes = scopes
        self._bound = bound
        self.scope = scope
        self.statement = statement
        self._shadowed = shadowed

    def resolve(self, name: str) -> Scope | None:
        """The scope whose variable it is."""
        return self._scopes.resolve(name, self.scope)

    def is_builtin(self, name: str) -> bool:
        """Whether it is surely the builtin of that name."""
        return name in BUILTINS and name not in self._shadowed and self.resolve(name) is None

    def is_steady(self, name: str) -> bool:
        """Whether reading it can't raise, and gives the same object however often, whatever the program calls."""
        owner = self.resolve(name)
        if owner is None:
            return self.is_builtin(name)
        if any(one.within is not owner for one in owner.bindings[name]):
            return False
        if owner is self.scope:
            return name in self._bound.before(self.statement)
        if owner is not self._scopes.module:
            return False
        return self._bound.global_is_ready(name, self.statement)
