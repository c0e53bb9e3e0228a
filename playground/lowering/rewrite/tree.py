"""Trees that are never changed in place: a rewritten node is a copy, so what was left alone is the node it was."""

import ast
import copy
from collections.abc import Callable, Iterator
from typing import TypeVar

N = TypeVar("N", bound=ast.AST)
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
NESTED = (*FUNCTIONS, ast.Lambda, ast.ClassDef)
BLOCKS = ("body", "orelse", "finalbody")
MOVED = "moved"
"""The attribute of an expression that says over which lines it came to where it stands."""
SHOWN = "shown"
"""The attribute of a last expression whose value is displayed, as a notebook does."""
ENDS = (ast.Return, ast.Raise, ast.Break, ast.Continue)
"""Statements that nothing after them in their block is reached from."""
LOOPS = (ast.For, ast.AsyncFor, ast.While)


def replace(node: N, **fields: object) -> N:
    """A copy of a node with some fields changed."""
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def at(node: N, place: ast.AST) -> N:
    """A node that stands where another one stood."""
    return ast.fix_missing_locations(ast.copy_location(node, place))


def moved(node: ast.expr, line: int) -> ast.expr:
    """An expression that comes to stand elsewhere, by way of a line."""
    return replace(node, **{MOVED: frozenset({line, *getattr(node, MOVED, ())})})


def blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The blocks of statements directly within a node."""
    for name in BLOCKS:
        block = getattr(node, name, None)
        if isinstance(block, list) and block:
            yield block
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield part.body


def with_blocks(node: ast.stmt, new: dict[str, list[ast.stmt]]) -> ast.stmt:
    """A statement with other blocks; one that must not be empty gets a ``pass``."""
    filled = {name: body or ([at(ast.Pass(), node)] if name == "body" else []) for name, body in new.items()}
    changed = {name: body for name, body in filled.items() if body is not getattr(node, name)}
    return replace(node, **changed) if changed else node


def map_blocks(node: ast.stmt, change: Callable[[list[ast.stmt]], list[ast.stmt]]) -> ast.stmt:
    """A statement with each of its blocks changed, in the order in which they stand."""
    changed: dict[str, object] = {}
    for name in ("body", "handlers", "cases", "orelse", "finalbody"):
        old = getattr(node, name, None)
        if isinstance(old, list) and old:
            if isinstance(old[0], ast.stmt):
                new = change(old)
            else:
                new = [replace(one, body=body) if (body := change(one.body)) is not one.body else one for one in old]
            if not same(new, old):
                changed[name] = new
    return replace(node, **changed) if changed else node


def header(node: ast.AST) -> Iterator[ast.AST]:
    """The children of a statement that are not statements within its blocks."""
    for child in children(node):
        if isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from (part for part in children(child) if not isinstance(part, ast.stmt))
        elif not isinstance(child, ast.stmt):
            yield child


def walk(node: ast.AST) -> list[ast.AST]:
    """A node and all below it, like ``ast.walk`` but several times faster: this is where the time of a pass goes.

    Left out are only operators and contexts, which hold nothing.
    """
    found = [node]
    for one in found:  # which grows meanwhile
        for value in one.__dict__.values():
            kind = type(value)
            if kind is int or kind is str or value is None:
                continue
            if kind is list:
                found += [part for part in value if isinstance(part, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, _EMPTY):
                found.append(value)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """What is directly below a node, in order, like ``ast.iter_child_nodes``."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if type(value) is list:
            found += [part for part in value if isinstance(part, ast.AST)]
        elif isinstance(value, ast.AST) and not isinstance(value, _EMPTY):
            found.append(value)
    return found


_EMPTY = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop)


def within_scope(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it that run as part of it: not the bodies of functions and classes it defines."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, FUNCTIONS):
            waiting += [*one.decorator_list, one.args, *([one.returns] if one.returns else [])]
        elif isinstance(one, ast.Lambda):
            waiting.append(one.args)
        elif isinstance(one, ast.ClassDef):
            waiting += [*one.decorator_list, *one.bases, *one.keywords]
        else:
            waiting += children(one)


def size(node: ast.AST) -> int:
    """How many nodes a tree has."""
    return len(walk(node))


def depth(node: ast.AST) -> tuple[int, ast.AST]:
    """How deep a tree is, and its deepest node; without recursion."""
    deepest, lowest, waiting = 0, node, [(node, 1)]
    while waiting:
        one, level = waiting.pop()
        if level > deepest:
            deepest, lowest = level, one
        waiting += [(child, level + 1) for child in children(one)]
    return deepest, lowest


def names_in(node: ast.AST) -> set[str]:
    """Every identifier below a node that is a variable, read or bound."""
    return {one.id for one in walk(node) if isinstance(one, ast.Name)}


class Rewriter:
    """Walks a tree and copies what changes; a subclass overrides ``expr``, ``stmt`` or ``block``."""

    def expr(self, node: ast.expr) -> ast.expr:
        """Rewrite an expression."""
        return self.children(node)

    def stmt(self, node: ast.stmt) -> list[ast.stmt]:
        """Rewrite a statement, into any number of them."""
        return [self.children(node)]

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """Rewrite a block; the list itself is given back if nothing changed."""
        new = [one for statement in body for one in self.stmt(statement)]
        return body if same(new, body) else new

    def children(self, node: N) -> N:
        """Rewrite what is below a node."""
        changed: dict[str, object] = {}
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list | ast.AST) and (new := self._value(value)) is not value:
                changed[name] = new
        return replace(node, **changed) if changed else node

    def _value(self, value: object) -> object:
        if isinstance(value, ast.expr):
            return self.expr(value)
        if isinstance(value, ast.AST):
            return self.children(value)
        if not isinstance(value, list) or not value:
            return value
        if isinstance(value[0], ast.stmt):
            return self.block(value)
        new = [self._value(one) for one in value]
        return value if same(new, value) else new


def same(new: list[N] | list[object], old: list[N] | list[object]) -> bool:
    """Whether two lists hold the very same objects."""
    return len(new) == len(old) and all(a is b for a, b in zip(new, old, strict=True))


class Moving(Rewriter):
    """Fits code into another place: values stand where names were read, and other variables get other names."""

    def __init__(self, values: dict[str, ast.expr], names: dict[str, str]) -> None:
        self._values = values
        self._names = names

    def expr(self, node: ast.expr) -> ast.expr:
        """Rewrite an expression; what is put in is not looked at again."""
        if not isinstance(node, ast.Name):
            return self.children(node)
        if isinstance(node.ctx, ast.Load) and node.id in self._values:
            return self._values[node.id]
        return replace(node, id=self._names[node.id]) if node.id in self._names else node


def equal(one: object, other: object) -> bool:
    """Whether two trees mean the same; where their nodes stand does not matter."""
    waiting = [(one, other)]
    while waiting:
        left, right = waiting.pop()
        if type(left) is not type(right):
            return False
        if type(left) is str or type(left) is int:
            if left != right:
                return False
        elif isinstance(left, ast.AST):
            waiting += [(getattr(left, name, None), getattr(right, name, None)) for name in left._fields]
        elif isinstance(left, list) and isinstance(right, list):
            if len(left) != len(right):
                return False
            waiting += zip(left, right, strict=True)
        elif left != right or repr(left) != repr(right):
            return False
    return True
