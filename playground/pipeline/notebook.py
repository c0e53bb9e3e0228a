"""Lines that only a notebook understands: ``!command`` is run by the shell, ``%magic`` is refused by name.

Only a source that Python does not parse is looked at, so that an ordinary program costs nothing and keeps its meaning.
"""

import ast
import re

_SHELL = re.compile(r"^(?P<indent>\s*)!(?P<command>.+)$")
_MAGIC = re.compile(r"^\s*%{1,2}(?P<name>[a-z]\w*)")


def translate(source: str) -> str:
    """The same program without notebook lines; line numbers stay.

    Raises:
        SyntaxError: there is a ``%magic``, which has no meaning here.
    """
    if "!" not in source and "%" not in source:
        return source
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return _translate_lines(source)
    return source


def _translate_lines(source: str) -> str:
    lines = source.split("\n")
    translated = [_translate_line(line, number) for number, line in enumerate(lines, start=1)]
    return "\n".join(translated)


def _translate_line(line: str, number: int) -> str:
    if shell := _SHELL.match(line):
        command = shell["command"].strip()
        return f"{shell['indent']}__import__('subprocess').run({command!r}, shell=True, check=False) and None"
    if magic := _MAGIC.match(line):
        message = f"%{magic['name']} is a notebook's own command, not Python; it does not exist here"
        raise SyntaxError(message, ("<snippet>", number, 1, line, number, len(line) + 1))
    return line
