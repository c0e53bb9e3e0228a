import pytest

from playground.contracts.request import Level
from playground.lowering.listing import MAX_BYTES, Columns, Listing


def test_neighbouring_lines_from_one_place_share_a_span() -> None:
    listing = Listing()
    for text, place in (("a", (1, 0, 1, 3)), ("b", (1, 0, 1, 3)), ("c", None), ("d", (1, 4, 1, 5))):
        listing.add(text, place)
    code = listing.code(Level.AST, "Title", "ast")
    assert code.map == ((1, 1, 1, 2), (1, 1, 4, 4))
    assert code.columns == ((1, 0, 1, 3, 1, 2), (1, 4, 1, 5, 4, 4))


def test_the_limit_is_in_bytes_and_what_is_over_it_is_counted() -> None:
    listing = Listing()
    line = "图" * 1000
    for _ in range(100):
        listing.add(line, (1, 0, 1, 1))
    code = listing.code(Level.AST, "Title", "ast")
    assert len(code.text.encode()) <= MAX_BYTES
    assert len(code.text.encode()) + 1 + code.truncated_bytes == 100 * 3001
    assert listing.is_full
    assert code.map[-1][3] == code.text.count("\n") + 1


@pytest.mark.parametrize("inside", ["\u2028", "\x0b", "\x85", "\x1c", "\u2029"])
def test_only_what_python_calls_the_end_of_a_line_ends_one(inside: str) -> None:
    source = f"a = '图{inside}'\nb = '图'; c"
    assert Columns(source).place(2, 11, 2, 12) == (2, 9, 2, 10)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_end_of_a_line_counts_once(end: str) -> None:
    assert Columns(f"a{end}{end}图; b").place(3, 5, 3, 6) == (3, 3, 3, 4)
