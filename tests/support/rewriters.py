"""Snippets that put a rewriter of their own in the place of ours, to see what becomes of a wrong one.

A snippet runs in the process that rewrites what it builds, so it can reach the module; nothing else is replaced.
"""

_SNIPPET = """
import playground.lowering.rewrite as rewriter
from playground.contracts.request import Level
from playground.lowering.rewrite import Pass, Rewriting

def rewrite(source, **_):
    text = {text!r}
    lines = tuple((n, n, n, n) for n in range(1, text.count("\\n") + 2))
    levels = (Level.INLINED, Level.FOLDED, Level.RELEASED)
    return Rewriting(tuple(Pass(level, text, lines, lines, changed=True) for level in levels), ())

rewriter.rewrite = rewrite
exec({program!r})
"""


def rewritten_as(program: str, text: str) -> str:
    """A snippet that builds ``program``, which the rewriter takes for ``text``."""
    return _SNIPPET.format(program=program, text=text)


def failing(program: str) -> str:
    """A snippet that builds ``program``, at which the rewriter fails."""
    raising = "def rewrite(source, **_):\n    raise RuntimeError('no')\n"
    return f"import playground.lowering.rewrite as rewriter\n{raising}rewriter.rewrite = rewrite\nexec({program!r})\n"
