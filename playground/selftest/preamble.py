"""What every hostile snippet begins with: where the canaries are, and words for what it meets."""

import ctypes
import errno
import json
import os
import platform
import sys
from collections.abc import Callable

planted = json.loads(sys.stdin.readline())
neighbour = planted["neighbour"]
MACHINES = ("x86_64", "aarch64")
CALLS = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "bpf": (321, 280),
    "capset": (126, 91),
    "chroot": (161, 51),
    "clock_settime": (227, 112),
    "clone": (56, 220),
    "clone3": (435, 435),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fsopen": (430, 430),
    "init_module": (175, 105),
    "io_uring_setup": (425, 425),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "memfd_secret": (447, 447),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "reboot": (169, 142),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "settimeofday": (164, 170),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
libc = ctypes.CDLL(None, use_errno=True)


def report(word: object) -> None:
    """Say what was met."""
    print(json.dumps({"met": str(word)}), flush=True)  # noqa: T201 - a snippet prints what it has to say


def attempt(action: Callable[..., object], *arguments: object) -> None:
    """Do it and report the error that stopped it. What it gives, if anything, is printed: no secret may show."""
    try:
        given = action(*arguments)
    except OSError as error:
        report(errno.errorcode.get(error.errno or 0, type(error).__name__))
    except Exception as error:  # noqa: BLE001 - whatever stops it
        report(type(error).__name__)
    else:
        print(repr(given)[:10_000], flush=True)  # noqa: T201
        report("reached")


def read(path: str) -> bytes:
    """Read a file, or the names in a directory."""
    if os.path.isdir(path):  # noqa: PTH112 - as a snippet would
        return json.dumps(os.listdir(path)).encode()  # noqa: PTH208 - it travels as text
    with open(path, "rb") as file:  # noqa: PTH123 - as a snippet would
        return file.read(100_000)


def names(path: str) -> list[str]:
    """Name what is in a directory; nothing, if that is not told."""
    try:
        return os.listdir(path)  # noqa: PTH208 - it travels as text
    except OSError:
        return []


def call(name: str, *arguments: object) -> None:
    """Make a system call and report its error."""
    number = CALLS[name][MACHINES.index(platform.machine())]
    if libc.syscall(number, *arguments) == -1:
        report(errno.errorcode[ctypes.get_errno()])
    else:
        report("reached")
