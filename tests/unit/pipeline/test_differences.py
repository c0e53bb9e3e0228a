import pytest

from playground.pipeline.behaviour import Behaviour, Ended
from playground.pipeline.differences import differences

TRACEBACK = b"""Traceback (most recent call last):
  File "<snippet>", line 9, in <module>
    print(outer(1))
          ^^^^^^^^
  File "<snippet>", line 2, in outer
    return 1 / 0
ZeroDivisionError: division by zero
"""
INLINED = b"""Traceback (most recent call last):
  File "<snippet>", line 9, in <module>
ZeroDivisionError: division by zero
"""


def test_equal_runs_have_no_differences() -> None:
    assert differences(Behaviour(b"a", b"b", ended=Ended(0)), Behaviour(b"a", b"b", ended=Ended(0, wall_ns=7))) == ()


def test_a_call_that_was_inlined_has_no_frame() -> None:
    assert differences(Behaviour(stderr=TRACEBACK), Behaviour(stderr=INLINED)) == ()


@pytest.mark.parametrize("other", [INLINED.replace(b"by zero", b"by one"), INLINED + b"more\n", b""])
def test_but_what_a_traceback_says_counts(other: bytes) -> None:
    assert len(differences(Behaviour(stderr=TRACEBACK), Behaviour(stderr=other))) == 1


def test_everything_that_differs_is_said() -> None:
    ours = Behaviour(b"1\n2\n", b"", (("a", "x"),), Ended(0, shown="5"))
    theirs = Behaviour(b"1\n3\n", b"e", (("b", "x"),), Ended(1, "ValueError: no", shown=None))
    assert differences(ours, theirs) == (
        "Line 2 of stdout is '3' instead of '2'.",
        "Line 1 of stderr is 'e' instead of ''.",
        "It raises ValueError: no; the original ends.",
        "It displays nothing instead of '5'.",
        "The files that it leaves differ: a, b.",
    )


def test_a_long_line_is_quoted_in_part() -> None:
    (said,) = differences(Behaviour(b"x" * 500), Behaviour(b"y" * 500))
    assert len(said) < 250


def test_text_that_is_no_text_can_be_quoted() -> None:
    (said,) = differences(Behaviour(b"\xff"), Behaviour(b"\xfe"))
    assert said == r"Line 1 of stdout is '\xfe' instead of '\xff'."


def test_a_death_by_a_signal_has_its_name() -> None:
    ours = Behaviour(ended=Ended(0))
    assert differences(ours, Behaviour(code=-11)) == ("It is killed by SIGSEGV; the original ends.",)
    assert differences(ours, Behaviour(code=-50)) == ("It is killed by signal 50; the original ends.",)
