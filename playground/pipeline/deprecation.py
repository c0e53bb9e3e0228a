"""TorchScript's deprecation: said once, as a finding on the line that uses it, not as noise on stderr."""

import sys
import warnings
from types import FrameType
from typing import TextIO

from torch.utils import _contextlib

from playground.contracts.events import Diagnostic
from playground.contracts.sentences import known, say
from playground.pipeline import compilers, observe
from playground.pipeline.program import FILENAME
from playground.pipeline.session import Session

PATTERN = r"`torch\.jit\."
_TORCHSCRIPT = "/torch/jit/"
_PASSED = {__file__, observe.__file__, warnings.__file__, _contextlib.__file__}
KNOWN = (
    known("`{name}` is deprecated. Please switch to `torch.compile` or `torch.export`."),
    known("`{name}` is deprecated. Please switch to `torch.export`."),
    known("`{name}` is deprecated. Please use `torch.compile` instead."),
)
"""What torch says, in torch/jit."""
HINT = say("torch.compile or torch.export do the same job today.")


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
        elif not said and (caller := _caller()):
            said.add(text)
            line_used = caller.f_lineno if caller.f_code.co_filename == FILENAME else None
            session.now(Diagnostic(kind="deprecation", line=line_used, message=text, hint=HINT))

    warnings.showwarning = show


def _caller() -> FrameType | None:
    """Who uses it: the snippet, or we on its behalf. Libraries do too, torch's compiler among them; that is theirs."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - the only way to a caller's line
    while frame and (frame.f_code.co_filename in _PASSED or _TORCHSCRIPT in frame.f_code.co_filename):
        frame = frame.f_back
    return frame if frame and frame.f_code.co_filename in {FILENAME, compilers.__file__} else None
