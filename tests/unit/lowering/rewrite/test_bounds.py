"""However large or hostile a program is, a pass does bounded work, and says what it left. No clock is asked."""

import pytest

from playground.lowering.rewrite import rewrite

MOST_GROWTH = 60_000
LIMIT = 65_536


def chain(operator: str, count: int) -> str:
    return "x = " + operator.join(["a"] * count)


def doubling(count: int, body: str) -> str:
    first = "def f0(x):\n    return x + x\n"
    return first + "".join(f"def f{i}(x):\n    return {body.format(i - 1)}\n" for i in range(1, count))


TOO_LARGE = {
    "a power": "print(10 ** 10 ** 10)",
    "a tower of powers": "x = 2 ** 2 ** 2 ** 2 ** 2 ** 2",
    "a shift": "x = 1 << 10 ** 9",
    "a shifted boolean": "x = True << 10 ** 9",
    "a repeated text": "x = 'a' * 10 ** 9",
    "a repeated list": "x = [0] * 10 ** 9",
    "a range": "print(sum(range(10 ** 10)))",
    "a number in a range": "print(1.5 in range(10 ** 9))",
    "a power of very large numbers": f"print(pow(0x{'f' * 9_000}, 0x{'f' * 9_000}, 0x{'f' * 9_000}))",
    "texts that grow": "s = 'a'\n" + "s = s + s\n" * 100,
    "numbers that grow": "n = 3\n" + "n = n * n\n" * 100,
    "a value within itself": "def f():\n x = ()\n for i in range(100):\n  x = (x, x)\n return x\nprint(f())",
    "a loop": "t = 0\nfor i in range(10 ** 12):\n    t += i",
}
TOO_MANY_STEPS = {
    "a loop without end": "while True:\n    pass",
    "a long loop": "t = 0\nfor i in range(2_000):\n    for j in range(2_000):\n        t += i",
    "fibonacci": "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nprint(fib(35))",
    "a comprehension": "print([a for a in range(2000) for b in range(2000) for c in range(2000)])",
    "functions that double": doubling(60, "f{0}(f{0}(x))") + "print(f59(1))",
}
TOO_DEEP = {
    "signs": "x = " + "-" * 3_000 + "1",
    "a sum": chain(" + ", 5_000),
    "lists": "x = " + "[" * 150 + "]" * 150,
    "calls": "x = " + "f(" * 90 + "1" + ")" * 90,
    "a short sum": chain(" + ", 100),
}
BOUNDED = {
    "functions that call twice": doubling(60, "f{0}(x) + f{0}(x)") + "print(f59(a))",
    "functions that give lists": doubling(40, "[f{0}(x), f{0}(x)]") + "print(f39(1))",
    "functions that call each other": "def a(n): return b(n)\ndef b(n): return a(n)\na(1)",
    "loops within loops": "".join("    " * i + f"for x{i} in range(16):\n" for i in range(15))
    + "    " * 15
    + "print(x0)",
    "whiles within whiles": "".join("    " * i + f"while y{i}:\n" for i in range(19)) + "    " * 19 + "z = z + 1",
    "many loops": "\n".join(f"for i in range(16):\n    print(i, {k})" for k in range(900)),
    "many calls": "def f(x): return x + 1\nprint(" + ", ".join(["f(a)"] * 5_000) + ")",
    "many names": "\n".join(f"x{i} = {i}" for i in range(3_000)),
    "many operands": chain(" or ", 12_000),
    "many statements": "x = 1;" * 6_000,
    "a wide number": "x = 5\nprint(f'{x:>1000000000}', '%1000000000d' % x, '{:{}}'.format(x, 10 ** 9))",
    "a list in itself": "def f():\n    x = []\n    x.append(x)\n    return x\nprint(len(f()))",
    "a list in a list in a list": "def f():\n x = []\n for i in range(900):\n  x = [x]\n return x\nprint(f())",
    "much recursion": "def f(n):\n    return 0 if n == 0 else f(n - 1)\n"
    + "\n".join(f"print(f({i}))" for i in range(900)),
}


def reasons(source: str) -> set[str | None]:
    assert len(source) < LIMIT
    made = rewrite(source)
    assert max(len(one.text) for one in made.passes) < len(source) + MOST_GROWTH
    return {one.reason for one in made.refusals}


def messages(source: str) -> str:
    return "\n".join(one.message for one in rewrite(source).refusals)


@pytest.mark.parametrize("source", TOO_LARGE.values(), ids=TOO_LARGE)
def test_nothing_large_is_computed(source: str) -> None:
    assert reasons(source) <= {"not_computed", "left_out", "recursion", "not_inlinable"}
    assert "the result would be too large" in messages(source)


@pytest.mark.parametrize("source", TOO_MANY_STEPS.values(), ids=TOO_MANY_STEPS)
def test_nothing_long_is_computed(source: str) -> None:
    assert "not_computed" in reasons(source)
    assert "it would take too many steps" in messages(source)


@pytest.mark.parametrize("source", TOO_DEEP.values(), ids=TOO_DEEP)
def test_what_is_nested_too_deep_is_left_alone(source: str) -> None:
    assert reasons(source) == {"too_deep"}
    assert rewrite(source).text == source


@pytest.mark.parametrize("source", BOUNDED.values(), ids=BOUNDED)
def test_a_program_grows_only_so_far(source: str) -> None:
    reasons(source)


def test_a_long_program_is_rewritten() -> None:
    part = "def area_{0}(w, h):\n    return w * h\n\nx_{0} = area_{0}({0}, 2)\nprint('area', x_{0})\n"
    source = "".join(part.format(i) for i in range(400))
    assert source.count("\n") == 2_000
    assert rewrite(source).text.splitlines() == [f"print('area', {2 * i})" for i in range(400)]


def test_a_program_that_is_too_long_says_so() -> None:
    assert reasons("x=1;" * 16_000) == {"too_long"}


def test_steps_are_for_the_whole_program() -> None:
    source = "def f(n):\n    s = 0\n    for i in range(n):\n        s += i\n    return s\nprint(f(100), f(101), f(102))"
    assert rewrite(source).text == "print(4950, 5050, 5151)\n"
    assert "too many steps" in "".join(one.message for one in rewrite(source, steps=500).refusals)


@pytest.mark.parametrize("source", ["x = (", "return 1", "x = 1\n  y = 2", "\x00"])
def test_what_is_no_program_raises_as_python_does(source: str) -> None:
    with pytest.raises((SyntaxError, ValueError)):
        rewrite(source)


@pytest.mark.parametrize("source", ["", "\n\n", "# only this", "\ufeffprint(1 + 1)\n", "x = 1\r\nprint(x)\r\n", "pass"])
def test_what_is_hardly_a_program_is_one(source: str) -> None:
    compile(rewrite(source).text, "<program>", "exec")
