"""Who may call whom: where a program may recurse, its depth can be seen, and calls are not taken away.

The graph errs on the side of more calls: a name or attribute that is read may be called, an operation may call any
special method of the program, and a call of something unknown may call any function that is handed around.
"""

import ast
from collections import defaultdict

from playground.lowering.rewrite.scopes import Scope, Scopes
from playground.lowering.rewrite.tree import FUNCTIONS, walk

MAX_CHAIN = 60
"""Longer chains of calls come near the limit of recursion."""
_OPERATORS, _STRANGERS = 1, 2
"""What an operation may call, what a call of something unknown may call; other nodes are ids of functions."""
_MAKERS = {"__init__", "__new__", "__post_init__"}
_DIRECT = {
    *("abs", "bool", "chr", "divmod", "float", "format", "hex", "input", "int", "isinstance", "len", "ord", "pow"),
    *("print", "range", "repr", "round", "str", "type", "bin", "oct", "ascii"),
}
"""Builtins that call nothing but special methods."""
Graph = dict[int, set[int]]


class Calls:
    """The call graph of a program, and which functions have to do with recursion."""

    def __init__(self, scopes: Scopes, nodes: list[ast.AST]) -> None:
        self._functions = {id(s.node): s for s in scopes.all() if isinstance(s.node, (*FUNCTIONS, ast.Lambda))}
        self._named: dict[str, set[int]] = defaultdict(set)
        self._kinds: dict[str, set[str]] = defaultdict(set)
        for scope in scopes.all():
            for name, bindings in scope.bindings.items():
                self._kinds[name] |= {one.kind for one in bindings}
        self._handed_around = handed_around(nodes)
        self._graph: Graph = {_OPERATORS: set(), _STRANGERS: set()}
        for scope in scopes.all():
            self._collect(scope)
        for key, scope in self._functions.items():
            self._graph[key] = self._called(scope)
        self._heights = _heights(self._graph)
        self._under = _reachable(self._graph, {node for node, height in self._heights.items() if height > MAX_CHAIN})

    def height(self, function: ast.AST) -> int:
        """The longest chain of calls that a call of it begins; what it calls has a smaller one."""
        return self._heights.get(id(function), 0)

    def may_recurse(self, function: ast.AST) -> bool:
        """Whether a call of it may be followed by calls without end, or by very many."""
        return self.height(function) > MAX_CHAIN

    def may_be_within_recursion(self, function: ast.AST) -> bool:
        """Whether it may run while such a chain of calls is open."""
        return id(function) in self._under

    def _collect(self, scope: Scope) -> None:
        node = scope.node
        in_class = scope.parent is not None and scope.parent.is_class
        if isinstance(node, FUNCTIONS):
            self._function(node, in_class=in_class)
        elif isinstance(node, ast.Lambda):
            self._graph[_STRANGERS].add(id(node))
            if in_class or _PATCHED in self._handed_around:
                self._graph[_OPERATORS].add(id(node))
        elif isinstance(node, ast.ClassDef):
            for statement in node.body:
                if isinstance(statement, FUNCTIONS) and statement.name in _MAKERS:
                    self._named[node.name].add(id(statement))
                    self._graph[_STRANGERS].add(id(statement))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, *, in_class: bool) -> None:
        self._named[node.name].add(id(node))
        special = in_class and node.name.startswith("__") and node.name not in _MAKERS
        later = any(isinstance(one, ast.Yield | ast.YieldFrom | ast.Await) for one in walk(node))
        unseen = node.decorator_list or isinstance(node, ast.AsyncFunctionDef) or node.name in self._handed_around
        if special or later or unseen:
            self._graph[_OPERATORS].add(id(node))
        if later or unseen:
            self._graph[_STRANGERS].add(id(node))

    def _called(self, scope: Scope) -> set[int]:
        found: set[int] = set()
        body = scope.node.body if isinstance(scope.node, (*FUNCTIONS, ast.Lambda)) else []
        for part in body if isinstance(body, list) else [body]:
            for node in walk(part):
                if isinstance(node, ast.Name):
                    found |= self._named.get(node.id, set())
                elif isinstance(node, ast.Attribute):
                    found |= self._named.get(node.attr, set()) | {_OPERATORS}
                if isinstance(node, ast.Call) and not self._is_known(node.func):
                    found.add(_STRANGERS)
                if isinstance(node, _OPERATIONS) and not self._is_plain(node):
                    found.add(_OPERATORS)
        return found

    def _is_plain(self, node: ast.AST) -> bool:
        """Whether it runs no special method itself: a name gets a value, a known function is called."""
        if isinstance(node, ast.Assign):
            return all(isinstance(one, ast.Name) for one in node.targets)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            return False
        return self._kinds.get(node.func.id) == {"def"} and not any(isinstance(one, ast.Starred) for one in node.args)

    def calls_itself(self, function: ast.AST) -> bool:
        """Whether it calls itself by name, directly or through other functions of the program."""
        named = {node: called - {_OPERATORS, _STRANGERS} for node, called in self._graph.items()}
        return id(function) in _reachable(named, named.get(id(function), set()))

    def _is_known(self, called: ast.expr) -> bool:
        if not isinstance(called, ast.Name):
            return False
        kinds = self._kinds.get(called.id)
        return kinds == {"def"} or (kinds is None and called.id in _DIRECT)


_PATCHED = "__patched__"


def handed_around(nodes: list[ast.AST]) -> set[str]:
    """The names that are read for anything but to call them; and a mark where special methods may be replaced."""
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    found = {node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called}
    found |= {node.attr for node in nodes if isinstance(node, ast.Attribute) and id(node) not in called}
    stored = [node for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)]
    if "setattr" in {node.id for node in nodes if isinstance(node, ast.Name)} or any(
        node.attr.startswith("__") for node in stored
    ):
        found.add(_PATCHED)
    return found


_OPERATIONS = (
    *(ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.Subscript, ast.FormattedValue),
    *(ast.Starred, ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.AugAssign, ast.Assert),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Set, ast.Dict, ast.Match, ast.Raise, ast.Delete),
    *(ast.Import, ast.ImportFrom, ast.ClassDef, ast.Try, ast.TryStar, ast.Assign),
)


def _heights(graph: Graph) -> dict[int, int]:
    """The longest chain of calls from each function; more than ``MAX_CHAIN`` where it may be without end."""
    heights = dict.fromkeys(graph, 0)
    for _ in range(MAX_CHAIN + 1):
        new = {node: 1 + max((heights[one] for one in called), default=-1) for node, called in graph.items()}
        if new == heights:
            break
        heights = new
    return heights


def _reachable(graph: Graph, start: set[int]) -> set[int]:
    found, waiting = set(start), list(start)
    while waiting:
        for one in graph[waiting.pop()] - found:
            found.add(one)
            waiting.append(one)
    return found
