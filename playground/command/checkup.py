"""What ``playground doctor`` prints: each wall, the tier that they make, what that tier does not do, what to change."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from playground.sandbox.doctor import CAPABILITIES, Layer, Report
from playground.sandbox.tiers import TIERS


def as_json(report: Report) -> str:
    """For scripts: ``tier`` is null where nothing would be served."""
    weaker = TIERS[report.tier].weaker if report.tier else ()
    return json.dumps({**asdict(report), "active": report.active, "weaker": weaker}, indent=2)


def lines(report: Report) -> Iterator[str]:
    """For people."""
    for layer in report.layers:
        yield f"{_state(layer, report)}  {layer.name}: {layer.detail}"
    yield ""
    if report.tier is None:
        yield "Nothing is served here: no tier stands."
    else:
        yield f"Snippets run in the {report.tier} tier."
        yield from (f"  {sentence}" for sentence in TIERS[report.tier].weaker)
    yield from _remedies(report)


def _state(layer: Layer, report: Report) -> str:
    if not layer.active:
        return "missing"
    return "active " if layer.name in (*report.active, *CAPABILITIES) else "unused "


def _remedies(report: Report) -> Iterator[str]:
    """One line for each thing to do, with all that it raises."""
    stronger = report.wanted[: report.wanted.index(report.tier) + 1] if report.tier in report.wanted else report.wanted
    useful = {*CAPABILITIES, *(name for tier in stronger for name in TIERS[tier].walls + TIERS[tier].extras)}
    missing = [layer for layer in report.layers if layer.remedy and layer.name in useful]
    for remedy in dict.fromkeys(layer.remedy for layer in missing):
        names = ", ".join(layer.name for layer in missing if layer.remedy == remedy)
        yield f"To raise {names}: {remedy}"
