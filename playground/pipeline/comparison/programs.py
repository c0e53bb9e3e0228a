"""Plain Python along its paths: the text itself, the text compiled once, the text rewritten and compiled once."""

import builtins
from collections.abc import Callable
from types import CodeType

from playground.contracts.sentences import say
from playground.lowering.rewrite import rewrite
from playground.pipeline.calls import Call, remember
from playground.pipeline.comparison.refusal import RefusedError
from playground.pipeline.comparison.subject import Build, Callee, Subject
from playground.pipeline.program import FILENAME

ORIGINAL, COMPILED, REWRITTEN = "original", "compiled", "rewritten"
REWRITTEN_FILENAME = "<rewritten>"


def of_program(source: str) -> Subject:
    """A whole program; its result is what it prints. Each run of it begins with an empty namespace."""
    builders: dict[str, Build] = {
        ORIGINAL: lambda _: _runs(lambda: compile(source, FILENAME, "exec", dont_inherit=True)),
        COMPILED: lambda _: _compiled_once(source, FILENAME),
        REWRITTEN: lambda _: _compiled_once(rewritten(source), REWRITTEN_FILENAME),
    }
    return Subject(remember(_nothing, (), {}), builders, prints=True)


def of_function(call: Call, source: str, expression: str) -> Subject:
    """A function called without tensors, and the same one in the rewritten program."""

    def of_rewritten(_: Call) -> Callee:
        namespace = _namespace()
        text = rewritten(source, frozenset({expression}))
        exec(compile(text, REWRITTEN_FILENAME, "exec", dont_inherit=True), namespace)  # noqa: S102 - the sandbox is for this
        return eval(expression, namespace)  # type: ignore[no-any-return]  # noqa: S307 - as above

    return Subject(call, {ORIGINAL: lambda call: call.target, REWRITTEN: of_rewritten})


def rewritten(source: str, kept: frozenset[str] = frozenset()) -> str:
    """A program after all passes.

    Raises:
        RefusedError: no pass changed anything.
    """
    rewriting = rewrite(source, kept=kept)
    if any(one.changed for one in rewriting.passes):
        return rewriting.text
    refusal = next(iter(rewriting.refusals), None)
    if refusal is None:
        message = say("There is nothing in it that could be done ahead of time.")
        raise RefusedError(message)
    raise RefusedError("\n".join(filter(None, (refusal.message, refusal.hint))), refusal.line)


def _compiled_once(source: str, filename: str) -> Callee:
    code = compile(source, filename, "exec", dont_inherit=True)
    return _runs(lambda: code)


def _runs(code: Callable[[], CodeType]) -> Callee:
    def run() -> None:
        exec(code(), _namespace())  # noqa: S102

    return run


def _namespace() -> dict[str, object]:
    return {"__name__": "__main__", "__builtins__": builtins, "__file__": FILENAME}


def _nothing() -> None:
    """A program is called without arguments."""
