"""The chapter's program and variants of it, each with the form that a careful human would write instead."""

from dataclasses import dataclass

_ADD = """\
def add(a, b):
    return a + b

"""
_FANCY = f"""\
{_ADD}def fancy_func(a, b, c, d):
    e = add(a, b)
    f = add(c, d)
    g = add(e, f)
    return g

"""


@dataclass(frozen=True)
class Variant:
    """A program. ``wanted`` is its last form."""

    name: str
    source: str
    wanted: str


VARIANTS = (
    Variant("the chapter's program", _FANCY + "print(fancy_func(1, 2, 3, 4))\n", "print(10)\n"),
    Variant(
        "the same, built as a string",
        f"prog = '''\n{_FANCY}'''\nprog += 'print(fancy_func(1, 2, 3, 4))'\nexec(compile(prog, '', 'exec'))\n",
        "print(10)\n",
    ),
    Variant(
        "one argument is known only when it runs",
        "import random\n\n" + _FANCY + "n = random.randint(1, 6)\nprint(fancy_func(n, 2, 3, 4))\n",
        "import random\n\nn = random.randint(1, 6)\nprint((n + 2) + 7)\n",
    ),
    Variant(
        "tensors: the input is let go",
        "import torch\n\n" + _FANCY + "x = torch.ones(1000)\ny = fancy_func(x, x, x, x)\nprint(y.sum())\n",
        "import torch\n\nx = torch.ones(1000)\ny = (x + x) + (x + x)\ndel x\nprint(y.sum())\n",
    ),
    Variant(
        "keywords and defaults",
        "def scale(x, by=2, plus=0):\n    return x * by + plus\n\n"
        "print(scale(3), scale(3, plus=1), scale(by=10, x=4))\n",
        "print(6, 7, 40)\n",
    ),
    Variant(
        "calls within calls",
        _ADD + "def double(x):\n    return add(x, x)\n\ndef quadruple(x):\n    return double(double(x))\n\n"
        "print(quadruple(3))\n",
        "print(12)\n",
    ),
    Variant(
        "recursion over a known value",
        "def factorial(n):\n    if n < 2:\n        return 1\n    return n * factorial(n - 1)\n\nprint(factorial(5))\n",
        "print(120)\n",
    ),
    Variant(
        "a loop over known values",
        "def total(n):\n    s = 0\n    for i in range(n):\n        s = s + i\n    return s\n\nprint(total(5))\n",
        "print(10)\n",
    ),
    Variant(
        "a loop until something holds",
        "def gcd(a, b):\n    while b:\n        a, b = b, a % b\n    return a\n\nprint(gcd(48, 36))\n",
        "print(12)\n",
    ),
    Variant(
        "a branch that is never taken",
        'DEBUG = False\n\ndef show(x):\n    if DEBUG:\n        print("showing", x)\n    print(x)\n\nshow(1 + 2)\n',
        "print(3)\n",
    ),
    Variant(
        "arguments that print keep their order",
        'def first(a, b):\n    return a\n\ndef say(x):\n    print("say", x)\n    return x\n\n'
        "print(first(say(1), say(2)))\n",
        "print('say', 1)\nprint('say', 2)\nprint(1)\n",
    ),
    Variant(
        "texts",
        'def greet(name, mark="!"):\n    return f"Hello, {name}{mark}"\n\nprint(greet("world"), greet("you", "?"))\n',
        "print('Hello, world!', 'Hello, you?')\n",
    ),
    Variant(
        "comprehensions and builtins",
        "def square(x):\n    return x * x\n\nprint([square(n) for n in range(4)], sum(square(n) for n in range(4)))\n",
        "print([0, 1, 4, 9], 14)\n",
    ),
    Variant(
        "intermediate values",
        "def norm(x, y):\n    xx = x * x\n    yy = y * y\n    return (xx + yy) ** 0.5\n\nprint(norm(3, 4))\n",
        "print(5.0)\n",
    ),
)
