"""What a function's body says about the function itself, whatever of it is ever run."""

import ast

from playground.lowering.rewrite.tree import FUNCTIONS, walk, within_scope

_KINDS = (ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith)


def keeps_nature(old: list[ast.stmt], new: list[ast.stmt]) -> bool:
    """Whether a function stays what it was: a generator or not, each name that it still reads local or not.

    A ``yield`` or an assignment counts even where it is never reached.
    """
    was, now = _nature(old), _nature(new)
    lost = was.bound - now.bound
    return was.kinds == now.kinds and was.declared == now.declared and not lost & now.read


class _Nature:
    def __init__(self) -> None:
        self.kinds: set[type[ast.AST]] = set()
        self.declared: set[str] = set()
        self.bound: set[str] = set()
        self.read: set[str] = set()


def _nature(body: list[ast.stmt]) -> _Nature:
    found = _Nature()
    for statement in body:
        inner = list(within_scope(statement))
        own = _own_targets(inner)
        for node in inner:
            if id(node) not in own:
                _note(node, found)
        found.read |= {one.id for one in walk(statement) if isinstance(one, ast.Name)}
    return found


def _own_targets(nodes: list[ast.AST]) -> set[int]:
    """The names that comprehensions bind for themselves, not for the function."""
    targets = [one.target for one in nodes if isinstance(one, ast.comprehension)]
    return {id(node) for target in targets for node in walk(target)}


def _note(node: ast.AST, found: _Nature) -> None:
    if isinstance(node, _KINDS):
        found.kinds.add(ast.Yield if isinstance(node, ast.YieldFrom) else type(node))
    elif isinstance(node, ast.Global | ast.Nonlocal):
        found.declared |= {*node.names}
    found.bound |= bound_names(node)


def bound_names(node: ast.AST) -> set[str]:
    """The names that a node itself binds, not those below it."""
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(one.asname or one.name).partition(".")[0] for one in node.names}
    if isinstance(node, ast.Name):
        return set() if isinstance(node.ctx, ast.Load) else {node.id}
    name = getattr(node, "name", None) if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) else None
    if isinstance(node, ast.MatchMapping):
        name = node.rest
    return {name} if name else set()
