"""Programs that nobody wrote: rewritten, each does what it did. ``make fuzz`` tries thousands."""

import ast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.lowering.rewrite import rewrite
from tests.support.programs import Maker
from tests.support.rewriting import difference

INDEX = [st.nothing(), *(st.integers(0, number) for number in range(60))]
"""Made once: what chooses from so many is asked for hundreds of times per program."""


def compiles(text: str) -> bool:
    try:
        compile(text, "<program>", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


@st.composite
def made_up(draw: st.DrawFn) -> str:
    return Maker(lambda options: options[draw(INDEX[len(options)])]).program()


programs = made_up().filter(compiles)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example])
@given(programs)
def test_a_program_behaves_as_it_did(text: str) -> None:
    assert difference(text) is None


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(programs)
def test_maps_lead_from_lines_that_are_there_to_lines_that_are_there(text: str) -> None:
    lines, before = len(text.splitlines()), len(text.splitlines())
    for one in rewrite(text).passes:
        after = len(one.text.splitlines())
        assert all(1 <= a <= b <= lines and 1 <= c <= d <= after for a, b, c, d in one.map)
        assert all(1 <= a <= b <= before and 1 <= c <= d <= after for a, b, c, d in one.before)
        assert {c for _, _, c, _ in one.before} >= {
            node.lineno for node in ast.walk(ast.parse(one.text)) if isinstance(node, ast.stmt)
        }
        before = after
