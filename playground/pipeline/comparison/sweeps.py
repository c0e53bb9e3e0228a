"""Where the parameters of a sweep come in: a name that the snippet or an option uses, rows of the inputs, threads.

A parameter that the snippet assigns at its top level is assigned another value, and the snippet run again, for each
point. One that only ``options.target`` or ``options.inputs`` name is bound where these are evaluated. Without inputs in
the options ``batch`` is the number of rows of the recorded ones. ``threads`` is the number of threads.
"""

import ast
from dataclasses import dataclass

import torch

from playground.contracts import sweep
from playground.contracts.request import RunOptions
from playground.contracts.sentences import say
from playground.contracts.sweep import THREADS, Point
from playground.pipeline.calls import Call

BATCH = "batch"


class NoSuchParameter(Exception):  # noqa: N818 - its name is what the reader sees
    """A sweep over something that nothing uses."""

    __module__ = "builtins"  # a reader's error, shown by its bare name

    def __init__(self, name: str) -> None:
        super().__init__(
            say(
                "Nothing uses the parameter {name} of options.sweep. Assign it at the snippet's top level, "
                "or name it in the options' target or inputs; {batch} is the number of rows of recorded inputs, "
                "{threads} of threads.",
                name=repr(name),
                batch=BATCH,
                threads=THREADS,
            )
        )


@dataclass(frozen=True)
class Sweep:
    """The points, and which parameter comes in where."""

    points: tuple[Point, ...]
    assigned: frozenset[str]
    named: frozenset[str]

    def bound(self, point: Point) -> dict[str, object]:
        """What the options' expressions see beside the snippet's names."""
        return {name: value for name, value in point.items() if name in self.named}

    def resized(self, call: Call, point: Point) -> Call:
        """The call with as many rows as a point says, where no expression makes its inputs."""
        if BATCH not in point or BATCH in self.assigned | self.named:
            return call
        return _with_rows(call, int(point[BATCH]))


def read(options: RunOptions, tree: ast.Module) -> Sweep:
    """What a run's sweep is over; without one, a single point without parameters.

    Raises:
        NoSuchParameter: nothing uses one of its parameters.
    """
    points = sweep.points(options.sweep) if options.sweep else [{}]
    parameters = set(points[0]) - {THREADS}
    assigned = frozenset(parameters & {name for name, _ in _assignments(tree)})
    named = frozenset(parameters & (_names(options.target) | _names(options.inputs)))
    rows = set() if options.inputs else {BATCH}
    for name in points[0]:
        if name != THREADS and name not in assigned | named | rows:
            raise NoSuchParameter(name)
    return Sweep(tuple(points), assigned, named)


def reassigned(source: str, tree: ast.Module, values: Point) -> str:
    """The snippet with other values assigned to some names; its lines stay where they are."""
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    done: set[str] = set()
    places = []
    for name, value in _assignments(tree):
        if name in values and name not in done:
            done.add(name)
            places.append((value, repr(values[name]).encode()))
    for value, text in sorted(places, key=lambda place: (place[0].lineno, place[0].col_offset), reverse=True):
        first, last = value.lineno - 1, (value.end_lineno or value.lineno) - 1
        after = lines[last][value.end_col_offset :]
        lines[first : last + 1] = [lines[first][: value.col_offset] + text, *[b"\n"] * (last - first), after]
    return b"".join(lines).decode()


def _assignments(tree: ast.Module) -> list[tuple[str, ast.expr]]:
    """Names that the top level binds to one value by ``name = value``, in order."""
    found = []
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                found.append((name, value))
    return found


def _names(expression: str | None) -> set[str]:
    tree = ast.parse(expression or "None", mode="eval")
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _with_rows(call: Call, rows: int) -> Call:
    """Rows repeated or left out: of every tensor that has as many as the first one has."""
    seen = next((tensor.shape[0] for tensor in call.tensors if tensor.dim() and tensor.shape[0]), None)
    if seen is None or rows < 0:
        raise NoSuchParameter(BATCH)
    return call.changed(lambda tensor: _rows(tensor, rows) if tensor.dim() and tensor.shape[0] == seen else tensor)


def _rows(tensor: torch.Tensor, rows: int) -> torch.Tensor:
    return tensor.index_select(0, torch.arange(rows, device=tensor.device) % tensor.shape[0])
