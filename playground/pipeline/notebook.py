"""Lines that only a notebook understands: ``!command`` is run by the shell, ``%magic`` is refused by name.

Only a source that Python does not parse is looked at, so that an ordinary program costs nothing and keeps its meaning.
Of that, only lines that begin a statement: inside a string or a bracket, ``!`` and ``%`` are what they always are.
"""

import ast
import re

from playground.contracts.sentences import say

_NOTEBOOK_LINE = re.compile(r"[ \t]*(?:!(?P<command>(?:\\\r?\n|[^\r\n])*\S)|(?P<magic>%{1,2}[a-zA-Z]\w*))")
_CONTINUATION = re.compile(r"\\\r?\n")
_LINE_END = re.compile(r"\r\n|\r|\n")
_PIECE = re.compile(
    r'''
      (?P<line_end> \r\n | \r | \n )
    | (?P<opening> [(\[{] )
    | (?P<closing> [)\]}] )
    | \#[^\r\n]*
    | """ (?: \\. | [^\\] )*? (?: """ | \Z )
    | \'\'\' (?: \\. | [^\\] )*? (?: \'\'\' | \Z )
    | " (?: \\\r\n | \\. | [^"\\\r\n] )* "?
    | ' (?: \\\r\n | \\. | [^'\\\r\n] )* '?
    | \\ (?: \r\n | . )?
    | [^\#"'\\()\[\]{}\r\n]+
    ''',
    re.VERBOSE | re.DOTALL,
)
"""Enough of Python's lexical structure to know where a statement begins; its tokenizer stops where it is no Python."""


def translate(source: str) -> str:
    """The same program without notebook lines; line numbers stay.

    Raises:
        SyntaxError: there is a ``%magic``, which has no meaning here.
    """
    if "!" not in source and "%" not in source:
        return source
    return source if _is_python(source) else _translate_lines(source)


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _translate_lines(source: str) -> str:
    made: list[str] = []
    position, depth, fresh = 0, 0, True
    while position < len(source):
        line = _NOTEBOOK_LINE.match(source, position) if fresh and depth == 0 else None
        if line:
            made.append(_translate_line(line))
            position, fresh = line.end(), False
            continue
        piece = _PIECE.match(source, position)
        assert piece is not None  # noqa: S101 - the alternatives cover every character
        made.append(piece[0])
        depth = max(0, depth + bool(piece["opening"]) - bool(piece["closing"]))
        position, fresh = piece.end(), bool(piece["line_end"])
    return "".join(made)


def _translate_line(found: re.Match[str]) -> str:
    if found["magic"]:
        raise _refusal(found)
    indent = found[0].partition("!")[0]
    command, over = _CONTINUATION.subn("", found["command"])
    call = f"__import__('subprocess').run({command.strip()!r}, shell=True, check=False) and None"
    return indent + call + "\n" * over


def _refusal(found: re.Match[str]) -> SyntaxError:
    number = len(_LINE_END.findall(found.string, 0, found.start())) + 1
    line = _LINE_END.split(found.string[found.start() :], maxsplit=1)[0]
    message = say("A notebook's own command is not Python: {magic} does not exist here", magic=found["magic"])
    return SyntaxError(message, ("<snippet>", number, line.index("%") + 1, line, number, len(line) + 1))
