"""Why something was refused, in the compiler's words, and the snippet's line that it names."""

import re
import traceback

from playground.contracts.sentences import caused
from playground.lowering.text import clean
from playground.pipeline.program import FILENAME

MAX_MESSAGE = 4_000
_NAMED = re.compile(rf'"{re.escape(FILENAME)}", line (\d+)')
"""How TorchScript, Dynamo and export quote the user's code: as a traceback does."""


class RefusedError(Exception):
    """A path that we refuse, with the reason as it is to be read."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


def words(error: BaseException) -> str:
    """What it is and what it says."""
    said = str(error) if isinstance(error, RefusedError) else caused(error)
    return clean(said, MAX_MESSAGE)


def line(error: BaseException) -> int | None:
    """The line that the message names last, else the last one that was being executed."""
    if isinstance(error, RefusedError):
        return error.line
    named = _NAMED.findall(str(error))
    executed = [number for frame, number in traceback.walk_tb(error.__traceback__) if _is_snippets(frame.f_code)]
    found = int(named[-1]) if named else executed[-1] if executed else None
    return found if found and found > 0 else None


def _is_snippets(code: object) -> bool:
    return getattr(code, "co_filename", None) == FILENAME
