"""The chapter's program and its variants become what a careful human would write."""

import pytest

from playground.lowering.rewrite import rewrite
from tests.support.variants import LEVELS, Variant, table, variants

VARIANTS = variants()


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda one: one.title)
def test_each_pass_gives_what_a_careful_human_would(variant: Variant) -> None:
    made = rewrite(variant.written)
    assert [one.level for one in made.passes] == [*LEVELS]
    assert tuple(one.text.rstrip() for one in made.passes) == tuple(one.rstrip() for one in variant.passes)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda one: one.title)
def test_what_is_left_alone_says_why(variant: Variant) -> None:
    said = [f"# line {one.line}: {one.message}" for one in rewrite(variant.written).refusals]
    assert "\n".join(said) == variant.left_alone.rstrip()


def test_there_are_the_chapters_and_ten_more() -> None:
    assert len(VARIANTS) > 10
    inlined, folded, released = VARIANTS[0].passes
    assert "\nprint((1 + 2) + (3 + 4))\n" in inlined
    assert "\nprint(10)\n" in folded
    assert released == "print(10)\n"


def test_they_make_a_table() -> None:
    rows = table().splitlines()
    assert len(rows) == len(VARIANTS) + 2
    assert all(row.count("|") - row.count("&#124;") >= 5 for row in rows)
