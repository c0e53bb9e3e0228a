"""The built-in snippets do what their titles promise, in the mode that they name, inside real walls."""

import pytest

from playground.contracts.events import Status
from playground.examples import Example, examples
from tests.support.runner import Bench

ENDS_IN_ERROR = {"error": ("ZeroDivisionError", 2)}


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.slug)
def test_it_ends_as_it_should_and_shows_its_levels(bench: Bench, example: Example) -> None:
    result = bench.run(example.source, example.mode, stdin="one\ntwo\n")
    if example.slug in ENDS_IN_ERROR:
        assert result.error is not None
        assert (result.error.error_type, result.error.line) == ENDS_IN_ERROR[example.slug]
    else:
        assert result.status is Status.OK, result.error
    assert result.code or result.verdicts
    assert result.output or result.displays


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.slug)
def test_it_has_a_title_in_both_languages_and_fits_on_a_screen(example: Example) -> None:
    assert set(example.titles) == {"en", "zh-Hans"}
    assert all(example.titles.values())
    assert example.source.count("\n") <= 40
