"""Highlights generated code: HTML by the line, so that a page can link each line to where it came from."""

from collections.abc import Iterator
from functools import cache, lru_cache
from html import escape

from pygments.lexer import Lexer
from pygments.lexers.asm import GasLexer
from pygments.lexers.c_cpp import CppLexer
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

from playground.contracts.events import AnyEvent, Code
from playground.contracts.result import Result
from playground.views.lexers import BytecodeLexer, GraphLexer

MAX_CHARS = 100_000
"""Longer texts stay plain: reading colors in them is not worth the server's time."""
KEPT = 64
"""Texts remembered: a shared run is shown again and again."""

LEXERS: dict[str, type[Lexer]] = {
    "python": PythonLexer,
    "ast": PythonLexer,
    "torchscript": PythonLexer,
    "triton": PythonLexer,
    "bytecode": BytecodeLexer,
    "graph": GraphLexer,
    "cpp": CppLexer,
    "c++": CppLexer,
    "asm": GasLexer,
    "assembly": GasLexer,
}
"""By ``code.language``; others are plain text."""

CLASSES: dict[_TokenType, str] = {
    Comment: "c",
    Comment.Preproc: "cp",
    Keyword: "k",
    Keyword.Type: "kt",
    Name.Builtin: "nb",
    Name.Class: "nc",
    Name.Constant: "m",
    Name.Decorator: "nd",
    Name.Function: "nf",
    Name.Label: "nl",
    Name.Variable: "nv",
    Number: "m",
    Operator.Word: "k",
    String: "s",
}
"""Pygments' own short names; what is not here, with what is below it, is not colored."""


class HighlightedCode(Code):
    """A program with its lines as HTML beside its text."""

    html: tuple[str, ...]


def highlighted(event: AnyEvent) -> AnyEvent:
    """Give an event with its HTML, if it is of code."""
    if not isinstance(event, Code):
        return event
    return HighlightedCode.model_construct(**dict(event), html=lines(event.text, event.language))


def highlighted_result(result: Result) -> Result:
    """Give a result whose code has its HTML."""
    return result.model_copy(update={"code": tuple(highlighted(code) for code in result.code)})


@lru_cache(maxsize=KEPT)
def lines(text: str, language: str) -> tuple[str, ...]:
    """Turn code into one piece of HTML per line, each whole in itself: every span that opens in it closes in it."""
    text = text.replace("\r\n", "\n").replace("\r", " ").removesuffix("\n")
    lexer = LEXERS.get(language)
    if lexer is None or len(text) > MAX_CHARS:
        return tuple(escape(line, quote=False) for line in text.split("\n"))
    found = [""]
    for name, piece in _pieces(lexer(stripnl=False, ensurenl=False), text):
        first, *rest = piece.split("\n")
        found[-1] += _span(name, first)
        found += [_span(name, line) for line in rest]
    return tuple(found)


def _pieces(lexer: Lexer, text: str) -> Iterator[tuple[str, str]]:
    """Split text into pieces with their classes, neighbours of one class joined."""
    last, held = "", ""
    for token, value in lexer.get_tokens(text):
        name = class_of(token)
        if name == last:
            held += value
        else:
            yield last, held
            last, held = name, value
    yield last, held


@cache
def class_of(token: _TokenType) -> str:
    """Find the class of a token, or of what it is a kind of."""
    kind: _TokenType | None = token
    while kind is not None:
        if kind in CLASSES:
            return CLASSES[kind]
        kind = kind.parent
    return ""


def _span(name: str, text: str) -> str:
    html = escape(text, quote=False)
    return f'<span class="{name}">{html}</span>' if name and html.strip() else html
