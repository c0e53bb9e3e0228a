"""A whole program: its top, and the functions that it calls, drawn as what happens in them."""

import ast

from playground.contracts.events import Graph
from playground.contracts.request import Level
from playground.lowering.dataflow.branching import Branching
from playground.lowering.dataflow.expressions import is_constant
from playground.lowering.dataflow.functions import arguments_of, known_functions, single_operation
from playground.lowering.dataflow.picture import Lines, Picture
from playground.lowering.dataflow.state import Value

MAX_CALLS = 64
"""Of the program's own functions, drawn as what happens in them; those after are boxes."""
MAX_NESTED = 6


def graph(level: Level, tree: ast.Module, lines: Lines | None = None, title: str = "") -> Graph:
    """The dataflow of a program.

    Args:
        level: the form that the program has.
        tree: its syntax tree.
        lines: from lines of this form to lines of the snippet; without it they are the same.
        title: which program, where there are several.
    """
    picture = Picture(lines)
    drawn = Program(picture, known_functions(tree))
    drawn.walk(tree.body)
    if not picture.size:
        drawn.definitions()
    return picture.graph(level, title)


class Program(Branching):
    """Draws calls of the program's own functions."""

    _calls = 0

    def expand(self, call: ast.Call, function: ast.FunctionDef) -> Value | None:
        """Draw a call as what happens in the function; one that is a single operation is a box with its name."""
        given = arguments_of(function, call)
        bounded = self._calls < MAX_CALLS and len(self._inside) < MAX_NESTED and not self.picture.is_full
        if given is None or not bounded or function.name in self._inside:
            return None
        if single_operation(function):
            return self.operation(function.name, "call", call.lineno, [self.evaluate(one) for one in given.values()])
        self._calls += 1
        values = {name: None if is_constant(one) else self.evaluate(one) for name, one in given.items()}
        bound = {name: self._argument(name, given[name], value, call.lineno) for name, value in values.items()}
        return self._inline(function, bound, call.lineno)

    def _argument(self, name: str, given: ast.expr, value: Value | None, line: int) -> Value:
        """A parameter's value; where the caller's name for it is the same, one node is enough for both."""
        if value is None:
            return self.named(name, Value(None), line, given)
        return value if isinstance(given, ast.Name) and given.id == name else self.named(name, value, line)

    def _inline(self, function: ast.FunctionDef, given: dict[str, Value], line: int) -> Value:
        outer, names = (self._returned, self._left, self._again, self.steering), self.state.names
        at_top = names is self.state.module
        self._returned, self._left, self._again, self.steering = [], [], [], self.steering[-1:]
        self._inside.append(function.name)
        self.state.names = dict(given)
        self.walk(function.body)
        returned = self._returned if not self.state.is_reached else [*self._returned, (Value(None), None)]
        self._inside.pop()
        self.state.names = self.state.module if at_top else names  # branches make the module's names anew
        self.state.is_reached = True
        self._returned, self._left, self._again, self.steering = outer
        return self._result(function.name, returned, line)

    def _result(self, name: str, returned: list[tuple[Value, str | None]], line: int) -> Value:
        if len(returned) == 1:
            return returned[0][0]
        sources = [source for value, box in returned for source in (value.node, box)]
        return Value(self.picture.add("merge", name, "return", line, sources))

    def definitions(self) -> None:
        """Draw the functions of a program that does nothing else than define them."""
        for function in self.functions.values():
            names = [one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)]
            values = [Value(self.picture.add("value", name, "parameter", function.lineno)) for name in names]
            returned = self._inline(function, dict(zip(names, values, strict=True)), function.lineno)
            self.picture.add("output", "return", "return", function.lineno, [returned.node])
