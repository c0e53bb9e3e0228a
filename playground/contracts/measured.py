"""What was measured: times of each path, do the paths agree, where time and memory go. Units are in the names."""

from typing import Literal

from pydantic import Field

from playground.contracts.fields import Bytes, Count, Event, Line, Nanoseconds, Number, Positive, Short, Text
from playground.contracts.request import Frozen, Level

Outcome = Literal["same", "close", "differs", "failed", "nondeterministic"]
Parameters = dict[Short, Number]
"""The values that a sweep gave its parameters, by name; empty outside a sweep."""


class Benchmark(Event):
    """One path, timed: nanoseconds per call. ``break_even_calls`` is null when compiling never pays."""

    type: Literal["benchmark"] = "benchmark"
    path: Short
    compile_ns: Nanoseconds
    first_call_ns: Nanoseconds
    median_ns: Nanoseconds
    iqr_ns: Nanoseconds
    runs: Positive
    number_per_run: Positive
    stable: bool
    break_even_calls: int | None = None
    quartiles_ns: tuple[Number, Number] | None = None
    """First and third quartile of the runs."""
    interval_ns: tuple[Number, Number] | None = None
    """95 % confidence interval of the median."""
    import_ns: Nanoseconds = 0
    """Modules that compiling imported; not in ``compile_ns``."""
    curve: tuple[tuple[Count, Nanoseconds], ...] = ()
    """``(calls, total_ns)``: the time until so many calls were done, compiling included."""
    measured_calls: Count = 0
    """So far the curve was measured, call by call; beyond it goes on with the median."""
    threads: Positive | None = None
    noop_ns: Number | None = None
    """An empty call timed the same way: what is Python's own in the median."""
    instructions: Count | None = None
    """Per call, where the machine counts them."""
    disturbance: Text | None = None
    """What was seen of neighbours when the times are not stable."""
    parameters: Parameters = Field(default_factory=dict)


class Difference(Frozen):
    """The first element that is not what it should be; both values as text, for they may be NaN, or no numbers."""

    value: Positive
    """Which of the values that a result is made of, counted from 1 in their order."""
    index: tuple[Count, ...] = ()
    """Where in it, for a tensor."""
    found: Short
    expected: Short


class Verdict(Event):
    """Does ``subject`` behave as ``against``? Errors are the largest over all outputs; ``ulp``: of last places."""

    type: Literal["verdict"] = "verdict"
    subject: Short
    against: Short
    outcome: Outcome
    check: Short = "inputs"
    """On what: the same ``inputs``, ``perturbed`` ones, another ``seed``; or what: ``gradients``, ``mutations``."""
    max_abs_error: float | None = None
    max_rel_error: float | None = None
    max_ulp_error: Number | None = None
    difference: Difference | None = None
    stage: Short | None = None
    message: Text | None = None
    line: Line | None = None
    """The snippet's line that a failure names."""
    parameters: Parameters = Field(default_factory=dict)


class Operator(Frozen):
    """One operator of a profile, over all its calls within one call of the path."""

    name: Short
    calls: Number
    self_ns: Number
    allocated_bytes: int = 0


class TensorLife(Frozen):
    """Tensors that one line of the snippet made and another let go of, within one call; alike ones are added up."""

    line: Line | None
    """The snippet's line that allocated them; null: code that is not the snippet's, called by it."""
    freed: Line | None
    """The line at which they were given back; null: they outlive the call."""
    operator: Short
    tensors: Positive
    held_bytes: Bytes


class Profile(Event):
    """Where one call of a path spends its time, by torch's profiler: a run of its own, not the one that is timed."""

    type: Literal["profile"] = "profile"
    path: Short
    parts: tuple[tuple[Short, Number], ...]
    """``(name, ns)`` of one call: ``python``, ``wrapper``, ``dispatch``, ``kernel``."""
    operators: tuple[Operator, ...] = ()
    peak_bytes: Bytes = 0
    """Most memory that tensors held at a time, beyond what was held before the call."""
    allocated_bytes: Bytes = 0
    lifetimes: tuple[TensorLife, ...] = ()
    """In the order of allocation; of eager's path, the only one whose operators run line by line."""
    trace: Short | None = None
    """Name of the artifact that holds the Chrome trace."""
    parameters: Parameters = Field(default_factory=dict)


class Lifetime(Event):
    """How long a name (or a tensor) is alive, in one form of the program: lines of that form, not of the snippet."""

    type: Literal["lifetime"] = "lifetime"
    level: Level
    scope: Short
    """Qualified name of the function; ``<module>`` outside of all."""
    name: Short
    first: Line
    last: Line
    ends: Literal["deleted", "rebound", "returned", "left"]
    """Why it ends there: ``del``, another value, the function's result, or the end of its scope."""
    last_use: Line | None = None
    """The last line that may need the value; null where none does."""
    line: Line | None = None
    """The snippet's line that made the value."""
    held_bytes: Bytes | None = None
    """What the value held at most, where that was seen and is worth saying."""
    title: Short = ""
    """Of which program, where the snippet has several."""


class Memory(Event):
    """What the names of a program held together at most, in one form of it, in a run that is only for that.

    Tensors and large values only, each once, however many names it has. ``line`` is that form's.
    """

    type: Literal["memory"] = "memory"
    level: Level
    peak_bytes: Bytes
    line: Line | None = None
    complete: bool = True
    """False where the program was not followed to its end: it took too long, or raised."""
    title: Short = ""


class CompileTime(Event):
    """Where the time of compiling one graph went: ``(phase, ns)``, in the order of the phases."""

    type: Literal["compile_time"] = "compile_time"
    graph: Short
    phases: tuple[tuple[Short, Nanoseconds], ...]
    cache: Literal["hit", "miss", "bypass"] | None = None
    line: Line | None = None


class Captured(Event):
    """What torch.compile has done so far, in numbers; the last one counts."""

    type: Literal["captured"] = "captured"
    graphs: Count
    graph_breaks: Count
    """Places where it could not go on; each once, however often it was compiled."""
    recompiles: Count
    left_out: Count = 0
    """Graphs of which no levels were sent, for there were too many."""


class Loaded(Event):
    """A program that the snippet saved, loaded and called by libtorch in a process without Python.

    Times are per call, of the median run; ``python_*`` are those of the same program called from Python.
    """

    type: Literal["loaded"] = "loaded"
    name: Short
    """The file, as the snippet names it."""
    kind: Literal["torchscript", "exported", "aoti"]
    size_bytes: Bytes
    load_ns: Nanoseconds
    first_call_ns: Nanoseconds
    median_ns: Number
    iqr_ns: Number
    runs: Positive
    number_per_run: Positive
    python_load_ns: Nanoseconds
    python_median_ns: Number
    python_free: bool
    """Whether no libpython was among the libraries that the process had mapped."""
    libraries: tuple[Short, ...]
    """All that were, by name: the proof."""
    compile_ns: Nanoseconds = 0
    """AOTInductor's, for what torch.export saves has no runtime without Python until it is compiled."""
    package_bytes: Bytes = 0
    """What AOTInductor made of it then."""
    line: Line | None = None
