import pytest

from playground.views.numbers import duration


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0 ns"),
        (7, "7 ns"),
        (999, "999 ns"),
        (12_345, "12.3 µs"),
        (999_700, "1.00 ms"),
        (12_300_000, "12.3 ms"),
        (456_000_000, "456 ms"),
        (20_000_000_000, "20.0 s"),
    ],
)
def test_durations_are_written_as_the_page_writes_them(ns: int, text: str) -> None:
    assert duration(ns) == text
