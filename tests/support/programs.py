"""Makes up whole programs: functions, calls, arithmetic, branches, loops, mutation, exceptions, closures, prints.

Every program ends, and soon: loops are counted, functions call only those defined before them, and powers and shifts
of what may be large are left out. Most of what is made up fits
together, so that programs get far; a part does not, so that they also raise. What a program prints shows the order in
which things happened.
"""

from collections.abc import Callable, Sequence
from typing import Any

NUMBERS = ("a", "b", "c", "x", "y", "total", "n")
LISTS = ("xs", "ys")
TEXTS = ("s", "word")
FUNCTIONS = ("f", "g", "h", "add", "step")
INTEGERS = ("0", "1", "2", "3", "-1", "10", "7")
ODD = ("2.5", "-0.0", "True", "None", "'s'", "(1, 2)", "[1]", "1e300", "2 ** 90", "{}")
ERRORS = ("ValueError", "TypeError", "ZeroDivisionError", "Exception", "NameError", "IndexError")
BEGIN = """\
def say(value, label='say'):
    print(label, value)
    return value
a, b, c, n, total = 1, 2, 3, 4, 0
x = y = 5
xs, ys = [1, 2, 3], []
s, word = 'ab', ''
"""
LOUD = """\
class Loud:
    def __init__(self, value):
        self.value = value
    def __add__(self, other):
        print("add", self.value, other)
        return Loud(self.value)
    def __radd__(self, other):
        print("radd", other, self.value)
        return 7
    def __bool__(self):
        print("bool", self.value)
        return bool(self.value)
    def __repr__(self):
        return f"Loud({self.value!r})"
    def __eq__(self, other):
        print("eq", self.value)
        return self.value == other
    def __hash__(self):
        return 1
    def __iadd__(self, other):
        print("iadd", self.value, other)
        return self
"""


