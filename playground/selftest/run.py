"""Makes the attempts, one after another, and looks after each whether everything is as it was."""

import time
from collections.abc import Collection, Iterator

from playground.contracts.errors import PlaygroundError
from playground.selftest.attempt import Attempt, Category, Finding, Outcome, Snippet
from playground.selftest.attempts import ATTEMPTS
from playground.selftest.deployment import Deployment, result
from playground.selftest.judge import ALONE, judge, met

FRIENDLY = {
    "print(1 + 2 + 3 + 4)": "10\n",
    "import torch\nprint(torch.ones(2) + 1, torch.arange(4.0).sum().item())": "tensor([2., 2.]) 6.0\n",
    "import subprocess\nopen('x', 'w').write('y')\nprint(subprocess.check_output(['cat', 'x']))": "b'y'\n",
}
"""What must be right whatever was run before, and what it prints."""


def run(deployment: Deployment, only: Collection[Category] = ()) -> Iterator[Finding]:
    """Make the attempts, of some categories or of all; after each category friendly snippets."""
    for category, attempts in ATTEMPTS.items():
        if not only or category in only:
            for attempt in attempts:
                yield make(attempt, category, deployment)
            yield befriend(category, deployment)


def make(attempt: Attempt, category: Category, deployment: Deployment) -> Finding:
    """Make one attempt."""
    began = time.monotonic()
    deployment.said.clear()
    try:
        words = tuple(dict.fromkeys(_met(attempt, deployment)))
    except PlaygroundError as error:
        words = (f"no answer: {error}",)
    touched = (*deployment.canaries.found(deployment.said), *deployment.canaries.touched())
    outcome, layers = judge(attempt, deployment.tier, words, touched)
    shown = (*words, *(f"touched: {name}" for name in touched))
    return Finding(attempt.name, category, outcome, layers, shown, time.monotonic() - began)


def _met(attempt: Attempt, deployment: Deployment) -> Iterator[str]:
    if isinstance(attempt.attack, Snippet):
        if attempt.attack.beside and deployment.client.describe().concurrency == 1:
            yield ALONE
            return
        yield from met(deployment.attack(attempt.attack), deployment.settings)
    else:
        yield from attempt.attack(deployment)


def befriend(category: Category, deployment: Deployment) -> Finding:
    """Run friendly snippets; what they print must be right."""
    began = time.monotonic()
    wrong = tuple(_wrong(deployment))
    name = f"friendly snippets are right after the attempts on {category}"
    return Finding(name, category, Outcome.WRONG if wrong else Outcome.RIGHT, (), wrong, time.monotonic() - began)


def _wrong(deployment: Deployment) -> Iterator[str]:
    """What friendly snippets printed that they should not have printed."""
    for source, right in FRIENDLY.items():
        try:
            printed = result(deployment.run(source)).stdout
        except PlaygroundError as error:
            yield f"no answer: {error}"
        else:
            if printed != right:
                yield repr(printed)
