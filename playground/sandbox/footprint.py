"""What a run uses where no control group counts it: its processes found by their PID namespace, their shares added up.

PSS (proc(5), smaps_rollup) counts a page that several processes share in parts, so that the fork server's pages, which
all runs share, weigh little; statm would count them whole for each.
"""

import os
from collections.abc import Iterator


def memory_bytes(init: int) -> int:
    """The proportional set size of all processes in the PID namespace of ``init``."""
    return sum(_pss(pid) for pid in _members(init))


def _members(init: int) -> Iterator[str]:
    namespace = _namespace(str(init))
    for name in os.listdir("/proc"):
        if namespace and name.isdigit() and _namespace(name) == namespace:
            yield name


def _namespace(pid: str) -> int:
    """The inode that identifies a process's PID namespace; 0 when the process is gone."""
    try:
        return os.stat(f"/proc/{pid}/ns/pid").st_ino
    except OSError:
        return 0


def _pss(pid: str) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            rows = (line.split() for line in file)
            return next((int(row[1]) * 1024 for row in rows if row[0] == "Pss:"), 0)
    except OSError:
        return 0
