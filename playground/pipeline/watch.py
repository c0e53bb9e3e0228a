"""Watches which modules and functions the snippet itself calls with tensors, to find what it is about.

The interpreter tells of every call (``sys.setprofile``), which costs; so each top-level statement has a budget, and
what a snippet times itself stays true. Of each target the last call is kept, its arguments copied before the call.
"""

import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import CodeType, FrameType, FunctionType
from typing import Any

import torch
from torch import nn
from torch._dynamo import OptimizedModule

from playground.contracts.sentences import say
from playground.pipeline.calls import Call, has_tensors, name_of, remember, size_of
from playground.pipeline.program import FILENAME

EVENTS_PER_STATEMENT = 20_000
"""About 5 ms of them; what the statement calls after these is no longer seen."""
EVENTS_PER_CALL = 20
BYTES_PER_EVENT = 2_500
"""A call looked at, and the bytes copied for it, cost as much as so many events."""
MAX_BYTES = 64 * 2**20
"""Of arguments: a copy of more could end a run that fits without it."""
MAX_TARGETS = 16
MAX_SOURCES = 50
Versions = tuple[tuple[torch.Tensor, int], ...]
"""Tensors and how often each was changed in place; nothing where that is not all there is to know."""
_MODULE_CALL = nn.Module._call_impl.__code__  # noqa: SLF001 - the frame of every module's call
_DYNAMO = OptimizedModule.__call__.__code__.co_filename
_BETWEEN = {_MODULE_CALL.co_filename, _DYNAMO}
"""Torch's files between a snippet's line that calls a module and that frame."""
_COMPILED_CALL = "compile_wrapper"
"""What torch.compile makes of a function, in ``_DYNAMO``; the function itself is a name of that frame."""
_INLINED = "external_utils.py"
"""Torch's file with what it may wrap the function in before."""
Seen = tuple[Callable[..., Any] | None, Sequence[object], dict[str, object]]
_RESUMED = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class CallWatch:
    """The last call of each target, in the order in which they were made."""

    def __init__(self) -> None:
        self._sources: dict[int, tuple[object, object]] = {}
        self._calls: dict[int, tuple[Call, Versions]] = {}
        self._inside: FrameType | None = None
        self._left = 0
        self.problem: Exception | None = None
        """Why a call could not be kept."""

    @property
    def last(self) -> Call | None:
        """The last call of all; of what TorchScript made it is a call of what that was made of, if that is known."""
        calls = (self._of_source(call) for call, _ in reversed(self._calls.values()))
        return next((call for call in calls if not isinstance(call.target, torch.jit.ScriptModule)), None)

    def know(self, made: object, source: object) -> None:
        """A compiler made one of the other: a call of the one is one of the other, too."""
        if source is not None and made is not source and len(self._sources) < MAX_SOURCES:
            self._sources[id(made)] = made, source

    def source_of(self, made: object) -> object:
        """What a compiler made this of; None where that is not known."""
        known, source = self._sources.get(id(made), (None, None))
        return source if known is made else None

    @contextmanager
    def paused(self) -> Iterator[None]:
        """See nothing, and spend nothing, while a compiler that the snippet called works."""
        ours = sys.getprofile()
        if ours != self._profile:
            yield
            return
        sys.setprofile(None)
        try:
            yield
        finally:
            sys.setprofile(ours)

    def _of_source(self, call: Call) -> Call:
        source = self.source_of(call.target)
        return replace(call, target=source, name=name_of(source)) if callable(source) else call

    def of(self, target: object) -> Call | None:
        """The last call of one target."""
        call, _ = self._calls.get(id(target), (None, ()))
        return call

    @contextmanager
    def statement(self) -> Iterator[None]:
        """See the calls that one statement makes."""
        self._left, self._inside = EVENTS_PER_STATEMENT, None
        if sys.getprofile() is not None:  # the snippet profiles itself
            yield
            return
        ours = self._profile
        sys.setprofile(ours)
        try:
            yield
        finally:
            self._inside = None
            if sys.getprofile() == ours:
                sys.setprofile(None)

    def _profile(self, frame: FrameType, event: str, _argument: object) -> None:
        self._left -= 1
        if self._left < 0:
            self._inside = None
            sys.setprofile(None)
        elif event == "call":
            if self._inside is None and _is_wanted(frame.f_code):
                self._before(frame)
        elif event == "return" and frame is self._inside:
            self._inside = None

    def _before(self, frame: FrameType) -> None:
        """A call that may be one of those wanted; what it calls in turn is then no longer looked at."""
        self._left -= EVENTS_PER_CALL
        caller = frame.f_back
        while frame.f_code.co_filename != FILENAME and caller and caller.f_code.co_filename in _BETWEEN:
            caller = caller.f_back
        if caller is None or caller.f_code.co_filename != FILENAME or _is_compiling():
            return
        try:
            target, args, kwargs = _look(frame, caller)
            if target is not None and has_tensors(args, kwargs):
                self._inside = frame
                self._keep(target, args, kwargs, caller.f_lineno)
        except Exception as problem:  # noqa: BLE001 - watching must not change what the snippet does
            self.problem = problem
        if frame.f_code.co_filename != FILENAME and _is_compiled(frame):
            self._left = 0  # Dynamo would take our own work for the snippet's: nothing more of this statement

    def _keep(self, target: Callable[..., Any], args: Sequence[object], kwargs: dict[str, object], line: int) -> None:
        versions = _versions((*args, *kwargs.values()))
        before = self._calls.pop(id(target), None)
        if before and before[0].grad == torch.is_grad_enabled() and versions and _same(versions, before[1]):
            self._calls[id(target)] = before  # a loop that calls with the same tensors need not copy them again
            return
        size = size_of(args, kwargs)
        if size > MAX_BYTES:
            counts = {"size": f"{size:,}", "most": f"{MAX_BYTES:,}"}
            message = say("its arguments are {size} bytes; more than {most} are not copied", **counts)
            raise ValueError(message)
        self._left -= size // BYTES_PER_EVENT
        self._calls[id(target)] = remember(target, args, kwargs, line), versions
        while len(self._calls) > MAX_TARGETS:
            del self._calls[next(iter(self._calls))]


