"""Which names a statement reads, binds and deletes, and which it hands to functions that may run at any time later."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
Hidden = frozenset[str]


@dataclass
class Names:
    """Names of one scope, as some of its code treats them."""

    read: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    captured: set[str] = field(default_factory=set)
    """Read or changed by functions in it."""
    defined: set[str] = field(default_factory=set)
    """Bound to functions, classes and modules: nobody asks how long those live."""


@dataclass(frozen=True)
class _Place:
    """Where a node stands: names that are others there, and whether it runs later, or in a class."""

    hidden: Hidden = frozenset()
    is_later: bool = False
    is_class: bool = False


def names_in(nodes: Iterable[ast.AST]) -> Names:
    """What some nodes do with the names of the scope in which they stand."""
    found = Names()
    waiting: list[tuple[ast.AST, _Place]] = [(node, _Place()) for node in nodes]
    while waiting:
        node, place = waiting.pop()
        _take(found, node, place)
        waiting += _inside(node, place)
    return found


def _take(found: Names, node: ast.AST, place: _Place) -> None:
    match node:
        case ast.Name(id=name, ctx=context) if name not in place.hidden:
            if place.is_later:
                found.captured.add(name)
            elif isinstance(context, ast.Load):
                found.read.add(name)
            elif not place.is_class:
                (found.deleted if isinstance(context, ast.Del) else found.bound).add(name)
        case ast.AugAssign(target=ast.Name(id=name)) if name not in place.hidden and not place.is_later:
            found.read.add(name)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            _define(found, name, place)
        case ast.alias():
            _define(found, (node.asname or node.name).partition(".")[0], place)
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            if not place.is_later and not place.is_class:
                found.bound.add(name)


def _define(found: Names, name: str, place: _Place) -> None:
    if place.is_later and name not in place.hidden:
        found.captured.add(name)  # a nested function may define a name of its module
    elif not place.is_later and not place.is_class:
        found.defined.add(name)


def _inside(node: ast.AST, place: _Place) -> list[tuple[ast.AST, _Place]]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            return _function(node, place)
        case ast.ClassDef():
            outside = [*node.decorator_list, *node.bases, *node.keywords]
            within = _Place(place.hidden, place.is_later, is_class=True)
            return [*((one, place) for one in outside), *((one, within) for one in node.body)]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            own = {one.id for part in node.generators for one in ast.walk(part.target) if isinstance(one, ast.Name)}
            later = place.is_later or isinstance(node, ast.GeneratorExp)
            within = _Place(place.hidden | own, later, place.is_class)
            first = node.generators[0].iter
            parts = [one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.comprehension)]
            rest = [one for part in node.generators for one in (part.target, part.iter, *part.ifs) if one is not first]
            return [(first, place), *((one, within) for one in (*parts, *rest))]
        case _:
            return [(one, place) for one in ast.iter_child_nodes(node)]


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, place: _Place) -> list[tuple[ast.AST, _Place]]:
    """Defaults, decorators and annotations are of the scope around; the body runs whenever it is called."""
    spec = node.args
    outside = [*spec.defaults, *(one for one in spec.kw_defaults if one)]
    outside += [one.annotation for one in ast.walk(spec) if isinstance(one, ast.arg) and one.annotation]
    if isinstance(node, ast.Lambda):
        body: list[ast.AST] = [node.body]
    else:
        body = [*node.body]
        outside += [*node.decorator_list, *([node.returns] if node.returns else [])]
    within = _Place(place.hidden | local_names(node), is_later=True)
    return [*((one, place) for one in outside), *((one, within) for one in body)]


def local_names(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Hidden:
    """Names that are a function's own."""
    parameters = {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)}
    if isinstance(function, ast.Lambda):
        return frozenset(parameters)
    mine = names_in(function.body)
    handlers = {
        one.name for one in own_nodes(function.body) if isinstance(one, ast.ExceptHandler) and one.name is not None
    }
    declared = {
        name for one in own_nodes(function.body) if isinstance(one, ast.Global | ast.Nonlocal) for name in one.names
    }
    return frozenset(parameters | mine.bound | mine.deleted | mine.defined | handlers) - declared


def own_nodes(body: Iterable[ast.AST]) -> Iterable[ast.AST]:
    """The nodes of a body, without those of functions and classes in it."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            waiting += ast.iter_child_nodes(node)
