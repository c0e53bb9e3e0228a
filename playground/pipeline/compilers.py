"""Each way of compiling a target, as one function: from a call to something that can be called in its place."""

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from playground.contracts.request import Compiler
from playground.pipeline.calls import Call

Built = Callable[..., Any]


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


def compile_(call: Call) -> Built:
    """Compile with ``torch.compile`` as it comes; the work is done in the first call."""
    return torch.compile(call.target)


def export(call: Call) -> Built:
    """Export, and run what was exported."""
    return exported(call).module()


def exported(call: Call) -> torch.export.ExportedProgram:
    """The exported program; a function is exported as the module that calls it."""
    args, kwargs = call.fresh()
    module = call.target if isinstance(call.target, nn.Module) else _Function(call.target)
    with torch.set_grad_enabled(call.grad):
        return torch.export.export(module, args, kwargs)


def aoti(_call: Call) -> Built:
    """Compile ahead of time.

    Raises:
        NotAvailableError: always, until it is there.
    """
    message = "not available yet"
    raise NotAvailableError(message)


BUILDERS: dict[Compiler, Callable[[Call], Built]] = {
    Compiler.SCRIPT: script,
    Compiler.TRACE: trace,
    Compiler.COMPILE: compile_,
    Compiler.EXPORT: export,
    Compiler.AOTI: aoti,
}


class _Function(nn.Module):
    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self._function = function

    def forward(self, *args: object, **kwargs: object) -> object:
        return self._function(*args, **kwargs)
