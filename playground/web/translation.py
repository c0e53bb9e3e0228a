"""Events and results in the reader's language: what travels and what is kept is English, whoever ran it and wherever.

Like highlighting it happens as an answer is written, within a limit of processor time for each answer.
"""

import time
from functools import cache

from babel.messages.pofile import read_po

from playground.contracts.events import AnyEvent, Diagnostic, Error
from playground.contracts.measured import Benchmark, Verdict
from playground.contracts.result import Result
from playground.web.i18n import TRANSLATIONS
from playground.web.sentences import Sentences

CONTEXT = "said"
"""``msgctxt`` of sentences in the catalogues: what a page says itself has none."""
ANSWER_S = 1.0
FIELDS: dict[type[AnyEvent], tuple[str, ...]] = {
    Diagnostic: ("message", "reason", "hint"),
    Verdict: ("message",),
    Benchmark: ("disturbance",),
    Error: ("message",),
}
"""Where sentences are said."""


class Translator:
    """Translates what goes into one answer, while there is time for it."""

    def __init__(self, language: str) -> None:
        self._sentences = sentences(language)
        self._left_s = ANSWER_S

    def event(self, event: AnyEvent) -> AnyEvent:
        """Give an event with its sentences translated."""
        said = {name: text for name in FIELDS.get(type(event), ()) if (text := getattr(event, name))}
        if not said or self._left_s <= 0:
            return event
        translate = self._sentences.quoted if isinstance(event, Error) else self._sentences.translated
        began = time.thread_time()
        update = {name: translate(text) for name, text in said.items()}
        self._left_s -= time.thread_time() - began
        return event.model_copy(update=update)

    def result(self, result: Result) -> Result:
        """Give a result with its sentences translated."""
        update: dict[str, object] = {
            name: tuple(map(self.event, getattr(result, name))) for name in ("diagnostics", "verdicts", "benchmarks")
        }
        return result.model_copy(update=update | {"error": result.error and self.event(result.error)})


@cache
def sentences(language: str) -> Sentences:
    """Read the sentences of a language from the source of its catalogue: gettext does not list what is compiled."""
    path = TRANSLATIONS / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    if not path.exists():  # English, as they are said
        return Sentences(())
    with path.open("rb") as opened:
        catalogue = read_po(opened)
    return Sentences((str(one.id), str(one.string)) for one in catalogue if one.context == CONTEXT)
