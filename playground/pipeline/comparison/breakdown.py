"""Where the time of one call goes, from what torch's profiler saw of it: four parts, and the operators.

``kernel``: in operators that have a kernel for the device, and in kernels that Inductor wrote. ``dispatch``: in
operators that only call others, or make views. ``wrapper``: in what a compiler put around its code, guards and the
TorchScript interpreter among it. ``python``: the rest of the call, before and between all of these; where no Python
runs inside, as in TorchScript, that rest is the compiler's.
"""

import functools
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

import torch
from torch.autograd.profiler_util import FunctionEvent

from playground.contracts.measured import Operator

CALL = "playground::call"
Part = Literal["python", "wrapper", "dispatch", "kernel"]
PARTS: tuple[Part, ...] = ("python", "wrapper", "dispatch", "kernel")
MAX_OPERATORS = 20
MAX_NAME = 200
_WRITTEN_BY_INDUCTOR = "cpp_fused"


def typical(calls: Sequence[FunctionEvent]) -> list[FunctionEvent]:
    """The middle half by time: what a neighbour or a first call did to the others is not the call's own."""
    ordered = sorted(calls, key=lambda call: call.cpu_time_total)
    quarter = len(ordered) // 4
    return ordered[quarter : len(ordered) - quarter]


def parts(calls: Sequence[FunctionEvent], call_ns: float, rest: Part) -> tuple[tuple[str, float], ...]:
    """Nanoseconds of each part; the profiler gives the shares, the clock their sum, for profiling takes time too."""
    times: Counter[str] = Counter()
    for event in _all(calls):
        times[rest if event.name == CALL else _part(str(event.name))] += event.self_cpu_time_total
    scale = _scale(calls, call_ns)
    return tuple((part, times[part] * scale) for part in PARTS)


def operators(calls: Sequence[FunctionEvent], call_ns: float) -> tuple[Operator, ...]:
    """Per call, those first that take the most time themselves."""
    times: Counter[str] = Counter()
    number: Counter[str] = Counter()
    allocated: Counter[str] = Counter()
    for event in _all(calls):
        if event.name != CALL:
            name = event.name[:MAX_NAME]
            times[name] += event.self_cpu_time_total
            number[name] += 1
            allocated[name] += max(0, event.self_cpu_memory_usage)
    scale, count = _scale(calls, call_ns), len(calls)
    return tuple(
        Operator(
            name=name, calls=number[name] / count, self_ns=took * scale, allocated_bytes=round(allocated[name] / count)
        )
        for name, took in times.most_common(MAX_OPERATORS)
    )


def _scale(calls: Sequence[FunctionEvent], call_ns: float) -> float:
    """From microseconds over all calls to nanoseconds of one."""
    seen = statistics.fmean(call.cpu_time_total for call in calls)
    return call_ns / seen / len(calls) if seen else 0.0


def _all(calls: Sequence[FunctionEvent]) -> Iterator[FunctionEvent]:
    waiting = list(calls)
    while waiting:
        event = waiting.pop()
        yield event
        waiting += event.cpu_children


def _part(name: str) -> Part:
    if _WRITTEN_BY_INDUCTOR in name or _has_kernel(name):
        return "kernel"
    return "dispatch" if "::" in name or (name.isidentifier() and name != "forward") else "wrapper"


@functools.cache
def _has_kernel(name: str) -> bool:
    """Whether an operator computes something on the processor itself, and does not just look at memory another way."""
    namespace, _, short = name.partition("::")
    packet = getattr(getattr(torch.ops, namespace, None), short, None) if short else None
    overloads = [getattr(packet, overload) for overload in packet.overloads()] if packet else []
    return any(_computes(overload) for overload in overloads)


def _computes(overload: torch._ops.OpOverload) -> bool:
    full: str = overload.name()  # type: ignore[no-untyped-call]
    if not torch._C._dispatch_has_kernel(full):  # noqa: SLF001 - there is no public way to ask the dispatcher
        return False
    returns = overload._schema.returns  # noqa: SLF001
    is_view = any(one.alias_info is not None and not one.alias_info.is_write for one in returns)
    return not is_view and torch._C._dispatch_has_kernel_for_dispatch_key(full, "CPU")  # noqa: SLF001
