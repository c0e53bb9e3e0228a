"""The snippet as Python sees it: parsed, compiled statement by statement, run as ``__main__``."""

import __future__

import ast
import builtins
import functools
import linecache
import operator
import sys
import types
from dataclasses import dataclass

from playground.lowering.text import lines_of

FILENAME = "<snippet>"
FUTURE_FLAGS = functools.reduce(
    operator.or_, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
)


@dataclass(frozen=True)
class Statement:
    """One top-level statement; ``value`` is True for a last expression, whose code is evaluated, not executed.

    As in a notebook, one that a semicolon ends is executed like any other.
    """

    node: ast.stmt
    code: types.CodeType
    value: bool


@dataclass(frozen=True)
class Program:
    """A compiled snippet. ``code`` is the whole module's, for reading; what runs are the statements."""

    source: str
    tree: ast.Module
    code: types.CodeType
    statements: tuple[Statement, ...]


def parse(source: str) -> ast.Module:
    """Parse a snippet; a byte order mark before it, which Python skips in files, is skipped.

    Raises:
        SyntaxError: as Python raises it.
        ValueError: the source holds null characters.
    """
    return ast.parse(source.removeprefix("\ufeff"), FILENAME)


def compile_program(source: str, tree: ast.Module) -> Program:
    """Compile a whole snippet before any of it runs.

    Raises:
        SyntaxError: as Python raises it.
    """
    code = compile(tree, FILENAME, "exec", dont_inherit=True)
    flags = code.co_flags & FUTURE_FLAGS
    last = len(tree.body) - 1
    statements = tuple(
        _statement(node, flags, first=i == 0, last=i == last and not _is_hushed(node, source))
        for i, node in enumerate(tree.body)
    )
    return Program(source, tree, code, statements)


def _statement(node: ast.stmt, flags: int, *, first: bool, last: bool) -> Statement:
    if last and isinstance(node, ast.Expr):
        expression = ast.Expression(node.value)
        return Statement(node, compile(expression, FILENAME, "eval", flags, dont_inherit=True), value=True)
    # A string alone is the module's docstring only where it comes first.
    lone_string = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and not first
    body: list[ast.stmt] = [ast.copy_location(ast.Pass(), node), node] if lone_string else [node]
    module = ast.Module(body, type_ignores=[])
    return Statement(node, compile(module, FILENAME, "exec", flags, dont_inherit=True), value=False)


def _is_hushed(node: ast.stmt, source: str) -> bool:
    """Whether a semicolon follows a statement."""
    lines = lines_of(source)
    if node.end_lineno is None or node.end_col_offset is None or node.end_lineno > len(lines):
        return False
    return lines[node.end_lineno - 1].encode()[node.end_col_offset :].lstrip().startswith(b";")


def become_main(source: str) -> dict[str, object]:
    """A fresh ``__main__`` for the snippet; its source is where inspect, tracebacks and TorchScript look for it."""
    module = types.ModuleType("__main__")
    module.__dict__.update(__builtins__=builtins, __file__=FILENAME)
    sys.modules["__main__"] = module
    sys.argv = [FILENAME]
    show_source(FILENAME, source)
    return module.__dict__


def show_source(filename: str, source: str) -> None:
    """Let ``linecache`` know a source that is in no file; the None keeps it from looking for one."""
    lines = [f"{line}\n" for line in lines_of(source)]
    linecache.cache[filename] = (len(source), None, lines, filename)


def leave_main() -> None:
    """Undo ``become_main``, after a warm-up."""
    sys.modules.pop("__main__", None)
    linecache.cache.pop(FILENAME, None)
