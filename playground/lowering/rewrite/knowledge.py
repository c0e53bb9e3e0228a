"""All that is known of a program when a pass begins, and what the pass could not do."""

import ast
import functools
from dataclasses import dataclass

from playground.lowering.rewrite import freeing
from playground.lowering.rewrite.bound import Bound
from playground.lowering.rewrite.calls import Calls
from playground.lowering.rewrite.model import Refusal
from playground.lowering.rewrite.names import BUILTINS, Place
from playground.lowering.rewrite.scopes import Scope, Scopes
from playground.lowering.rewrite.tree import FUNCTIONS, walk, within_scope

_LATER = (ast.Yield, ast.YieldFrom, ast.Await)
COMPILERS = frozenset(
    {
        *(
            "compile",
            "jit",
            "fx",
            "export",
            "onnx",
            "dynamo",
            "_dynamo",
            "inductor",
            "_inductor",
            "make_fx",
            "ao",
            "package",
        ),
    }
)
"""Parts of torch that read the source or the bytecode of functions and classes."""
LIBRARIES = frozenset({"torch", "torchvision", "d2l"})


@dataclass(frozen=True)
class Outside:
    """Names that others have to do with: had before a program runs, read by others, given new values by others."""

    bound: frozenset[str]
    kept: frozenset[str]
    rebound: frozenset[str]


class Knowledge:
    """A program as one pass finds it.

    Args:
        tree: the program.
        outside: names that others have to do with.
        steps: operations that may be carried out ahead of time.
    """

    def __init__(self, tree: ast.Module, outside: Outside, steps: int) -> None:
        self.tree = tree
        self.outside = outside
        self.kept = outside.kept
        self.steps = steps
        self.nodes = walk(tree)
        self.scopes = Scopes(tree)
        self.scopes.bind_elsewhere(outside.rebound)
        self.freeing_is_seen_on = freeing.seen_on(self.nodes, self.scopes)
        self.refusals: dict[tuple[str, str], Refusal] = {}
        self._is_compiled = _has_compilers(self.nodes)
        self._taken: dict[Scope, frozenset[str]] = {}

    @property
    def freeing_is_unseen(self) -> bool:
        """Whether a program can't notice when its values are freed."""
        return self.freeing_is_seen_on is None

    def of(self, tree: ast.Module) -> "Knowledge":
        """The same of the program's next form."""
        return Knowledge(tree, self.outside, self.steps)

    def place(self, scope: Scope, statement: ast.stmt) -> Place:
        """A statement within the program."""
        return Place(self.scopes, self.bound, scope, statement, self.outside.bound)

    @functools.cached_property
    def bound(self) -> Bound:
        """Which names surely have a value."""
        return Bound(self.scopes)

    @functools.cached_property
    def calls(self) -> Calls:
        """Who may call whom."""
        return Calls(self.scopes, self.nodes)

    @functools.cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """The module's functions that surely are what their one definition says, by name."""
        found = [one for one in self.tree.body if isinstance(one, ast.FunctionDef) and not one.decorator_list]
        return {one.name: one for one in found if self._is_plain(one)}

    def _is_plain(self, node: ast.FunctionDef) -> bool:
        later = any(isinstance(one, _LATER) for statement in node.body for one in within_scope(statement))
        return not later and len(self.scopes.module.bindings[node.name]) == 1

    def is_builtin(self, name: str, scope: Scope) -> bool:
        """Whether a name is surely Python's own."""
        return name in BUILTINS and name not in self.outside.bound and self.scopes.resolve(name, scope) is None

    def is_read_elsewhere(self, node: ast.stmt) -> bool:
        """Whether torch may read what a function or class is made of, so that it is left as it was written."""
        return self._is_compiled and isinstance(node, (*FUNCTIONS, ast.ClassDef))

    def taken(self, scope: Scope) -> frozenset[str]:
        """Names that a new variable in a scope must not have."""
        if scope not in self._taken:
            read = {name for one in scope.below() for name in one.reads}
            mine = set() if scope is self.scopes.module else read
            self._taken[scope] = frozenset(mine | set(scope.bindings) | self._of_module)
        return self._taken[scope]

    def refuse(self, line: int, message: str, reason: str, hint: str | None = None, *, about: str = "") -> None:
        """Note what could not be done; once for each reason and what it is about."""
        self.refusals.setdefault((about or str(line), message), Refusal(line, message, reason, hint))

    @functools.cached_property
    def _of_module(self) -> set[str]:
        """The names that code of the module gives or takes."""
        module = self.scopes.module
        read = {
            name
            for scope in self.scopes.all()
            for name in scope.reads
            if self.scopes.resolve(name, scope) in {None, module}
        }
        return {*module.bindings, *read, *BUILTINS, *self.outside.bound, *self.kept}


def _has_compilers(nodes: list[ast.AST]) -> bool:
    """Whether a program may hand functions to what reads them."""
    words: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            words |= {part for alias in node.names for part in alias.name.split(".")}
        elif isinstance(node, ast.ImportFrom):
            words |= {*(node.module or "").split("."), *(alias.name for alias in node.names)}
        elif isinstance(node, ast.Attribute):
            words.add(node.attr)
    return bool(words & LIBRARIES and words & COMPILERS)
