"""What ships: many attempts, of every category, with names of their own and nothing that is always stopped."""

import ast
import textwrap
from collections.abc import Iterator

import pytest

from playground.contracts.request import MAX_SOURCE_BYTES
from playground.selftest.attempt import Attempt, Category, Finding, Outcome, Snippet
from playground.selftest.attempts import ATTEMPTS
from playground.selftest.deployment import PREAMBLE
from playground.selftest.report import NAME_WIDTH, line, summary

EVERY = [attempt for attempts in ATTEMPTS.values() for attempt in attempts]
SNIPPETS = [attempt for attempt in EVERY if isinstance(attempt.attack, Snippet)]
FINDING = Finding("it is refused", Category.KERNEL, Outcome.STOPPED, ("seccomp",), ("EPERM",), 0.5)


def sources(attempt: Attempt) -> Iterator[str]:
    assert isinstance(attempt.attack, Snippet)
    for source in (attempt.attack.before, attempt.attack.beside, attempt.attack.source):
        yield PREAMBLE + textwrap.dedent(source)


def test_there_are_many_and_some_of_every_category() -> None:
    assert len(EVERY) >= 70
    assert list(ATTEMPTS) == list(Category)
    assert all(ATTEMPTS.values())


def test_their_names_are_their_own_and_fit_the_table() -> None:
    names = [attempt.name for attempt in EVERY]
    assert len(set(names)) == len(names)
    assert [name for name in names if len(name) > NAME_WIDTH] == []


@pytest.mark.parametrize("attempt", SNIPPETS, ids=lambda attempt: attempt.name)
def test_a_snippet_is_a_program_that_fits_into_a_request(attempt: Attempt) -> None:
    for source in sources(attempt):
        ast.parse(source)
        assert len(source.encode()) <= MAX_SOURCE_BYTES


def test_nothing_is_expected_that_anything_would_match() -> None:
    patterns = [(attempt.name, word) for attempt in EVERY for word in {**attempt.stops, **attempt.container}]
    assert [(name, word) for name, word in patterns if word.strip("*?") == ""] == []


def test_a_line_shows_what_stopped_it_and_where_nothing_did_what_was_met() -> None:
    assert line(FINDING).split() == ["stopped", "kernel", "it", "is", "refused", "seccomp"]
    unclear = Finding(FINDING.name, FINDING.category, Outcome.UNCLEAR, ("seccomp",), ("EPERM", "EIO"), 0.5)
    assert line(unclear).split() == ["UNCLEAR", "kernel", "it", "is", "refused", "EPERM,", "EIO"]


def test_friendly_snippets_are_counted_apart() -> None:
    friendly = Finding("friendly snippets are right", Category.KERNEL, Outcome.RIGHT, (), (), 0.6)
    assert summary([FINDING, friendly]) == "1 stopped, 1 right, in 1 s"


@pytest.mark.parametrize("outcome", Outcome)
def test_only_what_was_stopped_or_is_known_to_be_weaker_holds(outcome: Outcome) -> None:
    assert outcome.held == (outcome in {"stopped", "weaker", "right"})
