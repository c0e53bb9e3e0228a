import ast

import pytest

from playground.contracts.events import Code
from playground.lowering import syntax


def lower(source: str) -> Code:
    return syntax.lower(ast.parse(source), source)


def test_the_tree_is_indented_and_small_nodes_stand_on_one_line() -> None:
    assert lower("x = a + 1").text.splitlines() == [
        "Module",
        "  body:",
        "    Assign",
        "      targets:",
        "        Name('x')",
        "      value: BinOp",
        "        left: Name('a')",
        "        op: Add",
        "        right: Constant(1)",
    ]


def test_a_node_is_linked_to_its_characters() -> None:
    source = "名 = 'é' + b"
    code = lower(source)
    line = code.text.splitlines().index("        right: Name('b')") + 1
    (place,) = [span[:4] for span in code.columns if span[4] <= line <= span[5]]
    assert source[place[1] : place[3]] == "b"


def test_a_node_that_spans_lines_is_linked_to_all_of_them() -> None:
    code = lower("f(\n  1,\n)")
    assert (1, 3) in {span[:2] for span in code.map}


@pytest.mark.parametrize(
    "source",
    [
        "async def f(*a, k=1, **kw) -> int:\n    async with x as y, z: await y",
        "match x:\n    case {'a': [1, *rest], **more} if rest: pass\n    case P(y=2) | None: ...",
        "class C(B, metaclass=M):\n    @property\n    def x(self): return f'{self!r:>{10}}'",
        "try: pass\nexcept* (A, B) as e: raise X from e\nfinally: del y[1:2, ...]",
        "lambda x, /, y: (yield x)\n[i for i in j if k for l in m]\nglobal q",
        "from . import a as b, c\nx: int = 3j; y @= b'z'",
    ],
)
def test_every_kind_of_node_can_be_shown(source: str) -> None:
    code = lower(source)
    names = {type(node).__name__ for node in ast.walk(ast.parse(source))} - {"Load", "Store", "Del"}
    assert not [name for name in names if name not in code.text]


@pytest.mark.parametrize("source", ["x = " + " + ".join("abc" * 300), "x" + ".y" * 900], ids=["sum", "attributes"])
def test_a_tree_deeper_than_the_recursion_limit_is_shown(source: str) -> None:
    code = lower(source)
    assert code.text.startswith("Module\n  body:\n")
    assert code.truncated_bytes > 0
    assert code.map[-1][3] <= code.text.count("\n") + 1
