"""What is known of the variables of one scope while its statements are folded one by one."""

import ast
from collections.abc import Iterable, Mapping

from playground.contracts.sentences import say
from playground.lowering.rewrite.bound import Bound
from playground.lowering.rewrite.evaluate import Evaluator
from playground.lowering.rewrite.frames import Budget, Frame, is_fixed
from playground.lowering.rewrite.knowledge import Knowledge
from playground.lowering.rewrite.nature import bound_names
from playground.lowering.rewrite.operations import SCALARS, NotComputed, Value
from playground.lowering.rewrite.scopes import Scope
from playground.lowering.rewrite.simplify import Simplifier
from playground.lowering.rewrite.tree import within_scope

MAX_SHOWN = 40
"""Characters of an expression in a message."""
MAX_TOTAL = 8_000
"""Nodes that all loops that are written out may become, those included that are given up."""


class Shared:
    """What the scopes of a program share while they are folded."""

    def __init__(self, known: Knowledge) -> None:
        self.known = known
        self.scopes = known.scopes
        self.left = MAX_TOTAL
        self._constants: dict[str, Value] = {}
        self.evaluator = Evaluator(
            known.scopes, known.functions, known.bound.global_is_ready, known.is_builtin, Budget(known.steps)
        )

    def settle(self, name: str, value: Value) -> None:
        """Note the value that a variable of the module has for good, if this is its only one."""
        if len(self.scopes.module.bindings[name]) == 1:
            self._constants[name] = value

    def constants(self, place: ast.AST) -> Frame:
        """The variables of the module that have one value for good, as code that runs any time later sees them."""
        return Frame(self.scopes.module, _Ready(self._constants, self.known.bound, place))

    def refuse_loop(self, node: ast.stmt, why: str) -> None:
        """Note a loop that is left to the program."""
        message = say("The loop on line {line} is not run ahead of time: {why}", line=node.lineno, why=why)
        self.known.refuse(node.lineno, message, "not_computed")

    def refuse(self, node: ast.expr, why: str) -> None:
        """Note what is left to the program."""
        message = say("{expression} is not computed ahead of time: {why}", expression=_shown(node), why=why)
        self.known.refuse(node.lineno, message, "not_computed")


def _shown(node: ast.expr) -> str:
    """An expression within a sentence. A number of very many digits can't be written in tens."""
    try:
        text = ast.unparse(node)
    except ValueError:
        return "This"
    return f"`{text}`" if len(text) <= MAX_SHOWN else f"`{text[:MAX_SHOWN]}...`"


class _Ready(dict[str, Value]):
    """Constants; it has those that have their values whenever code at a place runs."""

    def __init__(self, constants: dict[str, Value], bound: Bound, place: ast.AST) -> None:
        super().__init__(constants)
        self._bound = bound
        self._place = place

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) and self._bound.global_is_ready(str(name), self._place)


class Values:
    """What the variables of one scope surely hold at the moment."""

    def __init__(self, shared: Shared, scope: Scope) -> None:
        self._shared = shared
        self._scope = scope
        self._later = shared.constants(scope.node)
        self.values: dict[str, Value] = {}
        self._own = _own_variables(scope)
        self._may_call = not shared.known.calls.may_be_within_recursion(scope.node)

    def _bind(self, targets: list[ast.expr], node: ast.expr) -> None:
        """Note what variables get, where that is known."""
        value = self._value(node)
        self._forget(bound_in(targets))
        for target in targets:
            self._learn(parted(target, value))

    def _value(self, node: ast.expr) -> Value:
        try:
            return self._simplifier().value(node)
        except NotComputed:
            return UNKNOWN

    def _learn(self, known: Mapping[str, Value]) -> None:
        for name, value in known.items():
            if is_known(value) and name in self._own:
                self.values[name] = value
                if self._scope is self._shared.scopes.module:
                    self._shared.settle(name, value)

    def _forget(self, names: Iterable[str]) -> None:
        for name in names:
            self.values.pop(name, None)

    def _frame(self) -> Frame:
        """What is known, to be read; who runs code in it takes a copy."""
        outer = None if self._scope is self._shared.scopes.module else self._later
        return Frame(self._scope, self.values, outer)

    def _simplifier(self) -> Simplifier:
        shared = self._shared
        return Simplifier(shared.evaluator, self._frame(), self._later, shared.refuse, calls=self._may_call)


class _Unknown:
    """Stands for a value that is not known."""


UNKNOWN: Value = _Unknown()


def is_known(value: Value) -> bool:
    """Whether a value is one that may be followed: it can't change, and is of one of Python's own types."""
    return type(value) in SCALARS | {tuple, range} and is_fixed(value)


def parted(target: ast.expr, value: Value) -> dict[str, Value]:
    """What the variables of a target get."""
    if isinstance(target, ast.Name):
        return {target.id: value}
    if isinstance(target, ast.Tuple | ast.List) and type(value) is tuple and len(value) == len(target.elts):
        return {
            name: one for part, of in zip(target.elts, value, strict=True) for name, one in parted(part, of).items()
        }
    return {}


def _own_variables(scope: Scope) -> set[str]:
    """The variables that only a scope's own code gives their values."""
    declared = scope.declared_global | scope.declared_nonlocal
    return {
        name
        for name, bindings in scope.bindings.items()
        if name not in declared and all(one.within is scope for one in bindings)
    }


def bound_in(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that code binds in its own scope."""
    return {name for node in nodes for one in within_scope(node) for name in bound_names(one)}
