"""How the time of a run is shared among the paths that are still to be walked, so that one that hangs ends alone."""

import time
from collections.abc import Sequence

from playground.contracts.request import Compiler

RESERVE_S = 1.0
"""For ending what is late, for telling what was found, and for the end of the run."""
LEAST_S = 0.2
WEIGHTS: dict[str, float] = {
    Compiler.COMPILE: 4.0,
    Compiler.EXPORT: 2.0,
    Compiler.AOTI: 8.0,
    Compiler.LIBTORCH: 2.0,
    Compiler.LIBTORCH_AOTI: 8.0,
}
"""What takes long to compile gets more; every other path counts once."""


class Plan:
    """The paths in their order, and the time until the run's own limit."""

    def __init__(self, paths: Sequence[str], left_s: float) -> None:
        self._left = list(paths)
        self._until = time.monotonic() + left_s - RESERVE_S

    @property
    def left_s(self) -> float:
        """Seconds for all that is still to come."""
        return self._until - time.monotonic()

    def share_s(self) -> float:
        """Seconds for the next path; what earlier ones left over is shared by the later ones."""
        total = sum(map(_weight, self._left))
        return max(LEAST_S, self.left_s * _weight(self._left.pop(0)) / total)

    def spare_s(self, path: str) -> float:
        """Seconds for looking at a path once more, which takes from those that are still to come."""
        own = _weight(path)
        return max(LEAST_S, self.left_s * own / (own + sum(map(_weight, self._left))))


def _weight(path: str) -> float:
    return WEIGHTS.get(path, 1.0)
