"""How long importing took while something else was timed: a compiler imports its parts when it is first used."""

import importlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class ImportClock:
    """Adds up the time of imports. One inside another is part of it, and counts once."""

    def __init__(self) -> None:
        self.total_ns = 0
        self._depth = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count what is imported meanwhile.

        Every import statement of every thread ends in this function, where ``python -X importtime`` counts too.
        """
        machinery: Any = importlib._bootstrap  # noqa: SLF001 - there is no public place
        original = machinery._find_and_load  # noqa: SLF001
        machinery._find_and_load = self._timed(original)  # noqa: SLF001
        try:
            yield
        finally:
            machinery._find_and_load = original  # noqa: SLF001

    def _timed(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def find_and_load(name: str, import_: Callable[..., Any]) -> object:
            self._depth += 1
            began = time.perf_counter_ns()
            try:
                return original(name, import_)
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self.total_ns += time.perf_counter_ns() - began

        return find_and_load
