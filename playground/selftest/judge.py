"""What an attempt met, and whether that shows that it was stopped."""

import json
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from playground.contracts.events import Accepted, AnyEvent, Artifact, Finished, Started, Status
from playground.selftest.attempt import Attempt, Layers, Outcome
from playground.selftest.deployment import FULL, result
from playground.selftest.layers import IN_CONTAINER
from playground.settings import Settings

REACHED = "reached"
ALONE = "no neighbour"
"""Met where one run is made at a time: what an attempt would do to another it cannot do."""
MIB = 1 << 20
_REPORT = re.compile(r'\{"met": "(?:[^"\\]|\\.)*"\}')
"""A report of a snippet's, wherever it stands: others may print between its lines."""


def met(events: list[AnyEvent], settings: Settings) -> Iterator[str]:
    """Say in words what a hostile run met: what it reported, files kept of it, its end; and what nobody may do."""
    ended = result(events)
    words = [*_reported(ended.stdout), *(f"kept {artifact.name}" for artifact in ended.artifacts)]
    if ended.status is not Status.OK or not words:
        words.append(ended.status)
    return iter((*words, *_forged(events, settings)))


def _reported(stdout: str) -> Iterator[str]:
    return (json.loads(found)["met"] for found in _REPORT.findall(stdout))


def _forged(events: list[AnyEvent], settings: Settings) -> Iterator[str]:
    """What only the runner says must be as only the runner says it, whatever a snippet sends."""
    if [event.id for event in events] != list(range(1, len(events) + 1)):
        yield "forged: numbers"
    for kind, place in ((Accepted, 0), (Started, 1), (Finished, -1)):
        if [event for event in events if isinstance(event, kind)] != [events[place]]:
            yield f"forged: {kind.__name__}"
    files = [event for event in events if isinstance(event, Artifact)]
    if any(f"/api/v1/artifacts/{result(events).run_id}/" not in file.url for file in files):
        yield "forged: address of a file"
    if len(files) > settings.artifact_files or sum(file.size_bytes for file in files) > settings.artifact_mb * MIB:
        yield "too many files"


def judge(attempt: Attempt, tier: str, words: Iterable[str], touched: Iterable[str]) -> tuple[Outcome, tuple[str, ...]]:
    """Say the outcome, and the layers that what was met shows at work."""
    weaker = {} if tier == FULL else {**attempt.container, **attempt.weaker}
    expected = {**attempt.stops, **weaker, ALONE: "one run at a time"}
    found = {word: _layer(word, expected) for word in words}
    names = {} if tier == FULL else IN_CONTAINER
    layers = tuple(dict.fromkeys(names.get(layer, layer) for layer in found.values() if layer))
    if [*touched] or found.get(REACHED, "") is None:
        return Outcome.ESCAPED, layers
    if not found or None in found.values():
        return Outcome.UNCLEAR, layers
    if tier != FULL and any(_layer(word, attempt.weaker) for word in found):
        return Outcome.WEAKER, layers
    return Outcome.STOPPED, layers


def _layer(word: str, expected: Layers) -> str | None:
    return next((layer for pattern, layer in expected.items() if fnmatchcase(word, pattern)), None)
