"""The memory that a ready sandbox has for itself, read from outside."""

import statistics
from dataclasses import dataclass

from benchmarks.serving import PROC, parent, running

MIB = 1 << 20


@dataclass(frozen=True)
class Memory:
    """Median private memory of the sandboxes that wait: of the process that will run the snippet, and of its PID 1."""

    waiting: int
    snippet_mib: float
    init_mib: float


def measure(supervisor: int) -> Memory:
    """Read the sandboxes that a ``playground serve`` keeps ready."""
    snippets = _forked(supervisor, "playground.runner.zygote")
    inits = _forked(supervisor, "playground.sandbox.warden")
    if not snippets:
        message = "no ready sandbox was found"
        raise RuntimeError(message)
    return Memory(len(snippets), _median_mib(snippets), _median_mib(inits))


def _forked(root: int, module: str) -> list[int]:
    """The children of the one process below ``root`` that runs a module."""
    pids = running(root, module)
    return [pid for pid in pids if parent(pid) in pids]


def _median_mib(pids: list[int]) -> float:
    return statistics.median(_private_bytes(pid) for pid in pids) / MIB if pids else 0.0


def _private_bytes(pid: int) -> int:
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))
