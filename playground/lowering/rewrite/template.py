"""A function whose calls may be replaced by its body: what is asked of it, and its body in the form that is put in."""

import ast
from collections import Counter
from dataclasses import dataclass

from playground.contracts.sentences import say
from playground.lowering.rewrite.bound import Bound
from playground.lowering.rewrite.scopes import Scope, Scopes
from playground.lowering.rewrite.tree import at, children, walk

MAX_SIZE = 250
_CONTAINERS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp, ast.Subscript)
_PLAIN = (
    *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Assert, ast.Raise, ast.Pass, ast.If, ast.For),
    *(ast.While, ast.Return, ast.Break, ast.Continue),
)
_FORBIDDEN = {
    ast.Yield: say("it is a generator"),
    ast.YieldFrom: say("it is a generator"),
    ast.Await: say("it waits for something"),
    ast.NamedExpr: say("it assigns a name within an expression"),
    ast.GeneratorExp: say("it makes a generator, which is run later"),
    ast.Lambda: say("it makes another function, which keeps its names alive"),
    ast.FunctionDef: say("it makes another function, which keeps its names alive"),
    ast.AsyncFunctionDef: say("it makes another function, which keeps its names alive"),
    ast.ClassDef: say("it makes a class"),
    ast.Global: say("it changes which names are global"),
    ast.Nonlocal: say("it changes names of the function around it"),
}


@dataclass(frozen=True)
class Template:
    """A function ready to be put in the place of its calls; what is said of its body holds after its own rewriting.

    ``variables`` are all names that it binds, ``once`` those that get one value, as a parameter or in one plain
    assignment; ``reads`` counts how often each name is read.
    """

    node: ast.FunctionDef
    body: tuple[ast.stmt, ...]
    variables: frozenset[str]
    once: frozenset[str]
    reads: Counter[str]

    @property
    def name(self) -> str:
        """The function's."""
        return self.node.name

    @property
    def has_variables(self) -> bool:
        """Whether it gives names to values of its own."""
        return self.variables != {one.arg for one in _parameters(self.node)}

    @property
    def holds_containers(self) -> bool:
        """Whether it deals with values that may be changed in place."""
        return any(isinstance(one, _CONTAINERS) for statement in self.body for one in walk(statement))

    @property
    def outside(self) -> set[str]:
        """The names that it takes from the module, or from Python."""
        return set(self.reads) - self.variables


def obstacle(node: ast.FunctionDef, scope: Scope, scopes: Scopes, bound: Bound) -> str | None:
    """Why a function's body can't stand in the place of a call, in words; None if it can."""
    if node.decorator_list:
        return say("a decorator may have put another function in its place")
    if node.args.vararg or node.args.kwarg:
        return say("it takes any number of arguments")
    inner = [one for statement in node.body for one in walk(statement)]
    return next((why for one in inner if (why := _of_node(one))), None) or _of_names(inner, scope, scopes, bound)


def _of_node(node: ast.AST) -> str | None:
    if why := _FORBIDDEN.get(type(node)):
        return why
    if isinstance(node, ast.stmt) and not isinstance(node, _PLAIN):
        return say("it holds a statement that is not moved, on line {line}", line=node.lineno)
    if isinstance(node, ast.AnnAssign) and plain_target(node) is None:
        return say("an annotation on line {line} would be evaluated elsewhere", line=node.lineno)
    name = getattr(node, "id", getattr(node, "attr", ""))
    if name == "super" or (name.startswith("__") and not name.endswith("__")):
        return say("`{name}` means something else outside of it", name=name)
    return None


def _of_names(inner: list[ast.AST], scope: Scope, scopes: Scopes, bound: Bound) -> str | None:
    shadowed = {name for child in scope.below() if child is not scope for name in child.bindings}
    if shadowed & {*scope.bindings, *scope.reads}:
        return say("a comprehension in it uses one of its names for something else")
    for statement in inner:
        if isinstance(statement, ast.stmt):
            surely = bound.before(statement)
            for name in _read_by(statement):
                if scopes.resolve(name, scope) is scope and name not in surely:
                    return say("`{name}` may have no value on line {line}", name=name, line=statement.lineno)
    return None


