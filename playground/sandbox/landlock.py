"""Landlock: the kernel's own check of paths, whatever namespaces say (landlock(7), kernel userspace-api/landlock).

Needs no privilege. What an older kernel does not know is left out: ``abi()`` tells what this one knows.
"""

import ctypes
import os
from collections.abc import Iterable

_libc = ctypes.CDLL(None, use_errno=True)
_CREATE, _ADD, _RESTRICT = 444, 445, 446

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_FILE_ONLY = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_FS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_NET_ABI, _SCOPE_ABI = 4, 6
_NET_TCP = 0b11
"""bind and connect; no rule allows either, so there is no TCP (ABI 4)."""
_SCOPES = 0b11
"""No signals to, and no abstract sockets of, anyone outside (ABI 6)."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """The ABI version of the running kernel; 0 when it has no Landlock."""
    version = _libc.syscall(_CREATE, None, ctypes.c_size_t(0), 1)
    return max(0, int(version))


def restrict(readable: Iterable[str], writable: Iterable[str], *, scoped: bool = True) -> None:
    """Allow reading and executing below ``readable``, everything below ``writable``, nothing else, for ever.

    With ``scoped``, signals and abstract sockets reach only processes that are restricted by this very call.

    Raises:
        OSError: the kernel has no Landlock, or ``no_new_privs`` is not set.
    """
    version = abi()
    handled = max((mask for level, mask in _FS_BY_ABI.items() if level <= version), default=0)
    ruleset = _create(handled, version, _SCOPES if scoped else 0)
    try:
        for path in readable:
            _allow(ruleset, path, _READ & handled)
        for path in writable:
            _allow(ruleset, path, handled)
        _check("landlock_restrict_self", _libc.syscall(_RESTRICT, ruleset, 0))
    finally:
        os.close(ruleset)


def _create(handled: int, version: int, scopes: int) -> int:
    attributes = _Ruleset(handled, _NET_TCP, scopes)
    size = 8 if version < _NET_ABI else 16 if version < _SCOPE_ABI else 24  # the struct grew with each
    return _check("landlock_create_ruleset", _libc.syscall(_CREATE, ctypes.byref(attributes), ctypes.c_size_t(size), 0))


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return  # a policy names what may be there; what is not there needs no rule
    try:
        allowed = access if os.path.isdir(path) else access & _FILE_ONLY
        rule = _PathBeneath(allowed, parent)
        _check(f"landlock_add_rule {path}", _libc.syscall(_ADD, ruleset, 1, ctypes.byref(rule), 0))
    finally:
        os.close(parent)


def _check(name: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return int(result)