class Maker:
    """Makes up one program, asking ``choose`` for each decision."""

    def __init__(self, choose: Callable[[Sequence[Any]], Any]) -> None:
        self._choose = choose
        self._defined: dict[str, list[str]] = {"say": ["value", "label='label'"]}
        self._loops = 0
        self._in_function = False
        self._loud = False

    def program(self) -> str:
        """The text of a program."""
        self._loud = self._one_in(3)
        parts = [LOUD] if self._loud else []
        parts.append(BEGIN)
        for _ in range(self._choose(range(2, 10))):
            parts += [self._function()] if self._one_in(3) else self._statement(2)
        if self._one_in(2):
            parts.append(f"print({', '.join((*NUMBERS, *LISTS, *TEXTS))})")
        elif self._one_in(2):
            parts.append(self._any(1) + self._choose(["", ";"]))
        return "\n".join(parts) + "\n"

    def _pick(self, options: Sequence[str]) -> str:
        chosen: str = self._choose(options)
        return chosen

    def _one_in(self, number: int) -> bool:
        return not self._choose(range(number))

    # Statements

    def _function(self) -> str:
        name = self._choose(FUNCTIONS)
        parameters = list(dict.fromkeys(self._choose(NUMBERS[:5]) for _ in range(self._choose(range(4)))))
        names = list(parameters)
        if parameters and self._one_in(3):
            parameters[-1] += f"={self._integer(0)}"
        self._in_function = True
        body: list[str] = []
        free = [one for one in NUMBERS if one not in names]
        if self._one_in(6):
            body.append(f"global {self._choose(free)}")
        elif self._one_in(2):
            body.append(f"{self._choose(free)} = {self._integer(1)}")
        for _ in range(self._choose(range(4))):
            body += self._statement(2)
        if not self._one_in(5):
            body.append(f"return {self._any(2)}")
        self._in_function = False
        self._defined[name] = parameters
        decorator = "@(lambda one: one)\n" if self._one_in(15) else ""
        return decorator + f"def {name}({', '.join(parameters)}):\n" + _indented(body or ["pass"])

    def _statement(self, depth: int) -> list[str]:
        makers: list[Callable[[int], list[str]]] = [
            self._assign,
            self._assign,
            self._assign,
            self._print,
            self._print,
            self._augment,
            self._alone,
            self._mutate,
        ]
        if depth:
            makers += [self._if, self._if, self._for, self._for, self._while, self._try, self._leaving, self._nested]
            makers += [self._delete, self._unpack, self._with_match]
        made: list[str] = self._choose(makers)(depth)
        return made

    def _block(self, depth: int) -> str:
        lines: list[str] = []
        for _ in range(self._choose(range(1, 4))):
            lines += self._statement(depth - 1)
        return _indented(lines)

    def _assign(self, _depth: int) -> list[str]:
        if self._one_in(10):
            return [f"{self._choose(NUMBERS)} = {self._choose(NUMBERS)} = {self._integer(1)}"]
        if self._one_in(6):
            return [f"{self._choose(LISTS)} = {self._list(1)}"]
        if self._one_in(6):
            return [f"{self._choose(TEXTS)} = {self._text(1)}"]
        return [f"{self._choose(NUMBERS)} = {self._any(2)}"]

    def _unpack(self, _depth: int) -> list[str]:
        return [f"{self._choose(NUMBERS)}, {self._choose(NUMBERS)} = {self._integer(1)}, {self._integer(1)}"]

    def _print(self, _depth: int) -> list[str]:
        return [f"print({self._any(2)}, {self._any(1)})"]

    def _augment(self, _depth: int) -> list[str]:
        if self._one_in(4):
            return [f"{self._choose(LISTS)} += {self._list(1)}"]
        if self._one_in(4):
            return [f"{self._choose(TEXTS)} += {self._text(1)}"]
        return [f"{self._choose(NUMBERS)} {self._choose(['+', '-', '*'])}= {self._integer(1)}"]

    def _mutate(self, _depth: int) -> list[str]:
        name = self._choose(LISTS)
        return [
            self._choose(
                [
                    f"{name}.append({self._integer(1)})",
                    f"{name} = {self._choose(LISTS)}",
                    f"{name}[0] = {self._integer(1)}",
                    f"{name}[{self._integer(0)}] += {self._integer(0)}",
                    f"{name}.pop()",
                ]
            )
        ]

    def _alone(self, _depth: int) -> list[str]:
        return [self._call(1)]

    def _delete(self, _depth: int) -> list[str]:
        return (
            [f"del {self._choose(NUMBERS)}"] if self._one_in(6) else [f"{self._choose(NUMBERS)} = {self._integer(0)}"]
        )

    def _if(self, depth: int) -> list[str]:
        text = f"if {self._test(1)}:\n{self._block(depth)}"
        if self._one_in(5):
            text += f"\nelif {self._test(1)}:\n{self._block(depth)}"
        if self._one_in(2):
            text += f"\nelse:\n{self._block(depth)}"
        return [text]

    def _for(self, depth: int) -> list[str]:
        sources = [
            f"range({self._choose(range(5))})",
            "[1, 2, 3]",
            "(4, 5)",
            "range(n)",
            self._choose(LISTS),
            self._list(1),
        ]
        source = self._choose(sources)
        target = self._choose(NUMBERS)
        if self._one_in(6):
            source, target = f"enumerate({source})", f"{target}, {self._choose(NUMBERS)}"
        source = f"{source}[:5]" if source in LISTS else source
        text = f"for {target} in {source}:\n{self._block(depth)}{self._leave()}"
        if self._one_in(5):
            text += f"\nelse:\n{self._block(depth)}"
        return [text]

    def _while(self, depth: int) -> list[str]:
        self._loops += 1
        counter = f"i{self._loops}"
        most = self._choose(range(5))
        test = self._choose([f"{counter} < {most}", f"{counter} < {most} and {self._test(1)}"])
        return [f"{counter} = 0", f"while {test}:\n    {counter} += 1\n{self._block(depth)}{self._leave()}"]

    def _leave(self) -> str:
        if not self._one_in(3):
            return ""
        return f"\n    if {self._test(1)}:\n        {self._choose(['break', 'continue'])}"

    def _try(self, depth: int) -> list[str]:
        text = f"try:\n{self._block(depth)}\n    {self._choose(NUMBERS)} = {self._odd(1)}"
        text += f"\nexcept {self._choose(ERRORS)} as error:\n    print(type(error).__name__, error)"
        if self._one_in(3):
            text += f"\n{self._block(depth)}"
        if self._one_in(5):
            text += f"\nelse:\n{self._block(depth)}"
        if self._one_in(4):
            text += f"\nfinally:\n{self._block(depth)}"
        return [text]

    def _leaving(self, depth: int) -> list[str]:
        if not self._in_function:
            return self._print(depth)
        return [f"if {self._test(1)}:\n    return {self._any(1)}"]

    def _with_match(self, depth: int) -> list[str]:
        if not self._one_in(3):
            return self._print(depth)
        name = self._choose(NUMBERS)
        text = f"match {self._integer(1)}:\n    case 1 | 2:\n" + _indented([self._block(depth)])
        return [text + f"\n    case {name} if {self._test(1)}:\n" + _indented([self._block(depth)])]

    def _nested(self, _depth: int) -> list[str]:
        """A closure, called at once."""
        free = self._choose(NUMBERS)
        if self._in_function and self._one_in(3):
            inner = f"def inner(q=1):\n    nonlocal {free}\n    {free} = q\n    return q"
            return [f"{free} = {self._integer(1)}", inner, f"print(inner(3), {free})"]
        return [f"inner = lambda q: ({free}, q)", f"{free} = {self._integer(1)}", f"print(inner({self._integer(1)}))"]

    # Expressions

    def _any(self, depth: int) -> str:
        kind = self._choose(range(20))
        if kind == 0:
            return self._odd(depth)
        if kind == 1:
            return self._text(depth)
        if kind == 2:
            return self._list(depth)
        if kind == 3:
            return self._test(depth)
        return self._integer(depth)

    def _odd(self, depth: int) -> str:
        """Something that may not fit where it stands."""
        if self._loud and self._one_in(2):
            return f"Loud({self._pick([*INTEGERS, *NUMBERS])})"
        if depth and self._one_in(2):
            operator = self._choose(["+", "-", "*", "//", "%", "/", "&", "<", "=="])
            return f"({self._odd(depth - 1)} {operator} {self._integer(depth - 1)})"
        return self._pick(ODD)

    def _integer(self, depth: int) -> str:
        if self._one_in(40):
            return self._odd(depth)
        if depth == 0 or self._one_in(4):
            return self._pick([*INTEGERS, *NUMBERS])
        kind = self._choose(range(12))
        depth -= 1
        if kind < 5:
            return f"({self._integer(depth)} {self._choose(['+', '-', '*', '+', '//', '%'])} {self._integer(depth)})"
        if kind < 8:
            return self._call(depth)
        return self._rarer(kind, depth)

    def _rarer(self, kind: int, depth: int) -> str:
        if kind == 8:
            return f"({self._integer(depth)} if {self._test(depth)} else {self._integer(depth)})"
        if kind == 9:
            return f"{self._choose(['len', 'sum', 'max', 'min'])}({self._list(depth)})"
        if kind == 10:
            return f"({self._choose(NUMBERS)} := {self._integer(depth)})"
        return self._pick(
            [
                f"({self._list(depth)} or [0])[0]",
                f"-{self._integer(depth)}",
                f"abs({self._integer(depth)})",
                f"int({self._text(depth)} or 3)",
            ]
        )

    def _test(self, depth: int) -> str:
        kind = self._choose(range(8))
        inner = max(0, depth - 1)
        if kind < 4:
            return f"({self._integer(inner)} {self._choose(['<', '==', '>=', '!='])} {self._integer(inner)})"
        if kind == 4:
            return f"({self._integer(inner)} in {self._list(inner)})"
        if kind == 5 and depth:
            return f"({self._test(inner)} {self._choose(['and', 'or'])} {self._test(inner)})"
        if kind == 6:
            return f"({self._integer(inner)} < {self._integer(inner)} <= {self._integer(inner)})"
        return f"not {self._integer(inner)}"

    def _list(self, depth: int) -> str:
        kind = self._choose(range(6))
        if kind == 0 and depth:
            source = self._choose(["range(3)", "[1, 2]", self._choose(LISTS)])
            return f"[{self._integer(depth - 1)} for {self._choose(NUMBERS)} in {source}]"
        if kind == 1:
            return f"[{self._integer(0)}, {self._integer(0)}]"
        if kind == 2:
            return f"list(range({self._choose(range(4))}))"
        if kind == 3 and depth:
            return f"sorted({self._list(depth - 1)})"
        return self._pick([*LISTS, "[]", "[3]"])

    def _text(self, depth: int) -> str:
        kind = self._choose(range(6))
        if kind == 0:
            return f"f'{{{self._choose(NUMBERS)}}}-{{{self._integer(0)}!r:>4}}'"
        if kind == 1 and depth:
            return f"str({self._integer(depth - 1)})"
        if kind == 2 and depth:
            return f"({self._text(depth - 1)} + {self._text(depth - 1)})"
        if kind == 3:
            return f"','.join(str(q) for q in {self._list(0)})"
        return self._pick([*TEXTS, "'s'", "''", "'x y'"])

    def _call(self, depth: int) -> str:
        name = self._choose(sorted(self._defined))
        parameters = self._defined[name]
        least = sum("=" not in one for one in parameters)
        count = self._choose(range(least, len(parameters) + 1))
        if self._one_in(25):
            count += self._choose([-1, 1])
        given = [self._any(depth) if self._one_in(4) else self._integer(depth) for _ in range(count)]
        if given and count <= len(parameters) and self._one_in(5):
            given[-1] = f"{parameters[count - 1].partition('=')[0]}={given[-1]}"
        return f"{name}({', '.join(given)})"


def _indented(lines: list[str]) -> str:
    return "\n".join(f"    {line}" for one in lines for line in one.split("\n"))
