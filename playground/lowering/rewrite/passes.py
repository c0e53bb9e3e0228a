"""The passes in their order, each on the text that the last one left."""

import ast
import time
from collections.abc import Callable, Iterable

from playground.contracts.request import Level
from playground.contracts.sentences import say
from playground.lowering.rewrite import fold, form, inline, release
from playground.lowering.rewrite.form import Form
from playground.lowering.rewrite.knowledge import Knowledge, Outside
from playground.lowering.rewrite.lines import Origins, identity, spans, through
from playground.lowering.rewrite.model import Pass, Refusal, Rewriting
from playground.lowering.rewrite.tree import SHOWN
from playground.lowering.rewrite.unparse import Original, Printer
from playground.lowering.text import lines_of

STEPS = 100_000
"""Operations that a program's known parts may take ahead of time, all together."""
Run = Callable[[Knowledge], ast.Module]
PASSES: tuple[tuple[Level, Run], ...] = (
    (Level.INLINED, inline.run),
    (Level.FOLDED, fold.run),
    (Level.RELEASED, release.run),
)


def rewrite(
    source: str,
    *,
    steps: int = STEPS,
    bound: frozenset[str] = frozenset(),
    kept: frozenset[str] = frozenset(),
    rebound: frozenset[str] = frozenset(),
) -> Rewriting:
    """Rewrite a program as far as that can't be noticed by it.

    Args:
        source: the program.
        steps: operations that may be carried out ahead of time.
        bound: names that the namespace it runs in has before it runs, ``print`` of one's own among them.
        kept: names that others read from that namespace, while it runs or after.
        rebound: names that others may give other values while it runs.

    Raises:
        SyntaxError: as Python raises it.
        ValueError: the source holds null characters.
    """
    text = source.removeprefix("\ufeff")
    origins = identity(len(lines_of(text)))
    try:
        now = form.first(text, origins)
    except form.Refused as refused:
        same = tuple(Pass(level, text, spans(origins), spans(origins), changed=False) for level, _ in PASSES)
        return Rewriting(same, (refused.refusal,))
    passes: list[Pass] = []
    refusals: list[Refusal] = []
    known = Knowledge(now.tree, Outside(bound, kept, rebound), steps)
    for level, run in PASSES:
        began = time.perf_counter_ns()
        after, before = _apply(level, run, known, now)
        refusals += _on_first_lines(known.refusals.values(), now.origins)
        known.refusals.clear()
        changed = after.text != now.text
        known = known if after is now else known.of(after.tree)
        took = time.perf_counter_ns() - began
        passes.append(Pass(level, after.text, spans(after.origins), spans(before), changed=changed, wall_ns=took))
        now = after
    return Rewriting(tuple(passes), _ordered(refusals))


def _apply(level: Level, run: Run, known: Knowledge, now: Form) -> tuple[Form, Origins]:
    """The program after a pass, with a map to the lines before it."""
    original = Original(now.text, known.tree)
    if known.tree.body and isinstance(known.tree.body[-1], ast.Expr) and not original.is_hushed:
        setattr(known.tree.body[-1], SHOWN, True)
    new = run(known)
    unchanged = now, identity(len(lines_of(now.text)))
    if new is known.tree:
        return unchanged
    print_is_pythons = known.is_builtin("print", known.scopes.module)
    try:
        text, before = Printer(original, print_is_pythons=print_is_pythons).module(new)
        return form.after(text, through(before, now.origins), new, now), before
    except (form.Misprinted, ValueError) as why:  # a number of very many digits can't be written in tens
        known.refuse(1, say("The pass `{level}` is left out: {why}", level=level, why=why), "left_out")
        return unchanged


def _on_first_lines(refusals: Iterable[Refusal], origins: Origins) -> list[Refusal]:
    """What a pass could not do, on the lines of the program as it was before all passes."""
    return [Refusal(min(origins.get(one.line) or {1}), one.message, one.reason, one.hint) for one in refusals]


def _ordered(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """By line, each once."""
    found = {(one.line, one.message): one for one in refusals}
    return tuple(found[key] for key in sorted(found))
