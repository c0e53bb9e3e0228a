"""How a Python process ends by itself: threads are waited for, exit handlers run, a code comes out."""

import atexit
import logging
import multiprocessing.process
import multiprocessing.util
import sys
import threading
import weakref

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


def exit_code(exception: BaseException | None) -> int:
    """The code that Python would exit with; a ``SystemExit`` with a text prints it, as Python does."""
    match exception:
        case None | SystemExit(code=None):
            return 0
        case SystemExit(code=int(code)):
            return code & 0xFF
        case SystemExit(code=other):
            print(other, file=sys.stderr)  # noqa: T201 - as Python does
            return 1
        case KeyboardInterrupt():
            return 130
        case _:
            return 1
