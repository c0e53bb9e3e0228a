"""Hostile and friendly runs mixed leave nothing behind, and the friendly ones are right. For long: ``make soak``."""

import os

import pytest

from tests.support.soak import leaks, soak

RUNS = 40


@pytest.mark.parametrize("tier", ["full", "container"])
def test_nothing_is_left_and_everything_friendly_is_right(tier: str) -> None:
    if tier == "container" and os.geteuid() != 0:
        pytest.skip("needs root, as in a container")
    before, after, wrong = soak(RUNS, seed=1, container=tier == "container")
    assert wrong == []
    assert leaks(before, after) == []
