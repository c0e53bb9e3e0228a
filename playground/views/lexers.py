"""Lexers for what Pygments does not know: listings of bytecode, and graphs as torch prints them.

Each pattern is of one line, bounded, and without nested repetition.
"""

from pygments.lexer import RegexLexer
from pygments.token import Comment, Keyword, Name, Number, String, Text, Whitespace


class BytecodeLexer(RegexLexer):  # type: ignore[misc]  # Pygments is not annotated
    """What ``dis`` prints."""

    name = "Python bytecode"
    tokens = {  # noqa: RUF012 - Pygments' way of saying it
        "root": [
            (r"\s+", Whitespace),
            (r"^(Disassembly of|ExceptionTable:)[^\n]*", Comment),
            (r"[A-Z][A-Z0-9]*_[A-Z0-9_]+\b|\b(?:CACHE|CALL|COPY|NOP|PRECALL|RESUME|SWAP|SEND|YIELD)\b", Keyword),
            (r"\([^)\n]{0,300}\)", String),
            (r">>|-->|->|<[^>\n]{0,300}>", Name.Label),
            (r"\d+", Number),
            (r"\w+", Text),
            (r".", Text),
        ]
    }


class GraphLexer(RegexLexer):  # type: ignore[misc]  # Pygments is not annotated
    """Graphs of TorchScript (``%y : Tensor = aten::mm(%x, %w)``) and of FX (``%y = call_function[target=...]``)."""

    name = "torch graph"
    tokens = {  # noqa: RUF012 - Pygments' way of saying it
        "root": [
            (r"\s+", Whitespace),
            (r"#[^\n]*", Comment),
            (r"[%$^][\w.]+", Name.Variable),
            (r"\b(?:graph|return|block\d*|placeholder|output|get_attr|call_\w+)\b", Keyword),
            (r"\w+::\w+", Name.Function),
            (
                r"\b(?:Tensor|Float|Double|Long|Int|Half|Bool|int|float|bool|str|NoneType|Device|List|Optional)\b",
                Keyword.Type,
            ),
            (r'"[^"\n]{0,300}"|\'[^\'\n]{0,300}\'', String),
            (r"\d[\w.+]*", Number),
            (r"\w+", Text),
            (r".", Text),
        ]
    }
