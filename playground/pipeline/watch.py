"""Watches which modules and functions the snippet itself calls with tensors, to find what it is about.

A module's call is seen by a hook, a function's by the interpreter's profile events, which cost; so each top-level
statement has a budget of them. Only the last call of each target is kept, its arguments copied before the call.
"""

import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import CodeType, FrameType, FunctionType
from typing import Any

import torch
from torch import nn
from torch.nn.modules.module import register_module_forward_pre_hook

from playground.pipeline.calls import Call, has_tensors, remember
from playground.pipeline.program import FILENAME

EVENTS_PER_STATEMENT = 20_000
"""About 5 ms of profile events; the calls after these are no longer seen, those of modules excepted."""
MAX_TARGETS = 16
Versions = tuple[tuple[torch.Tensor, int], ...]
"""Tensors and how often each was changed in place; nothing where that is not all there is to know."""
_MODULE_CALL = nn.Module._call_impl.__code__  # noqa: SLF001 - the frame that tells a call inside a module
_MODULE_FILE = _MODULE_CALL.co_filename
_RESUMED = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class CallWatch:
    """The last call of each target, in the order in which they were made."""

    def __init__(self) -> None:
        self._calls: dict[int, tuple[Call, Versions]] = {}
        self._inside: FrameType | None = None
        self._left = 0
        self.problem: Exception | None = None
        """Why a call could not be kept."""

    @property
    def last(self) -> Call | None:
        """The last call of all."""
        return next((call for call, _ in reversed(self._calls.values())), None)

    def of(self, target: object) -> Call | None:
        """The last call of one target."""
        call, _ = self._calls.get(id(target), (None, ()))
        return call

    @contextmanager
    def modules(self) -> Iterator[None]:
        """See calls of modules."""
        handle = register_module_forward_pre_hook(self._before_module)
        try:
            yield
        finally:
            handle.remove()

    @contextmanager
    def functions(self) -> Iterator[None]:
        """See calls of functions, for one statement."""
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

    def _before_module(self, module: nn.Module, args: tuple[object, ...]) -> None:
        if _is_compiling():
            return
        frame: FrameType | None = sys._getframe(1)  # noqa: SLF001
        while frame and frame.f_code is not _MODULE_CALL:
            frame = frame.f_back
        caller = frame.f_back if frame else None
        while caller and caller.f_code.co_filename == _MODULE_FILE and caller.f_code is not _MODULE_CALL:
            caller = caller.f_back
        if not (frame and caller) or caller.f_code.co_filename != FILENAME or _within_module(caller):
            return
        original = getattr(module, "_orig_mod", module)  # what torch.compile made of it shows the module it came from
        if not isinstance(original, torch.jit.ScriptModule):
            self._keep(original, args, frame.f_locals.get("kwargs", {}), caller.f_lineno)

    def _profile(self, frame: FrameType, event: str, _argument: object) -> None:
        self._left -= 1
        if self._left < 0:
            self._inside = None
            sys.setprofile(None)
        elif event == "call":
            if self._inside is None and frame.f_code.co_filename == FILENAME:
                self._before_function(frame)
        elif event == "return" and frame is self._inside:
            self._inside = None

    def _before_function(self, frame: FrameType) -> None:
        caller = frame.f_back
        if caller is None or caller.f_code.co_filename != FILENAME or frame.f_code.co_flags & _RESUMED:
            return
        if _is_compiling():
            return
        function = _function(frame.f_code, caller)
        if function is None or _within_module(caller):
            return
        args, kwargs = _arguments(frame)
        given = (*args, *kwargs.values())
        # A function that is handed a module trains it or shows it: the module is what the snippet is about.
        if has_tensors(args, kwargs) and not any(isinstance(value, nn.Module) for value in given):
            self._inside = frame
            self._keep(function, args, kwargs, caller.f_lineno)

    def _keep(self, target: Callable[..., Any], args: Sequence[object], kwargs: dict[str, object], line: int) -> None:
        versions = _versions((*args, *kwargs.values()))
        before = self._calls.pop(id(target), None)
        if before and before[0].grad == torch.is_grad_enabled() and versions and _same(versions, before[1]):
            self._calls[id(target)] = before  # a loop that calls with the same tensors need not copy them again
            return
        try:
            if has_tensors(args, kwargs):
                self._calls[id(target)] = remember(target, args, kwargs, line), versions
        except Exception as problem:  # noqa: BLE001 - watching must not change what the snippet does
            self.problem = problem
        while len(self._calls) > MAX_TARGETS:
            del self._calls[next(iter(self._calls))]


def _is_compiling() -> bool:
    """What calls whom then is the compiler's doing, and what a watcher did would be compiled too."""
    return torch.compiler.is_compiling() or torch.jit.is_tracing()  # type: ignore[attr-defined,no-untyped-call]


def _within_module(frame: FrameType) -> bool:
    above: FrameType | None = frame
    while above:
        if above.f_code is _MODULE_CALL:
            return True
        above = above.f_back
    return False


def _function(code: CodeType, caller: FrameType) -> FunctionType | None:
    """The function that runs, found by a name that its caller can see."""
    for scope in (caller.f_locals, caller.f_globals):
        named = scope.get(code.co_name)
        for value in (named, *scope.values()):
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
