"""How a Python process ends by itself: threads are waited for, exit handlers run, a code comes out."""

import atexit
import logging
import multiprocessing.process
import multiprocessing.util
import sys
import threading
import traceback
import weakref
from collections.abc import Container
from types import TracebackType
from typing import TypeGuard

KEPT = (weakref.finalize._exitfunc, logging.shutdown, multiprocessing.util._exit_function)  # type: ignore[attr-defined]  # noqa: SLF001
"""Exit handlers that libraries register once, at import, for what a snippet may make later."""


def forget_handlers() -> None:
    """Drop the exit handlers of the fork server's imports (33 ms and 40 MB at each exit), but for those that matter."""
    weakref.finalize._registry.clear()  # type: ignore[attr-defined]  # noqa: SLF001 - there is no public way
    atexit._clear()  # noqa: SLF001
    logging._handlerList.clear()  # type: ignore[attr-defined]  # noqa: SLF001
    for handler in KEPT:
        atexit.register(handler)


def is_quick() -> bool:
    """Whether nothing of the snippet's is left to wait for or to call: then the end takes no time at all."""
    return threading.active_count() == 1 and _left() == _before.left


class _Before:
    """What was there before the snippet."""

    left: tuple[int, ...] = ()


_before = _Before()


def _left() -> tuple[int, ...]:
    """How many exit handlers there are, and how much for those of the libraries to do."""
    return (
        atexit._ncallbacks(),  # noqa: SLF001
        len(logging._handlerList),  # type: ignore[attr-defined]  # noqa: SLF001
        len(weakref.finalize._registry),  # type: ignore[attr-defined]  # noqa: SLF001
        len(multiprocessing.util._finalizer_registry),  # type: ignore[attr-defined]  # noqa: SLF001
        len(multiprocessing.process._children),  # type: ignore[attr-defined]  # noqa: SLF001
        len(threading._threading_atexits),  # type: ignore[attr-defined]  # noqa: SLF001
    )


def remember() -> None:
    """Take what is there now for what was there before the snippet."""
    _before.left = _left()


def wind_down() -> None:
    """Wait for threads that are not daemons, run the exit handlers; what these raise they print themselves."""
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001
    atexit._run_exitfuncs()  # noqa: SLF001


def tell_uncaught(exception: BaseException, programs: Container[str], *, by_default: bool) -> None:
    """Let ``sys.excepthook`` tell of an exception; the one that Python has only where that is asked for."""
    hook = sys.excepthook
    if hook is sys.__excepthook__:
        if not by_default:
            return
        hook = traceback.print_exception  # which knows the snippet's lines, as the builtin hook does not
    try:
        hook(type(exception), exception, _own(exception.__traceback__, programs))
    except BaseException as again:  # noqa: BLE001 - a hook that fails is told too, as Python does
        sys.__excepthook__(type(again), again, _own(again.__traceback__, programs))


def _own(trace: TracebackType | None, programs: Container[str]) -> TracebackType | None:
    """What is left of a traceback from the snippet's first frame on."""
    while trace and trace.tb_frame.f_code.co_filename not in programs:
        trace = trace.tb_next
    return trace


def _say(last_word: object) -> None:
    stream = sys.stderr or sys.__stderr__
    try:
        print(last_word, file=stream)
    except BaseException:  # noqa: BLE001 - whatever its __str__ or a replaced stream raises; Python goes on too
        print(file=sys.__stderr__)


def exit_code(exception: BaseException | None) -> int:
    """The code that Python would exit with; a ``SystemExit`` with a text prints it, as Python does."""
    if exception is None:
        return 0
    if not is_exit(exception):
        return 130 if issubclass(type(exception), KeyboardInterrupt) else 1
    match exception.code:
        case None:
            return 0
        case int(code):
            return code & 0xFF if -(2**63) <= code < 2**63 else 0xFF
        case other:
            _say(other)
            return 1


def is_exit(exception: BaseException) -> TypeGuard[SystemExit]:
    """Whether it is a ``SystemExit``. Only its type is asked: ``isinstance`` would also ask the snippet's own code."""
    return issubclass(type(exception), SystemExit)
