"""The first compile of a function that nobody compiled before: through the page, and by a new Python process.

Each sample is another function, so nothing is cached but what does not depend on it. All are asked in turn.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.statistics import Summary, summary
from benchmarks.subjects import Playground

NEW = """\
import torch
f = torch.compile(lambda x: torch.relu(x.sin() * {number} + x.cos()))
print(f(torch.arange(16.0)).sum().item())
"""
ROUNDS, COLD_ROUNDS = 5, 2
_numbers = count(time.time_ns() % 10_000_019)


@dataclass(frozen=True)
class Compiling:
    """Wall time of a whole run, from the request or the start of the process to its end."""

    page: Summary
    page_again: Summary
    """The same function again: each run has a cache of its own, so it is compiled anew."""
    cold: Summary
    """A new process on a machine where torch.compile was never used."""
    kept: Summary
    """A new process that finds Inductor's own caches of the one before, as on a developer's machine."""

    def rows(self) -> Iterator[tuple[str, Summary]]:
        """What was measured, by name."""
        yield "page, new function", self.page
        yield "page, the same function again", self.page_again
        yield "cold python, new function", self.cold
        yield "python with caches kept, new function", self.kept


def measure(address: str) -> Compiling:
    """Ask everybody in turn; a first request that nobody counts touches the pages.

    Each on a connection of its own: the server hangs up while others are asked.
    """
    samples: Mapping[str, list[int]] = {name: [] for name in ("page", "again", "cold", "kept")}
    Playground(address).ask(_new())
    with TemporaryDirectory() as kept:
        _python(_new(), Path(kept))
        for number in range(ROUNDS):
            source = _new()
            samples["page"].append(Playground(address).ask(source))
            samples["again"].append(Playground(address).ask(source))
            samples["kept"].append(_python(_new(), Path(kept)))
            if number < COLD_ROUNDS:
                with TemporaryDirectory() as empty:
                    samples["cold"].append(_python(_new(), Path(empty)))
    return Compiling(*(summary(samples[name]) for name in ("page", "again", "cold", "kept")))


def _new() -> str:
    return NEW.format(number=1 + next(_numbers) / 1e7)


def _python(source: str, caches: Path) -> int:
    """Nanoseconds of a process of its own, whose caches are in a directory."""
    own = {"TMPDIR": str(caches), "TORCHINDUCTOR_CACHE_DIR": str(caches / "inductor")}
    began = time.perf_counter_ns()
    subprocess.run([sys.executable, "-c", source], env=os.environ | own, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter_ns() - began
