"""The built-in snippets as files; what they do is tested inside real walls (tests/sandbox/test_examples.py)."""

from pathlib import Path

import pytest

import playground.examples
from playground.contracts.request import Mode
from playground.examples import ORDER, Example, examples

FOLDER = Path(playground.examples.__file__).parent


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def test_every_file_of_the_folder_is_shown_once() -> None:
    assert sorted(ORDER) == sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))


def test_every_mode_has_an_example() -> None:
    assert {example.mode for example in examples()} == set(Mode)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.slug)
def test_its_titles_are_of_their_language_and_its_program_is_bare(example: Example) -> None:
    assert is_chinese(example.titles["zh-Hans"])
    assert not is_chinese(example.titles["en"])
    assert not example.source.startswith(("#", "\n"))
    assert example.source.endswith("\n")
    assert example.source.count("\n") <= 30
