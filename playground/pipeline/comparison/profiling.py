"""A run of its own that shows where a path's time and memory go; the run that is timed knows nothing of it."""

import sys
from collections.abc import Iterator
from typing import Any

import torch
from torch.autograd.profiler_util import FunctionEvent
from torch.profiler import ProfilerActivity, profile, record_function

from playground.contracts.events import Diagnostic
from playground.contracts.measured import Profile
from playground.contracts.request import Compiler
from playground.contracts.sentences import say
from playground.lowering.creation import Sites
from playground.measure import timing
from playground.pipeline.comparison import breakdown, chrome, lives, refusal
from playground.pipeline.comparison.subject import Callee, Subject
from playground.pipeline.isolation import DiedError, apart

WARM_UP_CALLS = 5
LEAST_S = 0.02
PROFILED_NS = 50_000_000
"""The profiler keeps every event: so much of unprofiled time is some thousand of them."""
MAX_CALLS = 20
WITHOUT_PYTHON = {Compiler.SCRIPT, Compiler.TRACE, Compiler.FREEZE, Compiler.AOTI}
Found = Profile | Diagnostic


def profiled(name: str, subject: Subject, threads: int, limit_s: float, sites: Sites | None) -> Iterator[Found]:
    """The profile of a path, made in a process of its own; of one that fails, the reason."""
    try:
        if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
            yield from _caught(name, subject, sites)  # a context on a GPU does not survive a fork
        else:
            yield from apart(lambda: _with_threads(name, subject, threads, sites), limit_s)
    except DiedError as error:
        yield _not_profiled(name, error)


def _with_threads(name: str, subject: Subject, threads: int, sites: Sites | None) -> Iterator[Found]:
    torch.set_num_threads(threads if torch.get_num_threads() == 1 else 1)
    return _caught(name, subject, sites)


def _caught(name: str, subject: Subject, sites: Sites | None) -> Iterator[Found]:
    try:
        yield _profile(name, subject, sites)
    except Exception as error:  # noqa: BLE001 - compilers and snippets raise whatever they like
        yield _not_profiled(name, error)


def _not_profiled(name: str, error: Exception) -> Diagnostic:
    message = say("The path {path} was not profiled.", path=name)
    return Diagnostic(kind="fallback", message=message, reason=refusal.words(error), line=refusal.line(error))


def _profile(name: str, subject: Subject, sites: Sites | None) -> Profile:
    if name == Compiler.COMPILE:
        _let_kernels_be_seen()
    call = subject.call
    callee = subject.builders[name](call)
    args, kwargs = call.fresh()
    with torch.set_grad_enabled(call.grad):
        for _ in range(WARM_UP_CALLS):
            callee(*args, **kwargs)
        call_ns = timing.repeated(callee, args, kwargs, LEAST_S).median_ns
        seen = _run(callee, args, kwargs, round(min(MAX_CALLS, max(1, PROFILED_NS / call_ns))))
        is_reference = name == subject.reference and call.tensors
        lifetimes = lives.seen(lambda: callee(*args, **kwargs), (args, kwargs), sites) if is_reference else ()
    calls = breakdown.typical(_calls(seen))
    peak, allocated = _memory(seen)
    return Profile(
        path=name,
        parts=breakdown.parts(calls, call_ns, "wrapper" if name in WITHOUT_PYTHON else "python"),
        operators=breakdown.operators(calls, call_ns),
        peak_bytes=peak,
        allocated_bytes=allocated,
        lifetimes=lifetimes,
        trace=chrome.write(seen, name),
    )


def _run(callee: Callee, args: tuple[Any, ...], kwargs: dict[str, Any], number: int) -> profile:
    seen = profile(activities=[ProfilerActivity.CPU], profile_memory=True)
    with seen:
        for _ in range(number):
            with record_function(breakdown.CALL):
                callee(*args, **kwargs)
    return seen


def _memory(seen: profile) -> tuple[int, int]:
    """The most bytes held at a time beyond those before, and all that were allocated, of one call."""
    results = getattr(seen.profiler, "kineto_results", None)
    moves = sorted((e.start_ns(), e.nbytes()) for e in results.events() if e.name() == "[memory]") if results else []
    held = peak = allocated = 0
    for _, size in moves:
        held += size
        peak = max(peak, held)
        allocated += max(0, size)
    return peak, round(allocated / max(1, len(_calls(seen))))


def _calls(seen: profile) -> list[FunctionEvent]:
    return [event for event in seen.events() or () if event.name == breakdown.CALL]  # type: ignore[no-untyped-call]


def _let_kernels_be_seen() -> None:
    """Inductor's kernels are plain functions; told so, it writes a mark for the profiler into each."""
    config: Any = sys.modules.get("torch._inductor.config")
    if config is None:
        from torch._inductor import config  # noqa: PLC0415 - seconds where nothing was rehearsed
    config.cpp.enable_kernel_profile = True
