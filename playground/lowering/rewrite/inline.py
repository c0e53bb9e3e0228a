"""Inlining: calls of functions that surely are what their one definition says are replaced by the function's body."""

import ast
from collections.abc import Iterator

from playground.contracts.sentences import say
from playground.lowering.rewrite.evaluate import Evaluator
from playground.lowering.rewrite.frames import Budget, Frame
from playground.lowering.rewrite.knowledge import Knowledge
from playground.lowering.rewrite.literal import is_constant, literal
from playground.lowering.rewrite.names import Place
from playground.lowering.rewrite.operations import NotComputed
from playground.lowering.rewrite.order import events
from playground.lowering.rewrite.reduce import Reduced, Reducer
from playground.lowering.rewrite.scopes import Scope
from playground.lowering.rewrite.sites import Names, Replacing, calls_in, evaluated_first, may_be_interleaved
from playground.lowering.rewrite.template import Template, arguments, obstacle, template
from playground.lowering.rewrite.tree import (
    FUNCTIONS,
    at,
    header,
    replace,
    same,
    size,
    walk,
)

MAX_STATEMENT = 1_500
"""Nodes of a statement's own line: a longer one is left alone."""
MAX_GROWTH = 8_000
"""Nodes that inlining may add to a program."""
MAX_CALLS = 40
"""Calls that are replaced within one statement."""


class _Refused(Exception):  # noqa: N818 - what happened, not an error
    """A call stays; the words say why."""

    def __init__(self, why: str, reason: str, hint: str | None = None) -> None:
        super().__init__(why)
        self.reason = reason
        self.hint = hint


def run(known: Knowledge) -> ast.Module:
    """Inline what can be inlined in a program; what can't is noted in what is known of it."""
    return _Inliner(known).module()


