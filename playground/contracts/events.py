"""What a run sends back, one event at a time: a closed union, validated on both sides of every boundary.

Durations are integers in nanoseconds (``*_ns``), sizes integers in bytes (``*_bytes``), lines count from 1.
``SaidInside`` is what may come out of a sandbox; the rest is said by the runner alone, which also numbers events.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from playground.contracts.fields import Bytes, Count, Event, Line, Nanoseconds, Number, Positive, Short, Text
from playground.contracts.measured import Benchmark, Captured, CompileTime, Lifetime, Loaded, Memory, Profile, Verdict
from playground.contracts.request import Frozen, Level

Span = tuple[Line, Line, Line, Line]
"""``(source_first, source_last, code_first, code_last)``: lines of the snippet and the lines they became, inclusive."""
Column = Count
ColumnSpan = tuple[Line, Column, Line, Column, Line, Line]
"""``(line, column, end_line, end_column, code_first, code_last)``: characters of the snippet, from 0, end exclusive."""


class Status(StrEnum):
    """How a run ended."""

    OK = "ok"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    PROCESS_LIMIT = "process_limit"
    DISK_LIMIT = "disk_limit"
    KILLED = "killed"
    CANCELLED = "cancelled"
    INTERNAL = "internal"


class Machine(Frozen):
    """The machine's fingerprint, as the runner sees it from outside the sandbox: what a time depends on."""

    processor: Short
    architecture: Short
    cores: Positive
    """Physical ones."""
    processors: Positive
    """Logical ones that the runner may use."""
    governor: Short | None = None
    """Who decides on the clock rate, where that can be read."""
    kernel: Short
    memory_bytes: Bytes
    load: Number
    """Mean number of running tasks over the last minute, when the run began."""
    versions: dict[Short, Short] = Field(default_factory=dict)
    """Of what a time depends on beside Python and torch."""


class Environment(Frozen):
    """Where a run happened."""

    python: str
    torch: str
    device: str
    device_name: str
    threads: int
    isolation: tuple[str, ...]
    machine: Machine | None = None


class Limit(Frozen):
    """A limit in force, or the one that ended a run."""

    name: Short
    value: int
    unit: Short


class Frame(Frozen):
    """One frame of the snippet's own code; ``file`` is ``<snippet>``, or ``<program>`` for a generated one."""

    file: Short
    line: Line
    function: Short
    text: Text
    origin: Line | None = None
    """The snippet's line that wrote this line of a generated program, where that is known."""


NodeKind = Literal["value", "constant", "operation", "merge", "output"]


class Node(Frozen):
    """A value of a dataflow graph, or what makes one; ``line`` is the snippet's, when known.

    A ``merge`` is a value of several origins: where branches meet, at the head of a loop.
    """

    id: Short
    label: Text
    op: Short
    line: Line | None = None
    kind: NodeKind = "operation"


class Accepted(Event):
    """First, once. ``position`` is the place in the queue: 0 when a sandbox takes it at once."""

    type: Literal["accepted"] = "accepted"
    run_id: Short
    position: int = Field(ge=0)


class Started(Event):
    """Once, when a sandbox has taken the run."""

    type: Literal["started"] = "started"
    environment: Environment


class Stage(Event):
    """A stage begins, or ended after ``wall_ns`` on the clock and ``cpu_ns`` of processor time."""

    type: Literal["stage"] = "stage"
    name: Short
    phase: Literal["begin", "end"]
    wall_ns: Nanoseconds | None = None
    cpu_ns: Nanoseconds | None = None


class Output(Event):
    """Text as it is printed."""

    type: Literal["output"] = "output"
    stream: Literal["stdout", "stderr"]
    text: str


class Display(Event):
    """A value shown: text, or base64 for images."""

    type: Literal["display"] = "display"
    mime: Literal["text/plain", "image/png", "image/svg+xml"]
    data: str


class Code(Event):
    """The program at one level. ``columns`` says what ``map`` says, to the character, where a level knows it."""

    type: Literal["code"] = "code"
    level: Level
    title: Short
    language: Short
    text: str
    map: tuple[Span, ...] = ()
    columns: tuple[ColumnSpan, ...] = ()
    truncated_bytes: Bytes = 0
    instructions: Count | None = None
    """How many there are, not how many are executed; of bytecode."""
    graph: Short = ""
    """Which of the run's compiled graphs it is of, as ``compile_time`` names it; of none of them if empty."""
    full: Short | None = None
    """Name of the artifact that holds all of a text that was cut."""


class Graph(Event):
    """A dataflow graph: of the snippet, or of an FX or TorchScript graph."""

    type: Literal["graph"] = "graph"
    level: Level
    nodes: tuple[Node, ...]
    edges: tuple[tuple[Short, Short], ...]
    title: Short = ""
    """Of which program or function, where a level has several."""
    left_out: Count = 0
    """Nodes that a picture would not hold."""


class Diagnostic(Event):
    """A finding, on a line of the snippet when one is to blame."""

    type: Literal["diagnostic"] = "diagnostic"
    kind: Literal["graph_break", "recompile", "rewrite_refused", "deprecation", "fallback"]
    line: Line | None = None
    message: Text
    reason: Text | None = None
    hint: Text | None = None
    detail: Text | None = None
    """What the compiler itself says; of a graph break, the error that ``fullgraph=True`` makes of it."""


class Statement(Event):
    """Time of one top-level statement: the sum over ``hits`` executions."""

    type: Literal["statement"] = "statement"
    line: Line
    wall_ns: Nanoseconds
    hits: Positive


class Artifact(Event):
    """A file that the snippet left in its working directory."""

    type: Literal["artifact"] = "artifact"
    name: Short
    size_bytes: Bytes
    sha256: Short
    url: str


class Error(Event):
    """An exception of the snippet; frames outermost first, the snippet's own only."""

    type: Literal["error"] = "error"
    error_type: Short
    message: Text
    line: Line | None = None
    frames: tuple[Frame, ...] = ()


class Usage(Event):
    """What the run has used so far; about once a second while it runs."""

    type: Literal["usage"] = "usage"
    wall_ns: Nanoseconds
    cpu_ns: Nanoseconds
    rss_bytes: Bytes


class Finished(Event):
    """Last, once, always. ``timings`` holds each finished stage in nanoseconds of wall time: sums, so not bounded."""

    type: Literal["finished"] = "finished"
    status: Status
    exit_code: int | None = None
    signal: Short | None = None
    limit: Limit | None = None
    timings: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    peak_rss_bytes: Bytes = 0


SaidInside = (
    Stage
    | Output
    | Display
    | Code
    | Graph
    | Diagnostic
    | Statement
    | Benchmark
    | Verdict
    | Profile
    | Lifetime
    | Memory
    | CompileTime
    | Captured
    | Loaded
    | Error
)
"""What may come out of a sandbox."""
AnyEvent = Accepted | Started | SaidInside | Artifact | Usage | Finished
"""What a client may receive."""

_Tagged = Field(discriminator="type")
SANDBOX_EVENT: TypeAdapter[SaidInside] = TypeAdapter(Annotated[SaidInside, _Tagged])
ANY_EVENT: TypeAdapter[AnyEvent] = TypeAdapter(Annotated[AnyEvent, _Tagged])
