"""Has a path walked in a fork of its own, and gathers what it says; one that hangs or dies ends there, alone."""

import copy
import time
from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import nn

from playground.contracts.sentences import say
from playground.measure.randomness import Randomness
from playground.measure.statistics import summarize
from playground.pipeline.comparison.steps import Failed, Path, Reached, Step, Timed
from playground.pipeline.comparison.subject import Subject
from playground.pipeline.comparison.walk import WATCHED_CALLS, Terms, walk
from playground.pipeline.isolation import DiedError, apart

GRACE = 0.1
"""Of its time a path leaves so much to itself, so that it ends by itself before it is ended."""


def follow(name: str, subject: Subject, min_run_s: float, threads: int, limit_s: float) -> Path:
    """What a path said. It has ``limit_s`` seconds, of which timing uses what is left."""
    path, reached = Path(name), Reached("compile")
    terms = Terms(min_run_s, time.monotonic() + (1 - GRACE) * limit_s)
    try:
        for step in _steps(name, subject, terms, threads, limit_s):
            reached = step if isinstance(step, Reached) else reached
            path.take(step)
    except DiedError as error:
        path.failed = Failed(reached.stage, str(error), check=reached.check)
    if path.failed and path.failed.stage == "benchmark":
        path.timed = _from_first_calls(path, threads, path.failed.message)
    return path


def _from_first_calls(path: Path, threads: int, why: str) -> Timed | None:
    """What was measured before timing was cut short is better than nothing, and said to be no more than that."""
    calls = path.first.calls_ns[WATCHED_CALLS:]
    if not calls:
        return None
    disturbance = say("Only the first calls were timed. {why}", why=why)
    return Timed(summarize(calls, 1), None, threads, disturbance=disturbance)


def _steps(name: str, subject: Subject, terms: Terms, threads: int, limit_s: float) -> Iterator[Step]:
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        return here(name, subject, terms)  # a context on a GPU does not survive a fork
    return apart(lambda: _with_threads(name, subject, terms, threads), limit_s)


def _with_threads(name: str, subject: Subject, terms: Terms, threads: int) -> Iterator[Step]:
    # After a fork a pool that the snippet made has no threads left, and waits for them without end.
    torch.set_num_threads(threads if torch.get_num_threads() == 1 else 1)
    return walk(name, subject, terms)


def here(name: str, subject: Subject, terms: Terms) -> Iterator[Step]:
    """Walk in this process, on a copy of the module."""
    randomness = Randomness()
    call = subject.call
    if isinstance(call.target, nn.Module):
        subject = replace(subject, call=replace(call, target=copy.deepcopy(call.target)))
    try:
        yield from walk(name, subject, terms)
    finally:
        randomness.restore()
