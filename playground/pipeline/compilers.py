"""Each way of compiling a target, as one function: from a call to something that can be called in its place.

What the options of a run say of a compiler is given to it here: the snippet need not be edited.
"""

import copy
import inspect
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import nn

from playground.contracts.request import Backend, Compiler, RunOptions
from playground.contracts.sentences import say
from playground.pipeline.calls import Call

Built = Callable[..., Any]
Builder = Callable[[Call], Built]
DEFAULTS = RunOptions()


class NotAvailableError(Exception):
    """This compiler cannot be used here yet."""


def script(call: Call) -> Built:
    """Compile with TorchScript, from the source."""
    return torch.jit.script(call.target)  # type: ignore[no-any-return]


def trace(call: Call) -> Built:
    """Record with TorchScript what one call does. Whether that is all it ever does, others check."""
    args, kwargs = call.fresh()
    if kwargs:  # it takes arguments by position or by name, not both
        bound = inspect.signature(getattr(call.target, "forward", call.target)).bind(*args, **kwargs)
        args, kwargs = bound.args, bound.kwargs
    given = {"example_inputs": args, **({"example_kwarg_inputs": kwargs} if kwargs else {})}
    with torch.set_grad_enabled(call.grad):
        return torch.jit.trace(call.target, check_trace=False, **given)  # type: ignore[no-any-return,no-untyped-call]


def freeze(call: Call) -> Built:
    """Trace, then make constants of the parameters.

    TorchScript freezes in evaluation mode only, so a copy is put there. Whoever trains gets another result then
    (dropout, batch norm): the comparison with eager says so.
    """
    module = copy.deepcopy(call.target) if isinstance(call.target, nn.Module) else _Function(call.target)
    return torch.jit.freeze(trace(replace(call, target=module.eval())))  # type: ignore[no-any-return]


def compile_(call: Call, options: RunOptions = DEFAULTS) -> Built:
    """Compile with ``torch.compile``, as it comes but for what is asked; the work is done in the first call.

    Raises:
        NotAvailableError: Inductor is to compile for the processor, and there is no g++.
    """
    backend = options.backend or Backend.INDUCTOR
    if backend is Backend.INDUCTOR and not torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        require_gxx()
    mode = options.compile_mode and options.compile_mode.value
    return torch.compile(
        call.target, backend=backend.value, mode=mode, dynamic=options.dynamic, fullgraph=bool(options.fullgraph)
    )


def require_gxx() -> None:
    """Find what Inductor compiles with.

    Raises:
        NotAvailableError: there is none; the message says what works without.
    """
    from torch._inductor.cpp_builder import get_cpp_compiler  # noqa: PLC0415 - seconds where nothing was rehearsed

    try:
        get_cpp_compiler()
    except Exception as problem:
        message = say(
            "Inductor writes C++, and there is no working g++ here to compile it ({problem}). "
            "The backends aot_eager and eager work without.",
            problem=type(problem).__name__,
        )
        raise NotAvailableError(message) from problem


def export(call: Call, options: RunOptions = DEFAULTS) -> Built:
    """Export, and run what was exported."""
    return exported(call, options).module()


def exported(call: Call, options: RunOptions = DEFAULTS) -> torch.export.ExportedProgram:
    """The exported program; a function is exported as the module that calls it."""
    args, kwargs = call.fresh()
    module = call.target if isinstance(call.target, nn.Module) else _Function(call.target)
    with torch.set_grad_enabled(call.grad):
        return torch.export.export(module, args, kwargs, strict=bool(options.strict))


def aoti(call: Call, options: RunOptions = DEFAULTS) -> Built:
    """Export, compile ahead of time with AOTInductor, and load what was compiled. It knows no gradients.

    Raises:
        NotAvailableError: there is no g++.
    """
    with tempfile.TemporaryDirectory() as directory:
        return torch._inductor.aoti_load_package(  # noqa: SLF001 - its documented name
            packaged(exported(replace(call, grad=False), options), Path(directory, "target.pt2"))
        )


def packaged(program: torch.export.ExportedProgram, path: Path) -> str:
    """Compile an exported program ahead of time into an AOTInductor package; returns its path.

    Raises:
        NotAvailableError: there is no g++.
    """
    require_gxx()
    compile_and_package = torch._inductor.aoti_compile_and_package  # noqa: SLF001 - its documented name
    return str(compile_and_package(program, package_path=str(path)))


def builders(options: RunOptions) -> Mapping[Compiler, Builder]:
    """All of them, told what the options say."""
    return {
        Compiler.SCRIPT: script,
        Compiler.TRACE: trace,
        Compiler.FREEZE: freeze,
        Compiler.COMPILE: partial(compile_, options=options),
        Compiler.EXPORT: partial(export, options=options),
        Compiler.AOTI: partial(aoti, options=options),
        Compiler.LIBTORCH: trace,
        Compiler.LIBTORCH_AOTI: partial(aoti, options=options),
    }


BUILDERS = builders(DEFAULTS)


class _Function(nn.Module):
    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self._function = function

    def forward(self, *args: object, **kwargs: object) -> object:
        return self._function(*args, **kwargs)