class _Inliner:
    """Functions are rewritten before those that call them, so that a body put in is finished."""

    def __init__(self, known: Knowledge) -> None:
        self._known = known
        self._module = known.tree
        self._scopes = known.scopes
        self._templates: dict[str, Template | _Refused] = {}
        self._fresh: dict[Scope, set[str]] = {}
        self._kept: set[int] = set()
        self._grown = 0
        self._evaluator = Evaluator(
            known.scopes, known.functions, known.bound.global_is_ready, known.is_builtin, Budget(known.steps)
        )

    def module(self) -> ast.Module:
        body = self._module.body
        done: dict[int, list[ast.stmt]] = {}
        definitions = [one for one in body if isinstance(one, FUNCTIONS)]
        for node in sorted(definitions, key=self._known.calls.height):
            done[id(node)] = self._statement(node, self._scopes.module)
            self._define(node, done[id(node)][0])
        new = [one for old in body for one in done.get(id(old)) or self._statement(old, self._scopes.module)]
        return self._module if same(new, body) else replace(self._module, body=new)

    def _define(self, original: ast.stmt, node: ast.stmt) -> None:
        if isinstance(original, ast.AsyncFunctionDef):
            self._templates[original.name] = _Refused(_COROUTINE, "not_inlinable")
        if not isinstance(original, ast.FunctionDef) or not isinstance(node, ast.FunctionDef):
            return
        scope = self._scopes.of(original)
        why = obstacle(original, scope, self._scopes, self._known.bound)
        if why is None and self._known.calls.may_recurse(original):
            why = _RECURSION if self._known.calls.calls_itself(original) else _SPECIAL
        made = why or template(node)
        self._templates[node.name] = _Refused(made, "not_inlinable") if isinstance(made, str) else made

    def _block(self, body: list[ast.stmt], scope: Scope) -> list[ast.stmt]:
        new = [one for statement in body for one in self._statement(statement, scope)]
        if not new and body:
            return [at(ast.Pass(), body[0])]
        return body if same(new, body) else new

    def _statement(self, statement: ast.stmt, scope: Scope) -> list[ast.stmt]:
        if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
            if self._known.is_read_elsewhere(statement):
                return [statement]
            return [self._within(statement, self._scopes.of(statement))]
        if scope.is_class:
            return [statement]
        *prelude, last = self._expand(statement, self._known.place(scope, statement))
        if not prelude and last is statement:
            return [self._within(statement, scope)]
        return [*prelude, *([self._within(last, scope)] if last is not _NOTHING else [])]

    def _within(self, node: ast.stmt, scope: Scope) -> ast.stmt:
        """A statement with the blocks in it rewritten."""
        changed: dict[str, object] = {}
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and (new := self._block(block, scope)) is not block:
                changed[name] = new
        for name in ("handlers", "cases"):
            parts = getattr(node, name, [])
            new_parts = [self._part(part, scope) for part in parts]
            if not same(new_parts, parts):
                changed[name] = new_parts
        return replace(node, **changed) if changed else node

    def _part(self, part: ast.ExceptHandler | ast.match_case, scope: Scope) -> ast.AST:
        new = self._block(part.body, scope)
        return part if new is part.body else replace(part, body=new)

    def _expand(self, statement: ast.stmt, place: Place) -> list[ast.stmt]:
        """A statement with the calls in its own line replaced, after what has to run before it; or ``_NOTHING``."""
        prelude: list[ast.stmt] = []
        refused: dict[int, tuple[ast.Call, _Refused]] = {}
        if sum(size(part) for part in header(statement)) > MAX_STATEMENT:
            return [statement]
        for _ in range(MAX_CALLS):
            found = next(self._candidates(statement, place), None)
            if found is None:
                break
            call, inner = found
            try:
                reduced = self._reduce(call, inner, place, statement)
            except _Refused as why:
                self._kept.add(id(call))
                refused[id(call)] = call, why
                continue
            self._kept -= {key for key, (_, why) in refused.items() if why.reason == "no_room"}  # there may be now
            prelude += [one for early in reduced.prelude for one in self._expand(early, place) if one is not _NOTHING]
            if isinstance(statement, ast.Expr) and statement.value is call and reduced.value is None:
                return [*prelude, _NOTHING]
            statement = Replacing(call, reduced.value or at(ast.Constant(None), call)).header(statement)
        self._refuse_all(refused, statement)
        return [*prelude, statement]

    def _refuse_all(self, refused: dict[int, tuple[ast.Call, _Refused]], statement: ast.stmt) -> None:
        """Note why calls stay in a statement: those that do in the end."""
        left = {id(one) for part in header(statement) for one in walk(part)} if refused else set()
        for key, (call, why) in refused.items():
            if key in left and why.reason != "known":
                self._refuse(call, why)

    def _candidates(self, statement: ast.stmt, place: Place) -> Iterator[tuple[ast.Call, Names]]:
        """The calls of the program's own functions in a statement's own line, the inner ones first."""
        for part in header(statement):
            for call, inner in calls_in(part, frozenset()):
                name = call.func.id if isinstance(call.func, ast.Name) else ""
                if name in inner or id(call) in self._kept or place.resolve(name) is not self._scopes.module:
                    continue
                if any(one.kind == "def" for one in self._scopes.module.bindings[name]):
                    yield call, inner

    def _reduce(self, call: ast.Call, inner: Names, place: Place, statement: ast.stmt) -> Reduced:
        assert isinstance(call.func, ast.Name)  # noqa: S101 - _candidates() gives no others
        made = self._template(call.func.id, place)
        self._check_place(made, inner, place, statement)
        given = arguments(made.node, call)
        if given is None:
            why = say("the call's arguments can't be matched to its parameters here")
            raise _Refused(why, "arguments")

        def is_inert(node: ast.expr) -> bool:
            return self._is_inert(node, inner, place)

        line = self._known.freeing_is_seen_on
        if line is not None and (made.has_variables or not all(is_inert(value) for _, value in given)):
            why = say(
                "line {line} makes it visible when values are freed, and its own are freed when it returns", line=line
            )
            raise _Refused(why, "freeing_is_seen")

        containers = made.holds_containers or any(isinstance(one, _DISPLAYS) for one in walk(call))
        if containers and self._is_known(call):
            why = say("what it gives is known, and stands there after folding")
            raise _Refused(why, "known")
        names = set(self._fresh.get(place.scope, ()))
        reduced = Reducer(made, is_inert, lambda name: self._new_name(name, place.scope), call).run(given)
        if reduced.prelude and not self._may_hoist(call, inner, statement, is_inert):
            self._fresh[place.scope] = names
            why = say(
                "here it would need statements of its own, and on line {line} other things come before them",
                line=call.lineno,
            )
            raise _Refused(why, "no_room", say("Give the call's value a name, in a statement of its own."))
        self._grown += sum(size(one) for one in reduced.prelude) + (size(reduced.value) if reduced.value else 0)
        if self._grown > MAX_GROWTH:
            why = say("the program would grow too long")
            raise _Refused(why, "too_long")
        return reduced

    def _is_known(self, call: ast.Call) -> bool:
        """Whether folding will find the value of a call; it can't follow a container that is changed bit by bit."""
        given = [*call.args, *(one.value for one in call.keywords)]
        if not all(isinstance(one, _LITERAL) for part in given for one in walk(part)):
            return False
        try:
            value = self._evaluator.attempt(call, Frame(self._scopes.module))
        except NotComputed:
            return False
        return literal(value, call) is not None

    def _template(self, name: str, place: Place) -> Template:
        bindings = self._scopes.module.bindings[name]
        if len(bindings) > 1:
            if any(one.kind == "elsewhere" for one in bindings):
                why = say("other code that runs with the program may rebind it")
                raise _Refused(why, "rebound")
            other = next((one for one in bindings[1:] if one.line != bindings[0].line), bindings[1])
            hint = say("Give the other value another name.")
            why = say("it may be rebound on line {line}", line=other.line)
            raise _Refused(why, "rebound", hint)
        made = self._templates.get(name)
        if made is None and name in self._known.functions:
            raise _Refused(_RECURSION, "recursion")
        if made is None:
            why = say("it is defined only under a condition")
            raise _Refused(why, "conditional")
        if isinstance(made, _Refused):
            raise made
        if not place.is_steady(name):
            why = say("it may not be defined yet on line {line}", line=place.statement.lineno)
            raise _Refused(why, "not_yet_defined")
        return made

    def _check_place(self, made: Template, inner: Names, place: Place, statement: ast.stmt) -> None:
        scope: Scope | None = place.scope
        taken = set(inner)
        while scope is not None and scope is not self._scopes.module:
            taken |= set(scope.bindings)
            if self._known.calls.may_be_within_recursion(scope.node):
                why = say("the call is part of a recursion, whose depth would change")
                raise _Refused(why, "recursion")
            scope = scope.parent
        if hidden := sorted(made.outside & taken):
            why = say("`{name}` means something else where it is called", name=hidden[0])
            raise _Refused(why, "captured")
        if may_be_interleaved(place.scope.node, statement):
            why = say("a generator makes a function here, and either may run while the other waits")
            raise _Refused(why, "generator")
        if any(isinstance(one, ast.NamedExpr) for part in header(statement) for one in walk(part)):
            why = say("a name is assigned within the same expression")
            raise _Refused(why, "walrus")

    def _is_inert(self, node: ast.expr, inner: Names, place: Place) -> bool:
        if isinstance(node, ast.Name):
            return node.id in inner or node.id in self._fresh.get(place.scope, ()) or place.is_steady(node.id)
        if isinstance(node, ast.Tuple):
            return all(self._is_inert(one, inner, place) for one in node.elts)
        return is_constant(node)

    def _may_hoist(self, call: ast.Call, inner: Names, statement: ast.stmt, is_inert: object) -> bool:
        """Whether statements put before this one come before nothing that was evaluated before the call."""
        root = evaluated_first(statement)
        if root is None or inner or not self._known.freeing_is_unseen or not callable(is_inert):
            return False
        if isinstance(statement, ast.AugAssign) and not is_inert(replace(statement.target, ctx=ast.Load())):
            return False
        for event in events(root):
            if event.node is call.func:
                return event.certain
            if not is_inert(event.node):
                return False
        return False

    def _new_name(self, name: str, scope: Scope) -> str:
        """A name for a variable of an inlined function: its own, if nothing else has it."""
        fresh = self._fresh.setdefault(scope, set())
        taken = self._known.taken(scope) | fresh
        new, number = name, 1
        while new in taken:
            number += 1
            new = f"{name}_{number}"
        fresh.add(new)
        return new

    def _refuse(self, call: ast.Call, refused: _Refused) -> None:
        assert isinstance(call.func, ast.Name)  # noqa: S101 - _candidates() gives no others
        name = call.func.id
        message = say("`{name}` is not inlined: {why}", name=name, why=refused)
        self._known.refuse(call.lineno, message, refused.reason, refused.hint, about=name)


_DISPLAYS = (ast.List, ast.Dict, ast.Set)
_LITERAL = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.UnaryOp)
_NOTHING = ast.Pass()
"""Stands for a statement of which nothing is left."""


_SPECIAL = say(
    "what it does may run a special method of the program, over and over, and Python limits how deep calls go"
)
_COROUTINE = say("it is a coroutine, whose body runs later")
_RECURSION = say("it may call itself, and Python limits how deep calls go")
