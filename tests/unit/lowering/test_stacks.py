import linecache
from collections.abc import Iterator

import pytest

from playground.lowering import stacks

SOURCE = "def f(x):\n    y = x + 1\n    return g(  y )\n"
STACK = """  File "<snippet>", line 3, in f
    return g(  y )
           ^^^^^^^
  File "/torch/nn/functional.py", line 9, in g
    return x
  File "<snippet>", line 2, in g
    y = x + 1
        ~~^~~
"""


@pytest.fixture(autouse=True)
def source() -> Iterator[None]:
    lines = [f"{line}\n" for line in SOURCE.splitlines()]
    linecache.cache["<snippet>"] = (len(SOURCE), None, lines, "<snippet>")
    yield
    del linecache.cache["<snippet>"]


def test_the_snippets_frames_are_found_to_the_character_the_innermost_first() -> None:
    assert stacks.places(STACK) == ((2, 8, 2, 13), (3, 11, 3, 18))


def test_without_marks_it_is_the_whole_line() -> None:
    assert stacks.places('  File "<snippet>", line 2, in f\n    y = x + 1\n') == ((2, 4, 2, 13),)


def test_a_line_that_is_not_known_is_a_line_without_columns() -> None:
    assert stacks.places('  File "<snippet>", line 9, in f\n') == ((9, 0, 9, 0),)


def test_a_frame_that_is_written_is_read_as_it_was_meant() -> None:
    place = (3, 11, 3, 18)
    assert stacks.places(stacks.frame(place, "f")) == (place,)
    whole = (2, 4, 2, 13)
    assert "^" not in stacks.frame(whole, "f")
    assert stacks.places(stacks.frame(whole, "f")) == (whole,)


def test_a_stack_that_passes_the_snippet_may_end_elsewhere() -> None:
    inside = '  File "<snippet>", line 2, in f\n  File "/torch/x.py", line 1, in g\n'
    assert stacks.ends_elsewhere(inside)
    assert not stacks.ends_elsewhere(STACK)
    assert not stacks.ends_elsewhere('  File "/torch/x.py", line 1, in g\n')
