"""Errors, by whose fault they are. One function in ``web.problems`` maps them to HTTP; our own never leak their text.

PlaygroundError
├── InvalidRequest          the client's: a field is wrong
├── TooLarge                the client's: the body is over the limit
├── NotFound                the client's: no such run, snippet or artefact
├── DeviceUnavailable       the operator's: nobody serves that device
├── NoCapacity              nobody's: full, try again
└── Unavailable             ours: the runner or the store does not answer
    └── Starting            nobody's: the runner will serve, and says what it still does
"""

from collections.abc import Sequence
from dataclasses import dataclass


class PlaygroundError(Exception):
    """Base of every error that a client may be told about; ``str(error)`` is fit to be shown."""


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field: its dotted path, and why."""

    field: str
    message: str


class InvalidRequest(PlaygroundError):
    """One or more fields are wrong."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{e.field}: {e.message}" for e in errors))
        self.errors = tuple(errors)


class TooLarge(PlaygroundError):
    """The body is over the limit."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"The request is larger than {limit_bytes:,} bytes.")
        self.limit_bytes = limit_bytes


class NotFound(PlaygroundError):
    """No such thing, or no longer."""


class DeviceUnavailable(PlaygroundError):
    """No worker serves the device asked for."""

    def __init__(self, device: str, available: Sequence[str]) -> None:
        there = ", ".join(available) or "none"
        super().__init__(f"No worker serves the device '{device}'. Devices there are: {there}.")
        self.device = device
        self.available = tuple(available)


class NoCapacity(PlaygroundError):
    """All sandboxes are busy and the queue is full."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"All sandboxes are busy and the queue is full. Try again in {retry_after_s} s.")
        self.retry_after_s = retry_after_s


class Unavailable(PlaygroundError):
    """A part of the service does not answer; it recovers by itself."""


class Starting(Unavailable):
    """The runner of a device does not serve yet: what it is doing, and for how many seconds it has been starting."""

    def __init__(self, device: str, step: str, since_s: int) -> None:
        super().__init__(f"The {device} runner is starting: it {step} ({since_s} s so far).")
        self.device = device
        self.step = step
        self.since_s = since_s
