"""The chapter's program and its variants reach the form that a careful human would write; the document says so."""

import ast
import re
from pathlib import Path

import pytest

from benchmarks.rewriting import duration, essence
from benchmarks.variants import VARIANTS, Variant
from playground.lowering import rewrite

DOCUMENT = Path(__file__).parents[3] / "benchmarks" / "REWRITING.md"


def built(variant: Variant) -> str:
    """The program that a variant is, or that it builds."""
    if "exec(" not in variant.source:
        return variant.source
    names: dict[str, str] = {}
    tree = ast.parse(variant.source)
    exec(compile(ast.Module(tree.body[:-1], []), "<variant>", "exec"), names)
    return names["prog"]


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_a_variant_reaches_the_form_that_a_human_would_write(variant: Variant) -> None:
    assert rewrite.rewrite(built(variant)).text == variant.wanted


def test_there_are_ten_variants_beside_the_chapters_program() -> None:
    assert len({variant.source for variant in VARIANTS}) > 10


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_the_document_shows_every_variant_as_it_is_now(variant: Variant) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    shown = f"```python\n{variant.source}```\n\nbecomes\n\n```python\n{variant.wanted}```"
    assert shown in text
    (row,) = [line for line in text.split("\n") if line.startswith(f"| {variant.name} |")]
    assert row.endswith("| same |")
    before, after = re.findall(r"(\d+) → (\d+)", row)[0]
    assert int(before) > int(after)


def test_what_is_essential_is_what_runs() -> None:
    assert (
        essence("import os\ndef f():\n    return 1\n\nfor x in y:\n    f()\nprint(1)\n")
        == "for x in y:\n    f()\nprint(1)"
    )


def test_durations_have_three_digits() -> None:
    assert [duration(ns) for ns in (12, 1_234, 5_678_901)] == ["12 ns", "1.23 µs", "5.68 ms"]
