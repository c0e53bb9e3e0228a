"""The page in Chinese says everything that it says in English."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from playground.sandbox.tiers import TIERS
from playground.web.translation import CONTEXT
from tests.support.sentences import templates

ROOT = Path(__file__).parents[3]
CATALOGUES = sorted((ROOT / "playground/web/translations").glob("*/LC_MESSAGES/messages.po"))
PLACEHOLDER = re.compile(r"\{\w+\}|%\(\w+\)s")
MARKERS = ("_", "gettext", "lazy_gettext")


def _messages() -> Iterator[str]:
    for path in (ROOT / "templates").glob("*.html"):
        with path.open("rb") as opened:
            yield from (found[2] for found in babel_extract(opened, MARKERS, [], {}) if isinstance(found[2], str))
    for path in (ROOT / "playground/web").rglob("*.py"):
        with path.open("rb") as opened:
            yield from (str(found[1]) for found in extract("python", opened, dict.fromkeys(MARKERS)))
    for tier in TIERS.values():  # said on the page of limits
        yield from tier.weaker
        yield from (bound.name for bound in tier.bounds)


def _everything() -> Iterator[tuple[str | None, str]]:
    yield from ((None, message) for message in _messages())
    yield from ((CONTEXT, template) for template in templates(ROOT))


def _read(path: Path) -> Catalog:
    with path.open("rb") as opened:
        return read_po(opened)


def test_there_is_a_chinese_catalogue() -> None:
    assert [path.parts[-3] for path in CATALOGUES] == ["zh_Hans"]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_nothing_is_left_untranslated(path: Path) -> None:
    catalogue = _read(path)
    found = {(context, message): catalogue.get(message, context) for context, message in _everything()}
    assert len(found) > 400
    assert [message for message, entry in found.items() if entry is None or not entry.string or entry.fuzzy] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_translation_fills_in_what_the_original_does(path: Path) -> None:
    for entry in _read(path):
        if entry.id:
            assert set(PLACEHOLDER.findall(str(entry.string))) == set(PLACEHOLDER.findall(str(entry.id))), entry.id


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_nothing_is_translated_that_nobody_says(path: Path) -> None:
    said = set(_everything())
    assert [entry.id for entry in _read(path) if entry.id and (entry.context, entry.id) not in said] == []


def test_scripts_use_the_words_that_the_page_brings() -> None:
    brought = set(re.findall(r'"([\w. ]+)": [_"]', (ROOT / "templates/_strings.html").read_text()))
    scripts = "\n".join(path.read_text() for path in (ROOT / "static/src").rglob("*.js"))
    used = set(re.findall(r'\bt\("([\w.]+)"', scripts))
    assert len(used) > 50
    assert used <= brought
