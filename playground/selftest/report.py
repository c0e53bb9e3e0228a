"""Findings as a table, a line for each, and as JSON."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from playground.selftest.attempt import Finding, Outcome

NAME_WIDTH = 72


def line(finding: Finding) -> str:
    """Write one finding; where it did not hold, what was met."""
    shown = ", ".join(finding.layers if finding.outcome.held else finding.met)
    return f"{finding.outcome:<8} {finding.category:<12} {finding.name:<{NAME_WIDTH}} {shown}".rstrip()


def summary(findings: Sequence[Finding]) -> str:
    """Count them."""
    counts = Counter(finding.outcome for finding in findings)
    parts = ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome])
    return f"{parts}, in {sum(finding.seconds for finding in findings):.0f} s"


def as_json(tier: str, findings: Iterable[Finding]) -> str:
    """Write all of it for a program."""
    return json.dumps({"tier": tier, "findings": [asdict(finding) for finding in findings]}, indent=2)
