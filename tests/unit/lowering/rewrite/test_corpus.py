"""Small programs by feature of the language: rewritten, each does what it did."""

import re
from pathlib import Path

import pytest

from tests.support.rewriting import difference

CORPUS = Path(__file__).parent / "corpus"
LEAST = 250


def programs() -> list[tuple[str, str]]:
    found = []
    for path in sorted(CORPUS.glob("*.py")):
        for part in re.split(r"^# %% ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, _, text = part.partition("\n")
            found.append((f"{path.stem}: {title}", text))
    return found


PROGRAMS = programs()


def test_there_are_many_and_each_has_its_own_title() -> None:
    assert len({title for title, _ in PROGRAMS}) == len(PROGRAMS) >= LEAST


@pytest.mark.parametrize("text", [text for _, text in PROGRAMS], ids=[title for title, _ in PROGRAMS])
def test_a_program_behaves_as_it_did(text: str) -> None:
    assert difference(text) is None
