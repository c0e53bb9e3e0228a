"""The templates of what runs say, found in the sources."""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract

PLACE = "playground.contracts.sentences"
SAYS = f"from {PLACE} import"
MAKERS = ("say", "known")
TOLD = {"message", "reason", "hint", "why", "disturbance"}
"""What variables and arguments are called that a reader is shown."""


def templates(root: Path) -> set[str]:
    """Give all of them."""
    return {str(message) for path in _sources(root) for message in _said(path)}


def computed(root: Path) -> list[str]:
    """Give calls whose template cannot be read in the source."""
    return [
        f"{path.name}:{node.lineno}"
        for path in _sources(root)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS
        if not (node.args and isinstance(node.args[0], ast.Constant))
    ]


def unsaid(root: Path) -> Iterator[str]:
    """Give sentences that are made without ``say``, as far as names give them away."""
    for folder in ("pipeline", "lowering", "measure"):
        for path in sorted((root / "playground" / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                yield from (text for text in _told(node) if " " in text.strip())


def _sources(root: Path) -> list[Path]:
    found = [root / f"{PLACE.replace('.', '/')}.py"]
    return found + [path for path in (root / "playground").rglob("*.py") if SAYS in path.read_text(encoding="utf-8")]


def _said(path: Path) -> Iterator[object]:
    with path.open("rb") as opened:
        yield from (message for _, message, _, _ in extract("python", opened, dict.fromkeys(MAKERS)))


def _told(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.keyword(arg=str(name), value=value):
            yield from _texts(value) if name in TOLD else ()


def _texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
        case ast.BoolOp(values=parts):
            yield from (text for part in parts for text in _texts(part))
        case ast.IfExp(body=one, orelse=other):
            yield from (*_texts(one), *_texts(other))
