"""Ids: short, the same for the same content, never two for one."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from playground.contracts.request import Mode, RunOptions
from playground.store.base import Shareable
from playground.store.ids import ALPHABET, SHORTEST, candidates, canonical, digest

WELL_FORMED = st.text(st.characters(exclude_categories=["Cs"]))


def number_of(text: str) -> int:
    """Read base58, the other way round."""
    total = 0
    for character in text:
        total = total * 58 + ALPHABET.index(character)
    return total


@given(text=WELL_FORMED)
def test_a_digest_is_sha_256_in_base58(text: str) -> None:
    assert number_of(digest(text)) == int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def test_the_alphabet_has_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == 58
    assert not set(ALPHABET) & set("0OIl")


def test_candidates_are_prefixes_from_the_shortest_on() -> None:
    whole = digest("x")
    found = list(candidates(whole))
    assert [len(one) for one in found] == list(range(SHORTEST, len(whole) + 1))
    assert all(whole.startswith(one) for one in found)


def test_the_canonical_text_does_not_depend_on_how_it_was_said() -> None:
    said = Shareable(source="é", mode=Mode.HYBRID)
    again = Shareable.model_validate({"options": {"target": None}, "mode": "hybrid", "stdin": None, "source": "é"})
    assert canonical(said) == canonical(again) == '{"device":"cpu","mode":"hybrid","options":{},"source":"é"}'


@given(source=WELL_FORMED, threads=st.integers(1, 64))
def test_the_canonical_text_reads_back(source: str, threads: int) -> None:
    said = Shareable(source=source, mode=Mode.COMPARE, options=RunOptions(threads=threads), layout={"b": 1, "a": None})
    again = Shareable.model_validate_json(canonical(said))
    assert (again.source, again.options.threads, again.layout) == (source, threads, {"b": 1, "a": None})


def test_a_link_stays_what_it_was() -> None:
    content = canonical(Shareable(source="print(10)", mode=Mode.IMPERATIVE))
    assert next(candidates(digest(content))) == "CCVQy8XDvg3"
