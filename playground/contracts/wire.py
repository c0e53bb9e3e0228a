"""The two wires: between the web tier and a runner, and between a runner and a sandbox.

Web to runner: one JSON object per line over a Unix stream socket. A line in is a ``Command``; out comes a ``Reply`` per
line: events until ``finished`` (after ``accepted`` alone for a detached run), or exactly one of another kind. Then the
connection may be used again. Closing it before means that nobody listens any more.

Sandbox to runner: ``SOCK_SEQPACKET`` messages, a tag byte and a payload (``Tag``); an event longer than a message is
sent in parts. What is printed comes through a pipe per stream, the same for Python, C code and subprocesses: so the
kernel keeps their order. Nothing that arrives is trusted.
"""

from enum import Enum
from typing import Annotated, Literal, Protocol

from pydantic import Field, TypeAdapter

from playground.contracts.events import AnyEvent, Environment, Limit, SaidInside
from playground.contracts.request import Device, Frozen, RunRequest

MAX_LINE_BYTES = 32 * 2**20
"""A longest line between web and runner: one code level at its limit, escaped."""


class Run(Frozen):
    """Run this, and send its events."""

    op: Literal["run"] = "run"
    request: RunRequest
    detached: bool = False
    """With True the answer ends after ``accepted``; the events wait for an ``attach``."""
    gathered: bool = False
    """With True events may come late, many at once: nobody shows them one by one, and each sending costs."""
    run_id: str | None = Field(None, pattern="^[0-9a-f]{32}$")
    """Of a run that a runner has accepted that died before it began. One that is known is not run again."""


class Attach(Frozen):
    """Send the events of a run after the one with id ``after``, those that come included."""

    op: Literal["attach"] = "attach"
    run_id: str
    after: int = Field(0, ge=0)


class Cancel(Frozen):
    """Stop a run; the answer ends when it has stopped."""

    op: Literal["cancel"] = "cancel"
    run_id: str


class Fetch(Frozen):
    """Say where an artefact of a run lies."""

    op: Literal["fetch"] = "fetch"
    run_id: str
    name: str


class Recall(Frozen):
    """Say what a run was asked to do."""

    op: Literal["recall"] = "recall"
    run_id: str


class Describe(Frozen):
    """Say what is served, and how."""

    op: Literal["describe"] = "describe"


Command = Run | Attach | Cancel | Fetch | Recall | Describe
COMMAND: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="op")])


class Startup(Frozen):
    """What a runner does before it serves, and since when it has been starting."""

    device: Device
    step: str
    since_s: int = Field(ge=0)


class Refused(Frozen):
    """Not done, and why. ``internal`` is the runner's own fault."""

    type: Literal["refused"] = "refused"
    kind: Literal["no_capacity", "not_found", "invalid", "unavailable", "starting", "internal"]
    message: str
    retry_after_s: int | None = None
    startup: Startup | None = None
    """With ``starting``."""


class Bound(Frozen):
    """How much a run may use of something, and what holds it to that."""

    name: str
    value: float
    unit: str
    holds: str


class Description(Frozen):
    """What a runner serves, and how."""

    type: Literal["description"] = "description"
    device: Device
    tier: Literal["full", "container", "unconfined"]
    """Which walls a run is behind: one page each in ``sandbox/tiers``."""
    weaker: tuple[str, ...]
    """What the tier does not do."""
    bounds: tuple[Bound, ...]
    environment: Environment
    limits: tuple[Limit, ...]
    libraries: dict[str, str]
    ready: int = Field(ge=0)
    running: int = Field(ge=0)
    queued: int = Field(ge=0)
    concurrency: int = Field(ge=1)
    queue_size: int = Field(ge=0)


class File(Frozen):
    """An artefact, as a path that the web tier may read."""

    type: Literal["file"] = "file"
    path: str
    size_bytes: int
    sha256: str


class Recalled(Frozen):
    """What a run was asked to do: a record of it can be trusted to be of that program."""

    type: Literal["recalled"] = "recalled"
    request: RunRequest


Reply = AnyEvent | Refused | Description | File | Recalled
REPLY: TypeAdapter[Reply] = TypeAdapter(Annotated[Reply, Field(discriminator="type")])


class Tag(Enum):
    """First byte of a message out of a sandbox."""

    READY = b"R"
    PART = b"P"
    """A piece of what an ``EVENT`` message completes."""
    EVENT = b"E"
    """Events, one JSON object per line."""
    DONE = b"D"
    """The last events, and a ``Done`` on the last line."""


class Done(Frozen):
    """The pipeline has ended by itself. ``limit`` names the limit that the snippet ran into, if one."""

    exit_code: int = Field(0, ge=-255, le=255)
    failed: bool = False
    limit: Literal["memory", "processes", "disk"] | None = None
    files: bool = True
    """Whether the working directory holds anything worth collecting."""


class Reporter(Protocol):
    """Where a pipeline says what it finds; a sandbox sends it to the runner, tests keep it."""

    def event(self, *events: SaidInside) -> None:
        """Send events, at once: each sending wakes the other side."""

    def output(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        """Print, as UTF-8 bytes that may be cut anywhere."""

    def done(self, done: Done, *events: SaidInside) -> None:
        """Send the last events and the last word."""


__all__ = [
    "COMMAND",
    "MAX_LINE_BYTES",
    "REPLY",
    "Attach",
    "Cancel",
    "Command",
    "Describe",
    "Description",
    "Done",
    "Fetch",
    "File",
    "Recall",
    "Recalled",
    "Refused",
    "Reply",
    "Reporter",
    "Run",
    "Startup",
    "Tag",
]
