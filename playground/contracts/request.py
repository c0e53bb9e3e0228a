"""What a client asks for: one run of one snippet. Validated here once, before anything else sees it."""

import ast
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from playground.contracts import sweep

MAX_SOURCE_BYTES = 65_536
MAX_STDIN_BYTES = 65_536
MAX_EXPRESSION_CHARS = 1_000


class Mode(StrEnum):
    """How a snippet is run."""

    IMPERATIVE = "imperative"
    SYMBOLIC = "symbolic"
    HYBRID = "hybrid"
    COMPARE = "compare"


class Device(StrEnum):
    """Which worker runs it."""

    CPU = "cpu"
    CUDA = "cuda"


class Compiler(StrEnum):
    """A way of turning a callable into a graph or a program."""

    SCRIPT = "script"
    TRACE = "trace"
    FREEZE = "freeze"
    """Traced, then frozen: ``torch.jit.freeze`` makes constants of the parameters."""
    COMPILE = "compile"
    EXPORT = "export"
    AOTI = "aoti"
    LIBTORCH = "libtorch"
    """Traced, saved, and called from C++ in a process without Python."""
    LIBTORCH_AOTI = "libtorch_aoti"
    """The same with what AOTInductor makes."""


class Backend(StrEnum):
    """What compiles the graphs that Dynamo captures."""

    INDUCTOR = "inductor"
    AOT_EAGER = "aot_eager"
    EAGER = "eager"


class CompileMode(StrEnum):
    """``mode`` of torch.compile."""

    DEFAULT = "default"
    REDUCE_OVERHEAD = "reduce-overhead"
    MAX_AUTOTUNE = "max-autotune"
    MAX_AUTOTUNE_NO_CUDAGRAPHS = "max-autotune-no-cudagraphs"


class Level(StrEnum):
    """A form that a program takes on its way from source to machine code, in that order."""

    AST = "ast"
    BYTECODE = "bytecode"
    BYTECODE_SPECIALIZED = "bytecode_specialized"
    PROGRAM = "program"
    INLINED = "inlined"
    FOLDED = "folded"
    RELEASED = "released"
    TORCHSCRIPT = "torchscript"
    TORCHSCRIPT_GRAPH = "torchscript_graph"
    TORCHSCRIPT_FROZEN = "torchscript_frozen"
    TORCHSCRIPT_OPTIMIZED = "torchscript_optimized"
    DYNAMO_GRAPH = "dynamo_graph"
    DYNAMO_BYTECODE = "dynamo_bytecode"
    GUARDS = "guards"
    AOT_JOINT = "aot_joint"
    AOT_FORWARD = "aot_forward"
    AOT_BACKWARD = "aot_backward"
    INDUCTOR_POST_GRAD = "inductor_post_grad"
    INDUCTOR_WRAPPER = "inductor_wrapper"
    INDUCTOR_CODE = "inductor_code"
    ASSEMBLY = "assembly"
    EXPORTED_PROGRAM = "exported_program"


def _fits(limit: int) -> AfterValidator:
    def check(text: str) -> str:
        size = len(text.encode())
        if size > limit:
            message = f"is {size:,} bytes of UTF-8; the limit is {limit:,}"
            raise ValueError(message)
        return text

    return AfterValidator(check)


def _expression(text: str) -> str:
    """Accept only what ``eval`` could take. Parsing is safe here: the text is short, and nothing is compiled or run."""
    try:
        ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        message = f"is not a Python expression: {error}"
        raise ValueError(message) from None
    return text.strip()


Source = Annotated[str, _fits(MAX_SOURCE_BYTES)]
Stdin = Annotated[str, _fits(MAX_STDIN_BYTES)]
Expression = Annotated[str, Field(min_length=1, max_length=MAX_EXPRESSION_CHARS), AfterValidator(_expression)]
Sweep = Annotated[str, Field(min_length=1, max_length=MAX_EXPRESSION_CHARS), AfterValidator(sweep.check)]


class Frozen(BaseModel):
    """Base of everything that travels: immutable, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RunOptions(Frozen):
    """Optional refinements of a run; ``None`` means the mode's own default."""

    target: Expression | None = Field(None, description="Expression naming the callable or module.")
    inputs: Expression | None = Field(None, description="Expression giving the tuple of arguments.")
    compilers: tuple[Compiler, ...] | None = Field(None, min_length=1, max_length=len(Compiler))
    levels: tuple[Level, ...] | None = Field(None, max_length=len(Level), description="Default: all the mode has.")
    timeout_s: float | None = Field(None, gt=0, le=3600, description="Never above the server's limit.")
    threads: int | None = Field(None, ge=1, le=64)
    min_run_ms: int | None = Field(None, ge=1, le=10_000, description="Benchmark: least time per measurement.")
    backend: Backend | None = Field(None, description="torch.compile: what compiles Dynamo's graphs.")
    compile_mode: CompileMode | None = Field(None, description="torch.compile: its `mode`.")
    dynamic: bool | None = Field(None, description="torch.compile: shapes dynamic, or never; else as torch decides.")
    fullgraph: bool | None = Field(None, description="torch.compile: a graph break is an error.")
    strict: bool | None = Field(None, description="torch.export: through Dynamo, or by running the Python code.")
    sweep: Sweep | None = Field(None, description="Compare: `batch=1,8,64; width=2**4..2**10`, one or two parameters.")
    profile: bool | None = Field(None, description="Compare: where the time of each path goes, a run of its own.")

    @field_validator("compile_mode", mode="after")
    @classmethod
    def _modes_are_inductors(cls, mode: CompileMode | None, info: ValidationInfo) -> CompileMode | None:
        backend = info.data.get("backend") or Backend.INDUCTOR
        if mode not in {None, CompileMode.DEFAULT} and backend is not Backend.INDUCTOR:
            message = f"is a mode of the backend inductor; {backend} has none"
            raise ValueError(message)
        return mode


class Shared(Frozen):
    """What a run and a permalink have in common: the program and how to run it."""

    source: Source
    mode: Mode
    device: Device = Device.CPU
    stdin: Stdin | None = None
    options: RunOptions = RunOptions()


class RunRequest(Shared):
    """``POST /api/v1/runs``."""

    @model_validator(mode="after")
    def _inputs_belong_to_a_target(self) -> Self:
        if self.options.inputs is not None and self.options.target is None:
            message = "options.inputs needs options.target: the arguments of which callable?"
            raise ValueError(message)
        return self
