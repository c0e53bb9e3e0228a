"""TorchScript's deprecation: said once, as a finding on the line that uses it, not as noise on stderr."""

import sys
import warnings
from types import FrameType
from typing import TextIO

from playground.contracts.events import Diagnostic
from playground.pipeline.program import FILENAME
from playground.pipeline.session import Session

PATTERN = r"`torch\.jit\."
HINT = "torch.compile or torch.export do the same job today."


def watch(session: Session) -> None:
    """Turn the warnings that name ``torch.jit`` into one diagnostic; every other warning goes where it went."""
    warnings.filterwarnings("always", message=PATTERN, category=DeprecationWarning)
    original = warnings.showwarning
    said: set[str] = set()

    def show(  # noqa: PLR0913, PLR0917 - the signature of warnings.showwarning
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        text = str(message)
        if not (issubclass(category, DeprecationWarning) and text.startswith("`torch.jit.")):
            original(message, category, filename, lineno, file, line)
        elif "torch.jit" not in said:
            said.add("torch.jit")
            session.now(Diagnostic(kind="deprecation", line=_line(), message=text, hint=HINT))

    warnings.showwarning = show


def _line() -> int | None:
    """The snippet's innermost line that is running."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - the only way to a caller's line
    while frame and frame.f_code.co_filename != FILENAME:
        frame = frame.f_back
    return frame.f_lineno if frame else None
