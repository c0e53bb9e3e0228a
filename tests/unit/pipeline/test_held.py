"""Programs followed in a process of their own, as ``held`` asks for."""

import ast
from textwrap import dedent

from playground.lowering.lifetimes import lifetimes
from playground.pipeline import held
from playground.pipeline.held import Held, follow
from playground.pipeline.isolation import apart

FANCY = """
import torch
def fancy_func(a, b):
    e = a + b
    f = a - b
    g = e * f
    return g
x = torch.ones(1000)
y = fancy_func(x, x)
del x
z = y[0]
"""


def followed(source: str, **limits: float) -> Held:
    source = dedent(source)
    code, lives = compile(source, "<program>", "exec"), lifetimes(ast.parse(source))

    def steps() -> list[Held]:
        for name, value in limits.items():
            setattr(held, name, value)
        return [follow(code, {"__name__": "__main__"}, lives)]

    (seen,) = apart(steps)
    return seen


def test_tensors_are_seen_where_they_are_bound() -> None:
    seen = followed(FANCY)
    assert seen.complete
    assert seen.sizes == {
        ("fancy_func", "a", 3): 4000,
        ("fancy_func", "b", 3): 4000,
        ("fancy_func", "e", 4): 4000,
        ("fancy_func", "f", 5): 4000,
        ("fancy_func", "g", 6): 4000,
        ("<module>", "x", 8): 4000,
        ("<module>", "y", 9): 4000,
        ("<module>", "z", 11): 4000,
    }


def test_the_most_at_a_time_counts_each_tensor_once() -> None:
    seen = followed(FANCY)
    assert (seen.peak_bytes, seen.line) == (16_000, 6)  # x, e, f, g


def test_what_is_released_earlier_makes_the_peak_lower() -> None:
    released = FANCY.replace("    return g", "    del e, f\n    return g").replace("    g = e * f", "    g = e * f")
    assert followed(released).peak_bytes == 16_000
    sooner = FANCY.replace("    f = a - b\n    g = e * f", "    e = e.sum()\n    g = a * e")
    assert followed(sooner).peak_bytes < 16_000


def test_a_loop_is_seen_at_its_largest() -> None:
    seen = followed("for n in (10, 4_000, 20):\n    s = 'a' * n\n")
    assert seen.sizes[("<module>", "s", 2)] > 4_000


def test_a_program_that_takes_long_is_not_followed_to_its_end() -> None:
    seen = followed("s = 'a' * 5_000\nwhile True:\n    pass", MAX_EVENTS=1_000)
    assert not seen.complete
    assert seen.sizes
    assert not followed("import time\ns = 'a' * 5_000\ntime.sleep(60)", MAX_S=0.2).complete


def test_a_program_that_raises_is_followed_until_then() -> None:
    seen = followed("s = 'a' * 5_000\nraise SystemExit(3)")
    assert (seen.complete, list(seen.sizes)) == (False, [("<module>", "s", 1)])


def test_names_of_others_are_not_the_programs() -> None:
    assert followed("import torch\nfrom torch import nn\nnn.Linear(10, 10)(torch.ones(1, 10))").peak_bytes == 0


def test_small_values_are_not_worth_a_word() -> None:
    seen = followed("a = 1\nb = 'x'\nc = [1, 2]")
    assert (seen.sizes, seen.peak_bytes, seen.complete) == ({}, 0, True)
