"""Sentences that a run says in English, each made from a template, so that a page can say them in another language.

What travels is the English text alone. ``web.sentences`` finds the template again that a text was made from; a test
finds all templates in the sources, for each stands in a call of ``say`` or ``known``, and asks for a translation of
each. See "Languages" in README.md.
"""

NESTED = frozenset({"why", "what", "instead"})
"""Names of values that are sentences themselves; all others are somebody's own words, and stay as they are."""


def say(template: str, /, **values: object) -> str:
    """Make a sentence: ``say("it may be rebound on line {line}", line=3)``."""
    return template.format(**values)


def known(template: str, /) -> str:
    """Name a sentence that others make and that passes through here as it is, so that it is translated, too."""
    return template


def caused(error: BaseException) -> str:
    """What an exception is, and what it says; ours say sentences."""
    return say("{error}: {why}", error=type(error).__name__, why=error)
