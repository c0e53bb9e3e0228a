"""Every attempt that ships is stopped, in each tier, and friendly snippets are right after all of them."""

from collections.abc import Iterator

import pytest

from playground.selftest.attempt import Attempt, Category, Outcome
from playground.selftest.attempts import ATTEMPTS
from playground.selftest.deployment import Deployment, deployed
from playground.selftest.run import befriend, make
from playground.settings import Settings
from tests.support.runner import LIMITS, Bench

EVERY = [pytest.param(attempt, category, id=attempt.name) for category in Category for attempt in ATTEMPTS[category]]


@pytest.fixture(scope="module")
def deployment(bench: Bench) -> Iterator[Deployment]:
    limits = {name.removeprefix("PLAYGROUND_").lower(): value for name, value in LIMITS.items()}
    settings = Settings.model_validate({**limits, "data_dir": bench.data_dir})
    with deployed(settings) as made:
        yield made


@pytest.mark.parametrize(("attempt", "category"), EVERY)
def test_it_is_stopped(deployment: Deployment, attempt: Attempt, category: Category) -> None:
    finding = make(attempt, category, deployment)
    assert finding.outcome in {Outcome.STOPPED, Outcome.WEAKER}, finding.met
    assert finding.layers


@pytest.mark.parametrize("category", Category)
def test_friendly_snippets_are_right_afterwards(deployment: Deployment, category: Category) -> None:
    assert befriend(category, deployment).met == ()
