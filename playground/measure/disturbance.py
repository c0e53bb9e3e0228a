"""What was seen of neighbours while something was timed: waiting for a processor, stolen time, load, clock rate.

Sources: Linux Documentation/scheduler/sched-stats.rst (schedstat: time on a processor, time waiting for one),
proc(5) for stat, loadavg and cpuinfo. What a sandbox does not see is left out.
"""

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from playground.contracts.sentences import say

WAITED_SHARE = 0.02
"""A wait of a fiftieth of the time moves a median by about as much; below it is what the system itself needs."""
STOLEN_SHARE = 0.01
SLOWER_SHARE = 0.05
"""Of the clock rate: less is what a governor does all the time."""
_STEAL = 7
"""Its place in a line of /proc/stat."""


@dataclass(frozen=True)
class Sight:
    """Counters at one moment, in nanoseconds and ticks; None where they cannot be read."""

    wall_ns: int
    waited_ns: int | None
    stolen_ticks: int | None
    all_ticks: int
    megahertz: float | None
    load: float | None


def look() -> Sight:
    """Read what there is to read; about 0.1 ms."""
    ticks = _ticks()
    return Sight(
        wall_ns=time.monotonic_ns(),
        waited_ns=_waited_ns(),
        stolen_ticks=ticks[_STEAL] if len(ticks) > _STEAL else None,
        all_ticks=sum(ticks[: _STEAL + 1]),
        megahertz=_megahertz(),
        load=_load(),
    )


def between(before: Sight, after: Sight) -> str | None:
    """What disturbed, in words; None: nothing that was seen."""
    seen = [*_waiting(before, after), *_stolen(before, after), *_slower(before, after)]
    if not seen:
        return None
    if after.load is not None:
        count = len(os.sched_getaffinity(0))
        seen.append(say("load {load} on {count} processors", load=f"{after.load:.1f}", count=count))
    return "; ".join(seen)


def _waiting(before: Sight, after: Sight) -> list[str]:
    if before.waited_ns is None or after.waited_ns is None:
        return []
    share = (after.waited_ns - before.waited_ns) / max(1, after.wall_ns - before.wall_ns)
    return [say("waited {share} of the time for a processor", share=f"{share:.0%}")] if share > WAITED_SHARE else []


def _stolen(before: Sight, after: Sight) -> list[str]:
    if before.stolen_ticks is None or after.stolen_ticks is None:
        return []
    share = (after.stolen_ticks - before.stolen_ticks) / max(1, after.all_ticks - before.all_ticks)
    return [say("{share} stolen by other virtual machines", share=f"{share:.0%}")] if share > STOLEN_SHARE else []


def _slower(before: Sight, after: Sight) -> list[str]:
    if not before.megahertz or not after.megahertz or after.megahertz >= (1 - SLOWER_SHARE) * before.megahertz:
        return []
    rates = {"before": round(before.megahertz), "after": round(after.megahertz)}
    return [say("clock rate fell from {before} to {after} MHz", **rates)]


def _waited_ns() -> int | None:
    """Of all threads of this process, so that a pool's waiting counts too."""
    waited = None
    for path in Path("/proc/self/task").glob("*/schedstat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            waited = (waited or 0) + int(path.read_text().split()[1])
    return waited


def _ticks() -> list[int]:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return []


def _megahertz() -> float | None:
    """The fastest processor's: one that idles says nothing."""
    rates = []
    with contextlib.suppress(OSError, ValueError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        rates = [float(line.partition(":")[2]) for line in lines if line.startswith("cpu MHz")]
    return max(rates, default=None)


def _load() -> float | None:
    with contextlib.suppress(OSError):
        return os.getloadavg()[0]
    return None
