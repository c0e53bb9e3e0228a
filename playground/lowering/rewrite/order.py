"""In which order an expression's parts are evaluated, as the language defines it.

https://docs.python.org/3/reference/expressions.html#evaluation-order
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from playground.lowering.rewrite.tree import COMPREHENSIONS, children


@dataclass(frozen=True)
class Event:
    """A variable is read, or something happens that may have an effect or raise.

    ``certain`` is False for what may be evaluated later, more than once, or not at all.
    """

    node: ast.expr
    certain: bool = True

    @property
    def read(self) -> str | None:
        """The name that is read, if that is all."""
        return self.node.id if isinstance(self.node, ast.Name) else None


def events(node: ast.expr) -> list[Event]:
    """What happens when an expression is evaluated, in order. Making a tuple or list of values is no event."""
    return list(_events(node))


def _events(node: ast.expr) -> Iterator[Event]:
    if isinstance(node, ast.Constant):
        return
    if isinstance(node, ast.Name):
        yield Event(node)
    elif isinstance(node, ast.Tuple | ast.List):
        yield from _all(node.elts)
    elif isinstance(node, ast.Compare | ast.BoolOp | ast.IfExp | ast.Lambda):
        surely, perhaps = _branches(node)
        yield from _all(surely)
        yield Event(node)
        yield from _perhaps(perhaps)
    elif isinstance(node, COMPREHENSIONS):
        yield from _comprehension(node)
    elif isinstance(node, ast.FormattedValue):
        yield from _events(node.value)
        yield Event(node)
        yield from _all([node.format_spec] if node.format_spec else [])
        yield Event(node)
    elif isinstance(node, ast.JoinedStr):
        yield from _all(node.values)
    elif isinstance(node, ast.Slice):
        yield from _all(part for part in (node.lower, node.upper, node.step) if part)
    else:
        yield from _all(_operands(node))
        yield Event(node)


def _branches(node: ast.Compare | ast.BoolOp | ast.IfExp | ast.Lambda) -> tuple[list[ast.expr], list[ast.expr]]:
    """The parts of an expression that are surely evaluated, and those that may be, depending on the first."""
    if isinstance(node, ast.Compare):
        return [node.left, node.comparators[0]], node.comparators[1:]
    if isinstance(node, ast.BoolOp):
        return node.values[:1], node.values[1:]
    if isinstance(node, ast.IfExp):
        return [node.test], [node.body, node.orelse]
    return [*node.args.defaults, *(one for one in node.args.kw_defaults if one)], [node.body]


def _operands(node: ast.expr) -> list[ast.expr]:
    """The parts of an operation that are evaluated before it, in order."""
    if isinstance(node, ast.Call):
        return [node.func, *node.args, *(keyword.value for keyword in node.keywords)]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [one for pair in pairs for one in pair if one is not None]
    return [child for child in children(node) if isinstance(child, ast.expr)]


def _comprehension(node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> Iterator[Event]:
    first = node.generators[0]
    yield from _events(first.iter)
    yield Event(node)
    inner = [*first.ifs, *(one for gen in node.generators[1:] for one in (gen.iter, *gen.ifs))]
    results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    yield from _perhaps([*inner, *results])


def _all(nodes: Iterable[ast.expr]) -> Iterator[Event]:
    for node in nodes:
        yield from _events(node)


def _perhaps(nodes: Iterable[ast.expr]) -> Iterator[Event]:
    for node in nodes:
        for event in _events(node):
            yield Event(event.node, certain=False)
