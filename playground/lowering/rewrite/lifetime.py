"""Which variables only their own scope sees, and which of them hold values that are worth letting go of."""

import ast
from collections.abc import Iterator

from playground.lowering.rewrite.knowledge import Knowledge
from playground.lowering.rewrite.liveness import Names
from playground.lowering.rewrite.scopes import Scope
from playground.lowering.rewrite.tree import COMPREHENSIONS, walk, within_scope

LIBRARIES = frozenset({"torch", "numpy"})
FACTORIES = frozenset(
    {
        *(
            "abs",
            "add",
            "arange",
            "array",
            "asarray",
            "bmm",
            "cat",
            "clone",
            "concatenate",
            "cos",
            "dot",
            "empty",
            "exp",
        ),
        *(
            "eye",
            "from_numpy",
            "full",
            "linspace",
            "log",
            "matmul",
            "mm",
            "mul",
            "ones",
            "ones_like",
            "rand",
            "rand_like",
        ),
        *(
            "randint",
            "randn",
            "randn_like",
            "randperm",
            "relu",
            "sigmoid",
            "sin",
            "softmax",
            "sqrt",
            "stack",
            "sub",
            "tanh",
        ),
        *("tensor", "where", "zeros", "zeros_like"),
    }
)
"""Functions of these that give tensors."""
LIGHT = frozenset({"backward", "dim", "element_size", "item", "nelement", "numel", "size", "stride", "tolist"})
"""Methods of a tensor that give none."""
_LISTS = frozenset({"list", "sorted"})
_KINDS = frozenset({"assign"})


def private(known: Knowledge, scope: Scope) -> Names:
    """The variables that are plainly assigned, and that no code but the scope's own reads or binds."""
    shared = set(_read_within(scope)) | known.kept
    found = {
        name
        for name, bindings in scope.bindings.items()
        if bindings and all(one.kind in _KINDS and one.within is scope for one in bindings)
    }
    declared = scope.declared_global | scope.declared_nonlocal
    return frozenset(name for name in found - shared - declared if not name.startswith("__"))


def _read_within(scope: Scope) -> Iterator[str]:
    """The names that are read in scopes within one, but for comprehensions, which run at once."""
    for child in scope.children:
        at_once = isinstance(child.node, COMPREHENSIONS) and not isinstance(child.node, ast.GeneratorExp)
        if at_once:
            yield from _read_within(child)
        else:
            for one in child.below():
                yield from one.reads
                yield from one.declared_nonlocal | one.declared_global


def heavy(known: Knowledge, scope: Scope) -> Names:
    """The private variables that surely hold tensors or containers made by a loop."""
    names = private(known, scope)
    if not names:
        return names
    values: dict[str, list[ast.expr]] = {name: [] for name in names}
    bad: set[str] = set()
    for statement in getattr(scope.node, "body", []):
        for node in within_scope(statement):
            _collect(node, values, bad)
    kinds = _Kinds(known, scope, values)
    return frozenset(name for name in names - bad if values[name] and kinds.is_heavy_name(name))


def _collect(node: ast.AST, values: dict[str, list[ast.expr]], bad: set[str]) -> None:
    """Note what a variable is given; one that gets something in another way is not followed."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id in values:
                values[target.id].append(node.value)
            elif not isinstance(target, ast.Name):
                bad |= {one.id for one in walk(target) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    elif isinstance(node, ast.For | ast.AsyncFor):
        bad |= {one.id for one in walk(node.target) if isinstance(one, ast.Name)}
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        bad |= {one.id for one in walk(node.optional_vars) if isinstance(one, ast.Name)}


class _Kinds:
    """Which expressions give something large."""

    def __init__(self, known: Knowledge, scope: Scope, values: dict[str, list[ast.expr]]) -> None:
        self._known = known
        self._scope = scope
        self._values = values
        self._decided: dict[str, bool] = {}

    def is_heavy_name(self, name: str) -> bool:
        """Whether all that a variable gets is large."""
        if name not in self._decided:
            self._decided[name] = False  # while it is asked for itself
            given = self._values.get(name, [])
            self._decided[name] = bool(given) and all(self._is_heavy(one) for one in given)
        return self._decided[name]

    def _is_heavy(self, node: ast.expr) -> bool:
        if isinstance(node, ast.ListComp | ast.DictComp | ast.SetComp):
            return True
        if isinstance(node, ast.Name):
            return self.is_heavy_name(node.id)
        if isinstance(node, ast.BinOp):
            return self._is_heavy(node.left) or self._is_heavy(node.right) or _is_repeated(node)
        if isinstance(node, ast.UnaryOp):
            return not isinstance(node.op, ast.Not) and self._is_heavy(node.operand)
        if isinstance(node, ast.Attribute):
            return node.attr in {"T", "mT", "grad", "data"} and self._is_heavy(node.value)
        return isinstance(node, ast.Call) and self._gives_heavy(node)

    def _gives_heavy(self, node: ast.Call) -> bool:
        called = node.func
        if isinstance(called, ast.Name):
            return called.id in _LISTS and self._known.is_builtin(called.id, self._scope)
        if not isinstance(called, ast.Attribute):
            return False
        return (called.attr in FACTORIES and self._is_of_library(called.value)) or (
            called.attr not in LIGHT and self._is_heavy(called.value)
        )

    def _is_of_library(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Attribute):
            node = node.value
        if (
            not isinstance(node, ast.Name)
            or self._known.scopes.resolve(node.id, self._scope) is not self._known.scopes.module
        ):
            return False
        bindings = self._known.scopes.module.bindings[node.id]
        return all(isinstance(one.node, ast.Import) and _imports(one.node, node.id) for one in bindings)


def _imports(node: ast.Import, name: str) -> bool:
    return any(one.name in LIBRARIES and (one.asname or one.name) == name for one in node.names)


def _is_repeated(node: ast.BinOp) -> bool:
    return isinstance(node.op, ast.Mult) and (isinstance(node.left, ast.List) or isinstance(node.right, ast.List))


def stored(node: ast.stmt) -> Names:
    """The variables that a plain assignment gives values."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    return frozenset(one.id for one in targets if isinstance(one, ast.Name))


def does_little(node: ast.stmt) -> bool:
    """Whether so little is left to do that nothing is gained by letting go of a value before it."""
    if isinstance(node, ast.Return):
        return not any(isinstance(one, ast.Call | ast.BinOp) for one in walk(node))
    return isinstance(node, ast.Pass | ast.Break | ast.Continue | ast.Raise | ast.Delete)
