"""One run: the mode's way through the snippet, its failure if it fails, its end."""

import os
import random
import sys
from collections.abc import Callable
from typing import Any

from playground.contracts.request import Mode, RunRequest
from playground.contracts.wire import Done, Reporter
from playground.pipeline import capture, compare, deprecation, display, ending, hybrid, imperative, symbolic, warming
from playground.pipeline.failure import describe, limit_of
from playground.pipeline.notebook import translate
from playground.pipeline.program import FILENAME, leave_main
from playground.pipeline.session import Session
from playground.pipeline.sources import Sources
from playground.pipeline.testing import MemoryReporter

MODES: dict[Mode, Callable[[Session, str, Sources], None]] = {
    Mode.IMPERATIVE: imperative.run,
    Mode.SYMBOLIC: symbolic.run,
    Mode.HYBRID: hybrid.run,
    Mode.COMPARE: compare.run,
}
COMPILING = (Mode.HYBRID, Mode.COMPARE)
_WARM_UP = """
import torch, numpy
print(10)
x = torch.randn(2, 3)
print(torch.nn.functional.relu(x @ x.T + 1).sum(), x)
numpy.zeros(2) + 1
x
"""


def run(request: RunRequest, reporter: Reporter) -> None:
    """Run a snippet in this process, as its ``__main__``, once, after ``get_ready`` with the same reporter."""
    session = Session(request, reporter)
    sources = Sources({FILENAME: request.source})
    failure = _attempt(lambda: _run(session, sources))
    failure = failure or _attempt(lambda: display.show_figures(session) if session.is_first_process else None)
    done = _tell(session, failure, sources)
    capture.flush()
    if not ending.is_quick():
        session.now()
        ending.wind_down()
        capture.flush()
    if not session.is_first_process:
        os._exit(done.exit_code)  # a process that the snippet forked, at the end of the snippet
    session.follow_up()
    session.end(done.model_copy(update={"files": session.keeps or bool(_left_behind())}))


def get_ready(reporter: Reporter, *, warm: bool = True) -> None:
    """Prepare this process for its run, whose findings go to ``reporter``; ``warm`` where there is time for it."""
    if warm:
        warm_up()
    warming.settle()
    _reseed()
    capture.redirect(reporter)
    ending.remember()


def warm_up() -> None:
    """Touch the code and the pages that a first run needs, and leave no trace of it."""
    streams = sys.stdin, sys.stdout, sys.stderr, sys.__stdin__, sys.__stdout__, sys.__stderr__
    request = RunRequest.model_validate_json(RunRequest(source=_WARM_UP, mode=Mode.IMPERATIVE).model_dump_json())
    reporter = MemoryReporter()
    capture.redirect(reporter)
    _attempt(lambda: _run(Session(request, reporter), Sources({FILENAME: _WARM_UP})))
    for event in reporter.events:
        event.model_dump_json()
    leave_main()
    sys.stdin, sys.stdout, sys.stderr, sys.__stdin__, sys.__stdout__, sys.__stderr__ = streams  # type: ignore[misc]


def _run(session: Session, sources: Sources) -> None:
    request = session.request
    if request.mode in COMPILING or "compile" in request.source:
        warming.seed()
    _set_threads(request.options.threads)
    deprecation.watch(session)
    display.make_show_work(session)
    MODES[request.mode](session, translate(request.source), sources)


def _attempt(action: Callable[[], Any]) -> BaseException | None:
    """The exception that ended it; a ``SystemExit`` is one too."""
    try:
        action()
    except BaseException as exception:  # noqa: BLE001 - whatever a snippet raises is its result
        return exception
    return None


def _tell(session: Session, failure: BaseException | None, sources: Sources) -> Done:
    code = ending.exit_code(failure)
    if failure is not None and not ending.is_exit(failure):
        ending.tell_uncaught(failure, sources, by_default=not session.is_first_process)
        session.now(describe(failure, sources))
    return Done(exit_code=code, failed=code != 0, limit=limit_of(failure) if failure else None)


def _set_threads(threads: int | None) -> None:
    import torch  # noqa: PLC0415 - see preparation.py

    torch.set_num_threads(threads or 1)


def _reseed() -> None:
    """All sandboxes are forks of one process: without this all would draw the same numbers."""
    import numpy as np  # noqa: PLC0415 - see preparation.py
    import torch  # noqa: PLC0415

    random.seed()
    np.random.seed()  # noqa: NPY002 - the global generator is what snippets use
    torch.seed()


def _left_behind() -> list[str]:
    """What lies in the working directory; a snippet may have gone elsewhere, or closed the door."""
    try:
        return os.listdir(os.environ.get("HOME", "."))  # noqa: PTH208 - pathlib costs 0.2 ms here
    except OSError:
        return ["unknown"]
