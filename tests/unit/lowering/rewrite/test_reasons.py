"""What is left alone says why, on its line, in words that a student understands."""

import pytest

from playground.lowering.rewrite import Refusal, rewrite

F = "def f(x):\n    return x + 1\n"
CASES = [
    (F + "print(f(1))\nf = abs\n", 3, "`f` is not inlined: it may be rebound on line 4"),
    (F + "def g():\n    global f\n    f = abs\nprint(f(1))\n", 6, "`f` is not inlined: it may be rebound on line 5"),
    ("@print\n" + F + "f(1)\n", 4, "`f` is not inlined: a decorator may have put another function in its place"),
    ("def f(*x):\n    return x\nprint(f(a))\n", 3, "`f` is not inlined: it takes any number of arguments"),
    ("def f(x):\n    yield x\nprint(f(1))\n", 3, "`f` is not inlined: it is a generator"),
    ("async def f(x):\n    return x\nf(1)\n", 3, "`f` is not inlined: it is a coroutine, whose body runs later"),
    (
        "def f(x):\n    return f(x)\nf(1)\n",
        2,
        "`f` is not inlined: it may call itself, and Python limits how deep calls go",
    ),
    ("if a:\n    def f(): return 1\nf()\n", 3, "`f` is not inlined: it is defined only under a condition"),
    (F + "print(f(1, 2))\n", 3, "`f` is not inlined: the call's arguments can't be matched to its parameters here"),
    (
        "def f(x):\n    if x:\n        print(x)\n        return 1\n    return 2\nf(a)\n",
        6,
        "`f` is not inlined: it returns from the middle, on line 4",
    ),
    ("x = 2 ** 100_000\n", 1, "`2 ** 100000` is not computed ahead of time: the result would be too large"),
    ("x = 1 // 0\n", 1, "`1 // 0` is not computed ahead of time: it raises `ZeroDivisionError`"),
    (
        "x = 1\nexec('x = 2')\nprint(x)\n",
        2,
        "Nothing is rewritten: `exec` can see the program's own names, code or objects",
    ),
    ("from math import *\n", 1, "Nothing is rewritten: `from math import *` may bind any name"),
    ("import inspect\n", 1, "Nothing is rewritten: `inspect` may look at the program's own names and code"),
    (
        "import sys\nsys._getframe()\n",
        2,
        "Nothing is rewritten: `._getframe` can see the program's own names, code or frames",
    ),
    (
        "a = []\nprint(a is a)\n",
        2,
        "Nothing is rewritten: `is` asks which object a value is, and equal values may become one",
    ),
    (
        "def f(): return 1\nf.__code__ = 2\n",
        2,
        "Nothing is rewritten: `.__code__` can see the program's own names, code or frames",
    ),
    ("setattr(print, 'a' + 'b', 1)\n", 1, "Nothing is rewritten: `setattr` takes a name that is not known here"),
    (
        "getattr(print, '__globals__')\n",
        1,
        "Nothing is rewritten: a text names `__globals__`, which belongs to the machinery of Python",
    ),
]


def refusals(source: str) -> list[tuple[int, str]]:
    return [(one.line, one.message) for one in rewrite(source).refusals]


@pytest.mark.parametrize(("source", "line", "message"), CASES, ids=[message for _, _, message in CASES])
def test_a_reason(source: str, line: int, message: str) -> None:
    assert (line, message) in refusals(source)


def test_a_program_that_looks_at_itself_stays_as_it_is() -> None:
    source = F + "print(f(1), sorted(globals()))\n"
    made = rewrite(source)
    assert [one.text for one in made.passes] == [source] * 3
    assert not any(one.changed for one in made.passes)


def test_values_that_say_when_they_are_freed_live_as_long_as_they_did() -> None:
    source = (
        "class A:\n    def __del__(self):\n        print('freed')\ndef f(a):\n    b = a\n    return 1\nprint(f(A()))\n"
    )
    message = "`f` is not inlined: line 2 makes it visible when values are freed, and its own are freed when it returns"
    assert (7, message) in refusals(source)


def test_functions_that_torch_reads_stay_as_they_are() -> None:
    source = "import torch\n" + F + "def g(x):\n    return f(x) + 2 * 3\ntorch.compile(g)\nprint(f(1))\n"
    assert rewrite(source).text.replace("\n\n", "\n") == source.replace("print(f(1))", "print(2)")


def test_large_values_are_let_go_of_where_more_is_to_come() -> None:
    body = ["x = torch.ones(n)", "y = x + 1", "z = y * y", "return z.sum()"]
    source = "import torch\ndef f(n):\n" + "".join(f"    {line}\n" for line in body) + "h = f\nprint(h(2))\n"
    lines = ["x = torch.ones(n)", "y = x + 1", "del x", "z = y * y", "del y", "return z.sum()"]
    assert [line.strip() for line in rewrite(source).text.splitlines()[2:8]] == lines


def test_a_name_that_somebody_reads_afterwards_is_kept() -> None:
    source = F + "y = f(1)\n"
    assert rewrite(source).text == ""
    assert rewrite(source, kept=frozenset({"f", "y"})).text == F + "\ny = 2\n"


def test_a_name_that_somebody_else_rebinds_is_not_followed() -> None:
    source = F + "x = 1\nchange()\nprint(x, f(2))\n"
    assert "print(1, 3)" in rewrite(source).text
    made = rewrite(source, kept=frozenset({"x"}), rebound=frozenset({"x", "f"}))
    assert "print(x, f(2))" in made.text
    assert (5, "`f` is not inlined: other code that runs with the program may rebind it") in [
        (one.line, one.message) for one in made.refusals
    ]


def test_a_builtin_that_somebody_else_replaced_is_none() -> None:
    assert rewrite("print(len('ab'))\n").text == "print(2)\n"
    assert rewrite("print(len('ab'))\n", bound=frozenset({"len"})).text == "print(len('ab'))\n"


def test_a_refusal_may_have_a_reason_and_a_hint() -> None:
    (only,) = rewrite("from math import *\n").refusals
    assert only == Refusal(1, only.message, "star_import", only.hint)
