"""Standard streams of a snippet: what Python prints travels in order with the events; descriptors 1 and 2 stay."""

import contextlib
import io
import sys
from collections.abc import Iterator
from typing import Any, Literal, Protocol


class Printer(Protocol):
    """What a ``Reporter`` can do with what is printed."""

    def output(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        """Print, as UTF-8 bytes that may be cut anywhere."""


class Raw(io.RawIOBase):
    """The binary stream under ``sys.stdout`` or ``sys.stderr``."""

    def __init__(self, reporter: Printer, stream: Literal["stdout", "stderr"]) -> None:
        self.reporter = reporter
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
        self.reporter.output(self._stream, view.tobytes())
        return view.nbytes


_streams: list[Raw] = []
"""Those in use; a snippet may hold the streams above them under other names."""


def redirect(reporter: Printer) -> None:
    """Make ``sys.stdout`` and ``sys.stderr`` send to the reporter, and ``sys.stdin`` read descriptor 0."""
    _streams.clear()
    for stream in ("stdout", "stderr"):
        raw = Raw(reporter, stream)
        _streams.append(raw)
        text = io.TextIOWrapper(raw, "utf-8", errors="backslashreplace", write_through=True)
        setattr(sys, stream, text)
        setattr(sys, f"__{stream}__", text)
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # type: ignore[misc]  # noqa: SIM115 - stays open


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """What runs once more, for us, prints nowhere: what it prints was printed when the snippet ran it."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def divert(reporter: Printer) -> None:
    """Let the same streams send elsewhere from now on, in a process forked from the one that has them."""
    for raw in _streams:
        raw.reporter = reporter


def flush() -> None:
    """Bring out what a replaced stream still holds; one that the snippet broke is the snippet's."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            continue
