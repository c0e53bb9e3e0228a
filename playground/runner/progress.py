"""What a runner does before it serves, and for how long: whoever asks meanwhile is told."""

import time
from collections.abc import Callable

from playground.contracts.errors import Starting
from playground.contracts.request import Device

MAX_STEP = 200


class Progress:
    """The step that is under way, as a sentence goes on: "it imports torch". ``clock`` is in seconds."""

    def __init__(self, device: Device, clock: Callable[[], float] = time.monotonic) -> None:
        self._device = device
        self._clock = clock
        self._began = clock()
        self._step = "looks for its compilers"

    def step(self, step: str) -> None:
        """Begin a step."""
        self._step = step[:MAX_STEP]

    def again(self, step: str) -> None:
        """Begin anew: what served was lost."""
        self._began = self._clock()
        self.step(step)

    def starting(self) -> Starting:
        """Say so."""
        return Starting(self._device, self._step, int(self._clock() - self._began))
