"""The built-in snippets do what their titles promise, in the mode that they name, inside real walls."""

import pytest

from playground.contracts.events import Status
from playground.contracts.result import Result
from playground.examples import Example, examples
from tests.support.runner import Bench

ENDS_IN_ERROR = {"error": ("ZeroDivisionError", 2)}


LIGHT = {"compilers": ["script", "trace", "freeze"]}
"""g++ needs more memory than the small limits of these tests; compiling has tests of its own."""


def run(bench: Bench, example: Example) -> Result:
    options = LIGHT if example.mode == "compare" else {}
    return bench.run(example.source, example.mode, stdin="one\ntwo\n", options=options)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.slug)
def test_it_ends_as_it_should_and_shows_its_levels(bench: Bench, example: Example) -> None:
    result = run(bench, example)
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
