"""Against time: runs that would not end."""

from playground.selftest.attempt import Attempt, Snippet
from playground.selftest.layers import TIME

_STOPS = {"timeout": TIME}

ATTEMPTS = (
    Attempt("an endless loop ends", Snippet("while True: pass", timeout_s=0.5), _STOPS),
    Attempt("a sleeper ends", Snippet("import time\ntime.sleep(1000)", timeout_s=0.5), _STOPS),
    Attempt(
        "ignoring every signal prolongs nothing",
        Snippet(
            """
            import signal
            for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
                signal.signal(number, signal.SIG_IGN)
            while True: pass
            """,
            timeout_s=0.5,
        ),
        _STOPS,
    ),
    Attempt(
        "a loop in C code that never comes back to Python ends",
        Snippet("import re\nre.match('(a+)+$', 'a' * 60 + 'b')", timeout_s=0.5),
        _STOPS,
    ),
    Attempt(
        "a process that stops itself ends",
        Snippet("import signal\nos.kill(os.getpid(), signal.SIGSTOP)", timeout_s=0.5),
        _STOPS,
    ),
    Attempt(
        "a thread that goes on after the last statement ends",
        Snippet("import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()", timeout_s=0.5),
        _STOPS,
    ),
    Attempt(
        "an exit handler that never returns ends",
        Snippet("import atexit, time\natexit.register(time.sleep, 1000)", timeout_s=0.5),
        _STOPS,
    ),
    Attempt(
        "a finalizer that never returns ends",
        Snippet(
            """
            import time
            class Stubborn:
                def __del__(self): time.sleep(1000)
            one = Stubborn()
            del one
            """,
            timeout_s=0.5,
        ),
        _STOPS,
    ),
    Attempt(
        "an exception that takes for ever to print ends",
        Snippet(
            """
            class Endless(Exception):
                def __str__(self):
                    while True: pass
            raise Endless
            """,
            timeout_s=0.5,
        ),
        _STOPS,
    ),
)
