"""System calls that Python 3.11 does not wrap, by ctypes; each raises ``OSError`` with the call's name.

Sources: unshare(2), setns(2), mount(2), pivot_root(2), umount2(2), prctl(2), capset(2), pidfd_open(2), close_range(2).
"""

import ctypes
import os
import platform
from collections.abc import Callable
from enum import IntFlag
from typing import Any

_libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION_3 = 0x20080522
_MNT_DETACH = 2
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}[platform.machine()]
_SECCOMP = {"x86_64": 317, "aarch64": 277}[platform.machine()]


class Namespace(IntFlag):
    """``CLONE_NEW*`` of clone(2)."""

    MOUNT = 0x00020000
    CGROUP = 0x02000000
    UTS = 0x04000000
    IPC = 0x08000000
    USER = 0x10000000
    PID = 0x20000000
    NET = 0x40000000


class Mount(IntFlag):
    """``MS_*`` of mount(2)."""

    RDONLY = 1
    NOSUID = 2
    NODEV = 4
    NOEXEC = 8
    REMOUNT = 32
    BIND = 4096
    MOVE = 8192
    REC = 16384
    PRIVATE = 1 << 18


def _call(name: str, function: Callable[..., int], *arguments: Any) -> int:  # noqa: ANN401 - what ctypes takes
    result = function(*arguments)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def unshare(namespaces: Namespace) -> None:
    """Leave namespaces for new ones; for ``PID`` the next child is the first process of it."""
    _call("unshare", _libc.unshare, int(namespaces))


def setns(descriptor: int, namespaces: Namespace) -> None:
    """Join namespaces: of a process when ``descriptor`` is a pidfd, else the one that it stands for."""
    _call("setns", _libc.setns, descriptor, int(namespaces))


def mount(source: str, target: str, kind: str | None, flags: Mount | int, data: str = "") -> None:
    """Attach a file system, a directory or a file, or change one that is: mount(2)."""
    kind_bytes = kind.encode() if kind else None
    _call(f"mount {target}", _libc.mount, source.encode(), target.encode(), kind_bytes, int(flags), data.encode())


def become_root(new_root: str) -> None:
    """Make ``new_root`` the root and let go of the old one.

    By pivot_root(2) with its ``.`` idiom. Docker's default profile refuses that even with CAP_SYS_ADMIN: there the
    mount is moved over the old root, as switch_root(8) does; nothing without privileges gets below it again.
    """
    os.chdir(new_root)
    try:
        _call("pivot_root", _libc.syscall, _PIVOT_ROOT, b".", b".")
    except PermissionError:
        mount(".", "/", None, Mount.MOVE)
        os.chroot(".")
    else:
        _call("umount2", _libc.umount2, b".", _MNT_DETACH)
    os.chdir("/")


def prctl(option: int, argument: int = 0, third: int = 0) -> None:
    """Set an attribute of this process: prctl(2) with integer arguments."""
    _call("prctl", _libc.prctl, *(ctypes.c_ulong(value) for value in (option, argument, third, 0, 0)))


def drop_bounding_set() -> None:
    """No capability can be gained any more; needs ``CAP_SETPCAP``."""
    with open("/proc/sys/kernel/cap_last_cap", encoding="ascii") as file:
        last = int(file.read())
    for capability in range(last + 1):
        prctl(PR_CAPBSET_DROP, capability)


class _CapHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def drop_capabilities() -> None:
    """Give up every capability: effective, permitted, inheritable and ambient."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = _CapHeader(_CAPABILITY_VERSION_3, 0)
    _call("capset", _libc.capset, ctypes.byref(header), (ctypes.c_uint32 * 6)())


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def set_seccomp_filter(program: bytes) -> None:
    """Load a BPF program (``struct sock_filter[]``, 8 bytes each) for this process and all its descendants."""
    filter_program = _FilterProgram(len(program) // 8, program)
    set_mode_filter = 1
    _call("seccomp", _libc.syscall, _SECCOMP, set_mode_filter, 0, ctypes.byref(filter_program))


def pidfd_open(pid: int) -> int:
    """A descriptor that stands for a process and is never reused for another."""
    return os.pidfd_open(pid)


def close_from(lowest: int) -> None:
    """Close every descriptor from ``lowest`` up."""
    _call("close_range", _libc.close_range, lowest, 0xFFFFFFFF, 0)