def _read_by(statement: ast.stmt) -> set[str]:
    """The names that a statement reads itself, not those that the statements within it read."""
    found: set[str] = set()
    waiting: list[ast.AST] = [one for one in children(statement) if not isinstance(one, ast.stmt)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load):
            found.add(one.id)
        waiting += children(one)
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        found.add(statement.target.id)
    return found


def template(node: ast.FunctionDef) -> Template | str:
    """The template of a function that has no obstacle, or why its way of returning stands against it."""
    body = _one_return(_without_docstring(node.body))
    everything = [one for statement in body for one in walk(statement)]
    early = [one for one in everything if isinstance(one, ast.Return) and one is not body[-1]]
    if early:
        return say("it returns from the middle, on line {line}", line=early[0].lineno)
    if len(everything) > MAX_SIZE:
        return say("it is too long")
    names = [one for one in everything if isinstance(one, ast.Name)]
    stored = Counter(one.id for one in names if not isinstance(one.ctx, ast.Load))
    parameters = {one.arg for one in _parameters(node)}
    plain = {plain_target(statement) for statement in body}
    return Template(
        node,
        tuple(body),
        variables=frozenset(parameters | set(stored)),
        once=frozenset(
            {one for one in parameters if one not in stored}
            | {one for one, count in stored.items() if count == 1 and one in plain and one not in parameters}
        ),
        reads=Counter(one.id for one in names if isinstance(one.ctx, ast.Load)),
    )


def arguments(node: ast.FunctionDef, call: ast.Call) -> list[tuple[str, ast.expr]] | None:
    """What each parameter gets from a call, in the order in which it is evaluated; None where that can't be said."""
    spec = node.args
    ordered = [one.arg for one in [*spec.posonlyargs, *spec.args]]
    if any(isinstance(one, ast.Starred) for one in call.args) or len(call.args) > len(ordered):
        return None
    given = list(zip(ordered, call.args, strict=False))
    by_name = {one.arg for one in [*spec.args, *spec.kwonlyargs]} - {name for name, _ in given}
    for keyword in call.keywords:
        if keyword.arg not in by_name:
            return None
        by_name.remove(keyword.arg)
        given.append((keyword.arg, keyword.value))
    defaults = dict(zip(ordered[len(ordered) - len(spec.defaults) :], spec.defaults, strict=True))
    defaults |= {one.arg: value for one, value in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if value}
    for name in {one.arg for one in _parameters(node)} - {name for name, _ in given}:
        if not isinstance(value := defaults.get(name), ast.Constant):
            return None
        given.append((name, value))
    return given


def _parameters(node: ast.FunctionDef) -> list[ast.arg]:
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def plain_target(statement: ast.stmt) -> str | None:
    """The variable that a statement like ``x = value`` binds, if it is one."""
    target: ast.expr | None = None
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target = statement.target
    return target.id if isinstance(target, ast.Name) else None


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return [one for one in (body[1:] if documented else body) if not isinstance(one, ast.Pass)]


def _one_return(body: list[ast.stmt]) -> list[ast.stmt]:
    """A body whose last statements choose between values, with one ``return`` of a conditional expression."""
    for number, statement in enumerate(body):
        if isinstance(statement, ast.If):
            value = _choice(body[number:])
            if value is not None:
                return [*body[:number], at(ast.Return(value), statement)]
        elif isinstance(statement, ast.Return):
            return body[: number + 1]
    return body


def _choice(body: list[ast.stmt]) -> ast.expr | None:
    first, rest = body[0], body[1:]
    if isinstance(first, ast.Return):
        return first.value or at(ast.Constant(None), first)
    if not isinstance(first, ast.If) or len(first.body) != 1 or not isinstance(first.body[0], ast.Return):
        return None
    other = first.orelse or rest
    if first.orelse and rest:
        return None
    one = _choice(first.body)
    two = _choice(other) if other else at(ast.Constant(None), first)
    return at(ast.IfExp(first.test, one, two), first) if one and two else None
