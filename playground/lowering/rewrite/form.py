"""A program's text as Python reads it: its tree, what the compiler warns of; and what of it is too much for a pass."""

import ast
import warnings
from collections import Counter
from dataclasses import dataclass

from playground.contracts.sentences import say
from playground.lowering.rewrite import facts
from playground.lowering.rewrite.lines import Origins
from playground.lowering.rewrite.model import Refusal
from playground.lowering.rewrite.scopes import Scopes
from playground.lowering.rewrite.tree import depth, equal, walk

_HINT = say("Give parts of it names, or put them into functions.")


class Refused(Exception):  # noqa: N818 - what happened, not an error
    """A program is left alone entirely."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class Misprinted(Exception):  # noqa: N818 - what happened, not an error
    """What a pass made can't be used; the words say why."""


@dataclass(frozen=True)
class Form:
    """A program between two passes, and for each of its lines those of the first form that it was made from."""

    text: str
    origins: Origins
    tree: ast.Module
    warned: Counter[str]


def first(text: str, origins: Origins) -> Form:
    """A program before all passes.

    Raises:
        SyntaxError: as Python raises it.
        Refused: it is nested too deep, too long, or looks at itself.
    """
    try:
        form = Form(text, origins, ast.parse(text), _warnings(text))
    except (RecursionError, MemoryError):
        message = say("Nothing is rewritten: the program is nested too deep")
        raise Refused(Refusal(1, message, "too_deep", _HINT)) from None
    deepest, node = depth(form.tree)
    line = getattr(node, "lineno", 1)
    if deepest > facts.MAX_DEPTH:
        message = say("Nothing is rewritten: line {line} is nested {depth} deep", line=line, depth=deepest)
        raise Refused(Refusal(line, message, "too_deep", _HINT))
    nodes = walk(form.tree)
    if len(nodes) > facts.MAX_NODES:
        raise Refused(Refusal(1, say("Nothing is rewritten: the program is too long"), "too_long", _HINT))
    if refused := facts.refusal(nodes, Scopes(form.tree)):
        raise Refused(refused)
    return form


def after(text: str, origins: Origins, made: ast.Module, before: Form) -> Form:
    """A program after a pass.

    Raises:
        Misprinted: the text is not what the pass made, or Python would warn of other things than before.
    """
    try:
        tree, warned = ast.parse(text), _warnings(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        message = say("what it made can't be written down")
        raise Misprinted(message) from None
    if not equal(tree, made):
        message = say("what it made reads differently when written down")
        raise Misprinted(message)
    if warned != before.warned:
        message = say("Python would warn of other things than before")
        raise Misprinted(message)
    return Form(text, origins, tree, warned)


def _warnings(text: str) -> Counter[str]:
    """What the compiler warns of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        compile(text, "<program>", "exec", dont_inherit=True)
    return Counter(str(one.message) for one in caught)
