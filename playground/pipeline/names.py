"""The names that a snippet and the programs that it builds may have in common."""

import ast
from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """Of a snippet.

    Args:
        bound: those that it may have bound before a program of its runs, in whatever namespace; rather too many.
        read: those that it may read after a program of its has run.
    """

    bound: frozenset[str]
    read: frozenset[str]


def names_of(tree: ast.Module) -> Names:
    """The names of a snippet. A text that is a name may become one: a key of a namespace, say."""
    bound: set[str] = set()
    read: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
            case ast.Name(id=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.alias(name=name, asname=other):
                bound.add((other or name).partition(".")[0])
            case ast.Attribute(attr=name):
                read.add(name)
            case ast.Constant(value=str(text)) if text.isidentifier():
                bound.add(text)
                read.add(text)
    return Names(frozenset(bound), frozenset(read))
