"""Highlights generated code: HTML by the line, so that a page can link each line to where it came from.

What comes out of a sandbox may be made to be slow: Pygments needs 78 s for 20,000 empty lines of C++. So texts with
endless lines or endless emptiness stay plain, and there is a limit of processor time for each text and each answer.
"""

import re
import time
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
KEPT = 32
"""Texts remembered: a shared run is shown again and again."""
TEXT_S = 0.5
ANSWER_S = 1.0
ENDLESS = re.compile(r"[^\n]{1001}|(?:\n[ \t]{0,100}){50}")
"""What makes a lexer look far ahead from every place: its time grows with the square of this."""

LEXERS: dict[str, type[Lexer]] = {
    "python": PythonLexer,
    "ast": PythonLexer,
    "torchscript": PythonLexer,
    "triton": PythonLexer,
    "guards": PythonLexer,
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


class Highlighter:
    """Highlights what goes into one answer, while there is time for it."""

    def __init__(self) -> None:
        self._left_s = ANSWER_S

    def event(self, event: AnyEvent) -> AnyEvent:
        """Give an event with its HTML, if it is of code."""
        return self.code(event) if isinstance(event, Code) else event

    def code(self, code: Code) -> HighlightedCode:
        """Give code with its HTML."""
        began = time.thread_time()
        html = lines(code.text, code.language) if self._left_s > 0 else plain(code.text)
        self._left_s -= time.thread_time() - began
        return HighlightedCode.model_construct(**dict(code), html=html)

    def result(self, result: Result) -> Result:
        """Give a result whose code has its HTML."""
        return result.model_copy(update={"code": tuple(self.code(code) for code in result.code)})


@lru_cache(maxsize=KEPT)
def lines(text: str, language: str) -> tuple[str, ...]:
    """Turn code into one piece of HTML per line, each whole in itself: every span that opens in it closes in it."""
    lexer = LEXERS.get(language)
    whole = _counted(text)
    if lexer is None or len(whole) > MAX_CHARS or ENDLESS.search(whole):
        return plain(text)
    found = [""]
    for name, piece in _pieces(lexer(), whole + "\n"):  # some lexers know the end of a line only by its break
        first, *rest = piece.split("\n")
        found[-1] += _span(name, first)
        found += [_span(name, line) for line in rest]
    return tuple(found[:-1])


def plain(text: str) -> tuple[str, ...]:
    """Turn a text into lines of HTML without any color."""
    return tuple(escape(line, quote=False) for line in _counted(text).split("\n"))


def _counted(text: str) -> str:
    """Leave only the line breaks that a page counts."""
    return text.replace("\r\n", "\n").replace("\r", " ").removesuffix("\n")


def _pieces(lexer: Lexer, text: str) -> Iterator[tuple[str, str]]:
    """Split text into pieces with their classes, neighbours of one class joined; what is late has none."""
    deadline = time.thread_time() + TEXT_S
    last, start = "", 0
    for index, token, _ in lexer.get_tokens_unprocessed(text):
        late = time.thread_time() > deadline
        name = "" if late else class_of(token)
        if name != last:
            yield last, text[start:index]
            last, start = name, index
        if late:
            break
    yield last, text[start:]


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
