"""Programs for the ladder of torch.compile, by feature; and what of each level leads where.

A comment ``#: mul relu`` names the operators of ATen that its line becomes; each leaves ``result``, which is compared.
"""

import re
import textwrap
from dataclasses import dataclass, field

from playground.contracts.events import Code

MARK = re.compile(r"#: ([\w ]+)")
ATEN = re.compile(r"= torch\.ops\.aten\.(\w+?)_?\.")
HEAD = "import torch\nfrom torch import nn\ntorch.manual_seed(0)\n"
DIGEST = """
import hashlib
def _digest(value):
    if isinstance(value, torch.Tensor):
        data = value.detach().contiguous().reshape(-1).view(torch.uint8)
        return str(value.dtype) + str(tuple(value.shape)) + hashlib.sha256(bytes(data.tolist())).hexdigest()
    if isinstance(value, dict):
        return str({key: _digest(one) for key, one in value.items()})
    if isinstance(value, (list, tuple)):
        return str([_digest(one) for one in value])
    return repr(value)
print(_digest(result))
"""


@dataclass(frozen=True)
class Program:
    """One program; what it should show besides the links that its comments ask for."""

    feature: str
    source: str
    backend: str = "aot_eager"
    graphs: int = 1
    breaks: tuple[int, ...] = ()
    """Lines of graph breaks."""
    recompiles: int = 0
    backward: bool = False
    error: str = ""
    extra: frozenset[str] = field(default_factory=frozenset)
    """Levels besides those that the backend makes."""

    @property
    def whole(self) -> str:
        """The program with what compares its result."""
        return self.source if self.error else self.source + DIGEST

    @property
    def marks(self) -> dict[str, set[int]]:
        """Lines by operator."""
        found: dict[str, set[int]] = {}
        for number, line in enumerate(self.source.splitlines(), start=1):
            marked = MARK.search(line)
            for name in marked[1].split() if marked else ():
                found.setdefault(name, set()).add(number)
        return found


def program(feature: str, source: str, **expected: object) -> Program:
    """A program whose ``BACKEND`` is filled in."""
    text = HEAD + textwrap.dedent(source).lstrip("\n")
    backend = str(expected.get("backend", "aot_eager"))
    return Program(feature, text.replace("BACKEND", f'"{backend}"'), **expected)  # type: ignore[arg-type]  # its fields


def linked(code: Code) -> dict[int, list[int]]:
    """Lines of the program by line of the level, the closest first."""
    found: dict[int, list[int]] = {}
    for first, last, code_first, code_last in code.map:
        for number in range(code_first, code_last + 1):
            found.setdefault(number, []).extend(range(first, last + 1))
    return found


def operators(code: Code) -> list[tuple[str, int]]:
    """Operators of ATen in a graph, with the numbers of their lines."""
    rows = enumerate(code.text.splitlines(), start=1)
    return [(found[1], number) for number, row in rows if (found := ATEN.search(row))]
