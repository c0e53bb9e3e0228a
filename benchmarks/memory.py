"""The memory that a ready sandbox has for itself, read from outside."""

import statistics
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
MIB = 1 << 20


@dataclass(frozen=True)
class Memory:
    """Median private memory of the sandboxes that wait: of the process that will run the snippet, and of its PID 1."""

    waiting: int
    snippet_mib: float
    init_mib: float


def measure(supervisor: int) -> Memory:
    """Read the sandboxes that a ``playground serve`` keeps ready."""
    snippets = _children_of_module(supervisor, "playground.runner.zygote")
    inits = _children_of_module(supervisor, "playground.sandbox.warden")
    if not snippets:
        message = "no ready sandbox was found"
        raise RuntimeError(message)
    return Memory(len(snippets), _median_mib(snippets), _median_mib(inits))


def _children_of_module(root: int, module: str) -> list[int]:
    """The children of the one process below ``root`` that runs a module; they have its command line too."""
    family = [pid for pid in _descendants(root) if module.encode() in (PROC / str(pid) / "cmdline").read_bytes()]
    return [pid for pid in family if _parent(pid) in family]


def _descendants(root: int) -> list[int]:
    parents = {int(path.name): _parent(int(path.name)) for path in PROC.iterdir() if path.name.isdigit()}
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _parent(pid: int) -> int:
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except FileNotFoundError:  # ended while we looked
        return 0
    return int(stat.rpartition(")")[2].split()[1])


def _median_mib(pids: list[int]) -> float:
    return statistics.median(_private_bytes(pid) for pid in pids) / MIB if pids else 0.0


def _private_bytes(pid: int) -> int:
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))
