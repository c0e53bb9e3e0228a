"""Standard streams of a snippet: what Python prints travels in order with the events; descriptors 1 and 2 stay."""

import io
import sys
from typing import Any, Literal

from playground.contracts.wire import Reporter


class Raw(io.RawIOBase):
    """The binary stream under ``sys.stdout`` or ``sys.stderr``."""

    def __init__(self, reporter: Reporter, stream: Literal["stdout", "stderr"]) -> None:
        self._reporter = reporter
        self._stream = stream
        self.name = f"<{stream}>"
        self.mode = "wb"

    def writable(self) -> bool:
        """It is."""
        return True

    def fileno(self) -> int:
        """The descriptor that C code and subprocesses write to."""
        return 1 if self._stream == "stdout" else 2

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer; the type has a name from Python 3.12 on
        """Send everything at once: nothing that was printed is lost when the process dies right after."""
        view = memoryview(data)
        self._reporter.output(self._stream, view.tobytes())
        return view.nbytes


def redirect(reporter: Reporter) -> None:
    """Make ``sys.stdout`` and ``sys.stderr`` send to the reporter, and ``sys.stdin`` read descriptor 0."""
    for stream in ("stdout", "stderr"):
        raw = Raw(reporter, stream)
        text = io.TextIOWrapper(raw, "utf-8", errors="backslashreplace", write_through=True)
        setattr(sys, stream, text)
        setattr(sys, f"__{stream}__", text)
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # type: ignore[misc]  # noqa: SIM115 - stays open


def flush() -> None:
    """Bring out what a replaced stream still holds; one that the snippet broke is the snippet's."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            continue
