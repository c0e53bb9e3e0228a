"""Whole-program rewriting of Python: inline, fold, release; each pass shown, nothing changed that a program could see.

peval (no longer maintained, breaks on 3.11, folds nothing on 3.12) is not used; LibCST is not, for it keeps formatting
but proves nothing; CPython's own folding is what ``operations`` calls, one bounded operation at a time.
"""

from playground.lowering.rewrite.model import Pass, Refusal, Rewriting
from playground.lowering.rewrite.passes import rewrite

__all__ = ["Pass", "Refusal", "Rewriting", "rewrite"]
