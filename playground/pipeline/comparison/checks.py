"""The calls that a path makes for its verdict: perturbed inputs, other seeds, gradients. Each answer stands alone."""

import contextlib
import io
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch

from playground.measure import perturbation
from playground.measure.outputs import take_apart
from playground.measure.randomness import Randomness
from playground.pipeline.calls import Call
from playground.pipeline.comparison import gradients, refusal
from playground.pipeline.comparison.state import State
from playground.pipeline.comparison.steps import Answer, LeftOut, Reached, Step
from playground.pipeline.comparison.subject import Callee, Subject

SEEDS = (1, 2)
MAX_BYTES = 32 << 20
"""Of results: the reference's are kept while the others are held against them, and a run has only so much memory."""
MAX_SHARE = 0.1
"""Of the time that is left: a check whose call takes more leaves too little for the others."""


class Checks:
    """The checks of one path, each from the same random state and the same state of the module."""

    def __init__(self, subject: Subject, callee: Callee, state: State, randomness: Randomness) -> None:
        self._subject = subject
        self._callee = callee
        self._state = state
        self._randomness = randomness

    def make(self, until: float, call_s: float) -> Iterator[Step]:
        """Check what there is time for, until that moment of the monotonic clock; a call takes about ``call_s``."""
        sent = 0
        for check, variant, ask in self._all():
            if sent > MAX_BYTES or call_s > MAX_SHARE * (until - time.monotonic()):
                yield LeftOut(f"{check}: {variant}" if variant else check)
                continue
            yield Reached("check", check)
            answer = self._answer(check, variant, ask)
            sent += answer.outputs.nbytes if answer.outputs else 0
            yield answer

    def _all(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        call = self._subject.call
        if call.grad and not self._subject.prints:
            yield "gradients", "", partial(gradients.of_call, self._callee, call)
        for number, variant in enumerate(perturbation.VARIANTS if call.tensors else ()):
            yield "perturbed", variant, partial(self._perturbed, variant, number)
        for seed in SEEDS:
            yield "seed", str(seed), partial(self._seeded, seed)

    def _answer(self, check: str, variant: str, ask: Callable[[], object]) -> Answer:
        self._randomness.restore()
        self._state.restore(self._callee)
        try:
            return Answer(check, variant, take_apart(ask()))
        except Exception as error:  # noqa: BLE001 - compilers and snippets raise whatever they like
            return Answer(check, variant, None, refusal.words(error), refusal.line(error))

    def _perturbed(self, variant: perturbation.Variant, number: int) -> object:
        generator = torch.Generator().manual_seed(number)
        return self._result(self._subject.call.changed(lambda t: perturbation.perturb(t, variant, generator)))

    def _seeded(self, seed: int) -> object:
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002 - the global generator is what snippets use
        torch.manual_seed(seed)
        return self._result(self._subject.call)

    def _result(self, call: Call) -> object:
        """What a call gives; of a program, what it prints."""
        args, kwargs = call.fresh()
        with torch.set_grad_enabled(call.grad):
            return self._printed(args, kwargs) if self._subject.prints else self._callee(*args, **kwargs)

    def _printed(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[str]:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            self._callee(*args, **kwargs)
        return printed.getvalue().splitlines(keepends=True)
