"""What a program does, as far as it can be seen: what it prints and displays, and how it ends."""

import ast
import builtins
import contextlib
import io
import warnings
from dataclasses import dataclass

from playground.lowering.rewrite import rewrite


@dataclass(frozen=True)
class Behaviour:
    """Two runs that are equal in this can't be told apart."""

    output: str
    displayed: str
    error: str


def behaviour(text: str) -> Behaviour:
    """Run a program as ``__main__``, as far as that is possible within a test, and display its last value."""
    out = io.StringIO()
    namespace = {"__name__": "__main__", "__builtins__": builtins}
    displayed = error = ""
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = _run(text, namespace)
            displayed = "" if value is None else repr(value)
        except BaseException as raised:  # noqa: BLE001 - whatever it is, the other run must raise it too
            error = f"{type(raised).__name__}: {raised}"
    return Behaviour(out.getvalue(), displayed, error)


def _run(text: str, namespace: dict[str, object]) -> object:
    tree = ast.parse(text)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr) or text.rstrip().endswith(";"):
        exec(compile(text, "<program>", "exec", dont_inherit=True), namespace)
        return None
    tree.body.pop()
    exec(compile(tree, "<program>", "exec", dont_inherit=True), namespace)
    return eval(compile(ast.Expression(last.value), "<program>", "eval", dont_inherit=True), namespace)


def difference(source: str) -> str | None:
    """Where a rewritten program behaves otherwise than the original, after whichever pass; None if nowhere."""
    before = behaviour(source)
    for one in rewrite(source).passes:
        after = behaviour(one.text)
        if after != before:
            return f"{one.level}:\n{one.text}\n{before}\n{after}\nfrom:\n{source}"
    return None
