"""Instructions that a call retires, by the processor's own counter: a number that neighbours hardly move.

Most sandboxes and virtual machines refuse it; then there is no number. Source: perf_event_open(2).
"""

import ctypes
import fcntl
import os
import platform
import struct
from collections.abc import Callable
from typing import Any

_CALLS = {"x86_64": 298, "aarch64": 241}
_HARDWARE, _INSTRUCTIONS = 0, 1
_ATTRIBUTES_BYTES = 112
_DISABLED, _INHERIT, _EXCLUDE_KERNEL, _EXCLUDE_HYPERVISOR = 1, 2, 1 << 5, 1 << 6
_ENABLE, _DISABLE, _RESET = 0x2400, 0x2401, 0x2403


def per_call(action: Callable[[], Any], calls: int) -> int | None:
    """Instructions in user space per call, over ``calls`` of them; None where the machine does not count."""
    counter = _open()
    if counter is None:
        return None
    try:
        whole = _count(counter, action, calls)
        return max(0, whole - _count(counter, lambda: None, calls)) // calls
    finally:
        os.close(counter)


def _count(counter: int, action: Callable[[], Any], calls: int) -> int:
    repeat = range(calls)
    fcntl.ioctl(counter, _RESET, 0)
    fcntl.ioctl(counter, _ENABLE, 0)
    for _ in repeat:
        action()
    fcntl.ioctl(counter, _DISABLE, 0)
    (count,) = struct.unpack("Q", os.read(counter, 8))
    return int(count)


def _open() -> int | None:
    number = _CALLS.get(platform.machine())
    if number is None:
        return None
    flags = _DISABLED | _INHERIT | _EXCLUDE_KERNEL | _EXCLUDE_HYPERVISOR
    attributes = struct.pack("IIQQQQQ", _HARDWARE, _ATTRIBUTES_BYTES, _INSTRUCTIONS, 0, 0, 0, flags)
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor: int = libc.syscall(number, attributes.ljust(_ATTRIBUTES_BYTES, b"\0"), 0, -1, -1, 0)
    return descriptor if descriptor >= 0 else None
