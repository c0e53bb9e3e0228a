"""The state of every random number generator that a program is likely to draw from."""

import random
from typing import Any

import numpy as np
import torch


class Randomness:
    """A remembered state."""

    def __init__(self) -> None:
        self._python = random.getstate()
        self._numpy: dict[str, Any] = np.random.get_state(legacy=False)  # noqa: NPY002
        self._torch = torch.get_rng_state()
        self._cuda = torch.cuda.get_rng_state_all() if _uses_cuda() else []

    def restore(self) -> None:
        """Let all generators go on from here again."""
        random.setstate(self._python)
        np.random.set_state(self._numpy)  # noqa: NPY002 - the global generator is what snippets use
        torch.set_rng_state(self._torch)
        if self._cuda:
            torch.cuda.set_rng_state_all(self._cuda)


def _uses_cuda() -> bool:
    return bool(torch.cuda.is_initialized())  # type: ignore[no-untyped-call]