def _is_compiling() -> bool:
    """What calls whom then is the compiler's doing, and what a watcher did would be compiled too."""
    return torch.compiler.is_compiling() or torch.jit.is_tracing()  # type: ignore[attr-defined,no-untyped-call]


def _is_wanted(code: CodeType) -> bool:
    return code is _MODULE_CALL or code.co_filename == FILENAME or _is_compiled_call(code)


def _is_compiled_call(code: CodeType) -> bool:
    return code.co_name == _COMPILED_CALL and code.co_filename == _DYNAMO


def _is_compiled(frame: FrameType) -> bool:
    """Whether what is called was made by torch.compile."""
    return _is_compiled_call(frame.f_code) or isinstance(frame.f_locals.get("self"), OptimizedModule)


def _look(frame: FrameType, caller: FrameType) -> Seen:
    if frame.f_code is _MODULE_CALL:
        return _module(frame)
    return _compiled(frame) if _is_compiled_call(frame.f_code) else _function(frame, caller)


def _compiled(frame: FrameType) -> Seen:
    """The function that torch.compile compiles, or the module whose own ``compile()`` was called."""
    function = frame.f_locals["fn"]
    if getattr(function, "__code__", frame.f_code).co_filename.endswith(_INLINED):
        function = inspect.unwrap(function, stop=lambda one: not one.__code__.co_filename.endswith(_INLINED))
    owner = getattr(function, "__self__", None)
    return owner if isinstance(owner, nn.Module) else function, frame.f_locals["args"], frame.f_locals["kwargs"]


def _module(frame: FrameType) -> Seen:
    """The module that is called. One that torch.compile made shows the module it came from."""
    values = frame.f_locals
    module = getattr(values["self"], "_orig_mod", values["self"])
    return module, values["args"], values["kwargs"]


def _function(frame: FrameType, caller: FrameType) -> Seen:
    """The function that is called; one that is handed a module trains it or shows it, and is not what is looked for."""
    function = None if frame.f_code.co_flags & _RESUMED else _named(frame.f_code, caller)
    if function is None:
        return None, (), {}
    args, kwargs = _arguments(frame)
    handed = any(isinstance(value, nn.Module) for value in (*args, *kwargs.values()))
    return (None if handed else function), args, kwargs


def _named(code: CodeType, caller: FrameType) -> FunctionType | None:
    """The function of some code, found by a name that its caller can see."""
    for scope in (caller.f_locals, caller.f_globals):
        for value in (scope.get(code.co_name), *scope.values()):
            if isinstance(value, FunctionType) and value.__code__ is code:
                return value
    return None


def _arguments(frame: FrameType) -> tuple[tuple[object, ...], dict[str, object]]:
    """What a function was called with, read where it begins."""
    names, positional, keywords, values = inspect.getargvalues(frame)
    count = frame.f_code.co_argcount
    args = (*(values[name] for name in names[:count]), *(values[positional] if positional else ()))
    only = frame.f_code.co_varnames[count : count + frame.f_code.co_kwonlyargcount]
    return args, {**{name: values[name] for name in only}, **(values[keywords] if keywords else {})}


def _versions(values: tuple[object, ...]) -> Versions:
    if not all(type(value) is torch.Tensor and not value.is_inference() for value in values):
        return ()
    return tuple((value, value._version) for value in values if isinstance(value, torch.Tensor))  # noqa: SLF001


def _same(ours: Versions, theirs: Versions) -> bool:
    return len(ours) == len(theirs) and all(a is b and n == m for (a, n), (b, m) in zip(ours, theirs, strict=True))
