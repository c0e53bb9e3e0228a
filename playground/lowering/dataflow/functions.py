"""Which functions of a program can be drawn as what happens in them, and how a call's arguments meet the parameters."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

Functions = Mapping[str, ast.FunctionDef]
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_RESUMED = (ast.Yield, ast.YieldFrom, ast.Await)
_SINGLE = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Constant)


def known_functions(tree: ast.Module) -> Functions:
    """Functions that the module defines once, at its top, undecorated: their names mean nothing else."""
    bound = Counter(bound_names(tree.body))
    bound.update(name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names)
    defined = (node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.decorator_list)
    return {node.name: node for node in defined if bound[node.name] == 1 and not _is_resumed(node)}


def _is_resumed(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, _RESUMED) for node in within(function.body))


def within(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """All nodes of a body, but not what is in functions and classes in it."""
    waiting: list[ast.AST] = list(reversed(body))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _SCOPES):
            waiting += reversed(list(ast.iter_child_nodes(node)))


def bound_names(body: list[ast.stmt]) -> Iterator[str]:
    """The names that statements bind, as often as they do."""
    for node in within(body):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
            case ast.alias():
                yield (node.asname or node.name).partition(".")[0]


def single_operation(function: ast.FunctionDef) -> bool:
    """Whether a function only returns one operation on its parameters, as ``add`` does."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    returned = body[0].value if len(body) == 1 and isinstance(body[0], ast.Return) else None
    if not isinstance(returned, _SINGLE):
        return False
    parameters = {one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}
    operands = list(ast.iter_child_nodes(returned))
    simple = (ast.Name, ast.Constant, ast.operator, ast.unaryop, ast.cmpop)
    named = {node.id for node in operands if isinstance(node, ast.Name)}
    return all(isinstance(node, simple) for node in operands) and named <= parameters


def arguments_of(function: ast.FunctionDef, call: ast.Call) -> dict[str, ast.expr] | None:
    """Which expression each parameter stands for; None where the text does not tell."""
    spec = function.args
    positional = [one.arg for one in (*spec.posonlyargs, *spec.args)]
    by_name = {one.arg for one in (*spec.args, *spec.kwonlyargs)}
    starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    if spec.vararg or spec.kwarg or starred or len(call.args) > len(positional):
        return None
    given = dict(zip(positional, call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg not in by_name or keyword.arg in given:
            return None
        given[keyword.arg] = keyword.value
    return _with_defaults(spec, given)


def _with_defaults(spec: ast.arguments, given: dict[str, ast.expr]) -> dict[str, ast.expr] | None:
    positional = [one.arg for one in (*spec.posonlyargs, *spec.args)]
    late = positional[len(positional) - len(spec.defaults) :]
    defaults = dict(zip(late, spec.defaults, strict=True))
    defaults |= {one.arg: value for one, value in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if value}
    names = [*positional, *(one.arg for one in spec.kwonlyargs)]
    whole = {name: given.get(name) or defaults.get(name) for name in names}
    found = {name: value for name, value in whole.items() if value is not None}
    return found if len(found) == len(names) else None
