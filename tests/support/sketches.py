"""Programs as hypothesis makes them up: of every kind of statement, and with names that are used in all ways."""

from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "b", "c", "f", "g"])
INDENT = "    "
ATOMS = NAMES | st.sampled_from(["1", "-2", "'s'", "None", "[1, 2]", "()", "a.b", "a[0]", "a[b:]", "(lambda x: a + x)"])


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, inner)
    return (
        pairs.map(lambda p: f"({p[0]} + {p[1]})")
        | pairs.map(lambda p: f"({p[0]} < {p[1]})")
        | pairs.map(lambda p: f"({p[0]} if {p[1]} else a)")
        | pairs.map(lambda p: f"[{p[0]}, *{p[1]}]")
        | pairs.map(lambda p: f"{{{p[0]}: {p[1]}}}")
        | pairs.map(lambda p: f"[x + b for x in {p[0]} if {p[1]}]")
        | pairs.map(lambda p: f"print({p[0]}, {p[1]}, sep='')")
        | st.tuples(NAMES, inner).map(lambda p: f"{p[0]}({p[1]})")
        | st.tuples(NAMES, inner).map(lambda p: f"{p[0]}.append({p[1]})")
        | st.tuples(NAMES, inner).map(lambda p: f"({p[0]} := {p[1]})")
        | inner.map(lambda one: f"f'{{{one}}}'" if "'" not in one and "{" not in one and "\\" not in one else one)
    )


EXPRESSIONS = st.recursive(ATOMS, _combined, max_leaves=6)
TARGETS = NAMES | st.sampled_from(["a, b", "a, *b", "a.x", "a[0]", "a[b]", "a[b].x"])
SIMPLE = (
    EXPRESSIONS
    | st.tuples(TARGETS, EXPRESSIONS).map(lambda p: f"{p[0]} = {p[1]}")
    | st.tuples(NAMES, EXPRESSIONS).map(lambda p: f"{p[0]} += {p[1]}")
    | st.tuples(NAMES, EXPRESSIONS).map(lambda p: f"{p[0]}: int = {p[1]}")
    | NAMES.map(lambda name: f"del {name}")
    | EXPRESSIONS.map(lambda one: f"assert {one}")
    | EXPRESSIONS.map(lambda one: f"raise {one}")
    | st.sampled_from(["pass", "import torch", "from os import path as a", "a, b = b, a"])
)


def _indented(lines: str) -> str:
    return "\n".join(INDENT + line for line in lines.split("\n"))


def _holding(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, min_size=1, max_size=3).map("\n".join).map(_indented)
    leaving = st.sampled_from(["", f"\n{INDENT}return", f"\n{INDENT}return a"])
    jump = st.sampled_from(["", f"\n{INDENT}break", f"\n{INDENT}continue"])
    pairs = st.tuples(EXPRESSIONS, body, body)
    return (
        pairs.map(lambda p: f"if {p[0]}:\n{p[1]}\nelse:\n{p[2]}")
        | st.tuples(EXPRESSIONS, body, jump).map(lambda p: f"while {p[0]}:\n{p[1]}{p[2]}")
        | st.tuples(TARGETS, EXPRESSIONS, body, jump).map(lambda p: f"for {p[0]} in {p[1]}:\n{p[2]}{p[3]}")
        | st.tuples(body, body, body).map(lambda p: f"try:\n{p[0]}\nexcept E as a:\n{p[1]}\nfinally:\n{p[2]}")
        | st.tuples(EXPRESSIONS, body).map(lambda p: f"with {p[0]} as b:\n{p[1]}")
        | pairs.map(lambda p: f"match {p[0]}:\n    case [a, *c]:\n{_indented(p[1])}\n    case _:\n{_indented(p[2])}")
        | st.tuples(NAMES, body, leaving).map(lambda p: f"def {p[0]}(a, b=1):\n{p[1]}{p[2]}")
        | body.map(lambda one: f"def g(b):\n{INDENT}global c\n{one}")
        | body.map(lambda one: f"class A:\n{one}")
    )


def programs() -> st.SearchStrategy[str]:
    """A program that Python parses. It would hardly run."""
    statements = st.recursive(SIMPLE, _holding, max_leaves=8)
    return st.lists(statements, max_size=8).map("\n".join)
