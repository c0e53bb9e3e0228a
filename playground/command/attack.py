"""``playground selftest``: attacks the runner that is there, or one of our own that is started for it."""

from collections.abc import Collection

import click

from playground.command import local
from playground.contracts.request import Device
from playground.selftest import report
from playground.selftest.attempt import Category
from playground.selftest.deployment import deployed
from playground.selftest.run import run
from playground.settings import Settings
from playground.web.assets import MissingPartError

PLACES = 2
"""Some attempts need a neighbour."""
WITHOUT_WALLS = "this deployment runs snippets without walls: the attempts would reach this machine"


class NotAttackedError(Exception):
    """Nothing was attempted; the text says why."""


def attack(settings: Settings, only: Collection[str], *, as_json: bool) -> int:
    """Make the attempts and print what became of them; the exit code.

    Raises:
        NotAttackedError: there is no such category, no runner, no page, or no wall.
    """
    categories = _categories(only)
    try:
        with local.runner(settings, Device.CPU, PLACES) as found, deployed(found) as deployment:
            if deployment.tier == "unconfined":
                raise NotAttackedError(WITHOUT_WALLS)
            findings = []
            for finding in run(deployment, categories):
                findings.append(finding)
                if not as_json:
                    click.echo(report.line(finding))
            click.echo(report.as_json(deployment.tier, findings) if as_json else report.summary(findings))
    except (local.NotRunError, MissingPartError) as error:
        raise NotAttackedError(str(error)) from error
    return int(not all(finding.outcome.held for finding in findings))


def _categories(names: Collection[str]) -> tuple[Category, ...]:
    unknown = set(names) - set(Category)
    if unknown:
        message = f"no category {', '.join(sorted(unknown))}; there are {', '.join(Category)}"
        raise NotAttackedError(message)
    return tuple(map(Category, names))
