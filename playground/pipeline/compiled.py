"""One frame that torch.compile compiles, once: what is known of it while its records come."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import Literal

from torch import nn

from playground.contracts.measured import CompileTime
from playground.lowering.fx import Operations
from playground.lowering.inductor import Generated, Handles
from playground.lowering.listing import Place
from playground.lowering.text import clean
from playground.pipeline.program import FILENAME

MAX_NAME = 100
Cache = Literal["hit", "miss", "bypass"]
_RESUMED = re.compile(r"torch_dynamo_resume_in_(.+)_at_(\d+)")
_SKIPPED = re.compile(r"/torch/")


class Phases:
    """Time by phase, each without those within it."""

    def __init__(self) -> None:
        self._open: list[tuple[str, str]] = []
        self._since = 0
        self._spent: dict[str, int] = {}

    @property
    def running(self) -> str | None:
        """The innermost phase."""
        return self._open[-1][1] if self._open else None

    def begin(self, event: str, phase: str) -> None:
        """A phase begins within the one that runs."""
        self._turn()
        self._open.append((event, phase))

    def end(self, event: str) -> None:
        """A phase ends, and what was left open in it by an exception."""
        self._turn()
        while self._open and self._open.pop()[0] != event:
            continue

    def take(self) -> tuple[tuple[str, int], ...]:
        """Nanoseconds of each phase so far, in the order in which they began; they begin anew."""
        self._turn()
        taken = tuple((name, spent) for name, spent in self._spent.items())
        self._spent = {}
        return taken

    def _turn(self) -> None:
        now = time.perf_counter_ns()
        if self._open:
            phase = self._open[-1][1]
            self._spent[phase] = self._spent.get(phase, 0) + now - self._since
        self._since = now


@dataclass
class Output:
    """What Inductor generated for one direction of a graph, and has yet to be shown, or disassembled."""

    title: str
    text: str
    generated: Generated
    file: str
    handles: Handles | None = None


@dataclass
class Compiled:
    """One compile of one frame."""

    compile_id: str
    call_line: int | None = None
    """The snippet's line whose call it is for."""
    name: str = ""
    title: str = ""
    """The name, made unique among the graphs of the run."""
    line: int | None = None
    """Where the compiled function begins."""
    shown: bool = True
    """Whether its levels are sent; there may be too many."""
    values: Mapping[str, object] = field(default_factory=dict)
    owner: nn.Module | None = None
    layers: Mapping[str, Place] = field(default_factory=dict)
    """Where the owner's submodules were created, by dotted path."""
    operations: Operations = field(default_factory=dict)
    text: str = ""
    """Dynamo's graph as torch printed it, before anything was known of its modules."""
    reasons: str = ""
    """Why it is compiled again."""
    guards: str = ""
    done: bool = False
    """Its compile has ended; the same identity after that is another's, for torch counts anew after a reset."""
    outputs: list[Output] = field(default_factory=list)
    cache: Cache | None = None
    phases: Phases = field(default_factory=Phases)

    @property
    def version(self) -> int:
        """Which compile of its frame this is, from 1."""
        number = self.compile_id.rpartition("/")[2]
        return int(number) + 1 if number.isdigit() else 1

    def describe(self, code: CodeType, values: Mapping[str, object]) -> None:
        """Learn what is compiled: a function, the rest of one after a graph break, or a module."""
        self.values = values
        self.owner = _owner(code, values)
        self.name = name_of(code, self.owner if code.co_filename != FILENAME or code.co_name == "forward" else None)
        if code.co_filename == FILENAME:
            self.line = code.co_firstlineno

    def times(self, suffix: str = "") -> CompileTime:
        """Where the time went since the last time this was asked."""
        return CompileTime(
            graph=f"{self.title}{suffix}", phases=self.phases.take(), cache=self.cache, line=self.line or self.call_line
        )


def name_of(code: CodeType, owner: object) -> str:
    """What a reader calls the code that is compiled, or the module whose ``forward`` it is."""
    resumed = _RESUMED.fullmatch(code.co_name)
    if resumed:
        return clean(f"{resumed[1]} from line {resumed[2]}", MAX_NAME)
    name = code.co_qualname.rpartition("<locals>.")[2] if owner is None else type(owner).__qualname__
    return clean(name, MAX_NAME)


def _owner(code: CodeType, values: Mapping[str, object]) -> nn.Module | None:
    """The module that is compiled: torch wraps one whose ``forward`` is its own in a function of its own."""
    holder = "fn" if _SKIPPED.search(code.co_filename) else "self"
    owner = values.get(holder)
    return owner if isinstance(owner, nn.Module) else None


def libraries(output: Output) -> dict[str, Path]:
    """What g++ built for the kernels of a wrapper, where torch still knows the module it loaded them into."""
    from torch._inductor.codecache import PyCodeCache  # noqa: PLC0415 - loaded by whoever generated code

    module = next((one for one in PyCodeCache.modules if getattr(one, "__file__", None) == output.file), None)
    found: dict[str, Path] = {}
    for kernel in output.generated.kernels:
        owner = getattr(getattr(module, kernel.name, None), "__self__", None)
        file = getattr(owner, "__file__", None)
        if isinstance(file, str):
            found[kernel.name] = _present(Path(file))
    return found


def _present(library: Path) -> Path:
    """A library, or its copy in this run's cache: one that the fork server loaded is gone from where it was."""
    from torch._inductor.runtime.cache_dir_utils import cache_dir  # noqa: PLC0415 - see libraries()

    return library if library.exists() else Path(cache_dir(), *library.parts[-2:])


def known_handles() -> Mapping[str, list[str]]:
    """What Inductor knows of its kernels while it generates them, before it tells the trace."""
    from torch._inductor import debug  # noqa: PLC0415 - loaded by whoever generates code

    known = getattr(debug, "_inductor_kernel_stack_trace", {})
    return {handle: list(found) for handle, found in known.items()}
