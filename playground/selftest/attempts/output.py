"""Against what is kept and sent: more of it than anybody asked for."""

from playground.selftest.attempt import Attempt, Snippet
from playground.selftest.layers import MEMORY, MESSAGES, OUTPUT

_ENDS = {"output_limit": OUTPUT}

ATTEMPTS = (
    Attempt("a flood of lines ends at the limit", Snippet("while True: print('x' * 1000)"), _ENDS),
    Attempt("a flood of bytes ends at the limit", Snippet("while True: os.write(1, b'\\xff' * 60_000)"), _ENDS),
    Attempt("a flood of errors ends at the limit", Snippet("while True: sys.stderr.write('x' * 100)"), _ENDS),
    Attempt("a flood by another program ends at the limit", Snippet("import subprocess\nsubprocess.run('yes')"), _ENDS),
    Attempt(
        "a flood by threads and children at once ends at the limit",
        Snippet(
            """
            import threading
            def flood():
                while True: os.write(2, b"x" * 4096)
            os.fork()
            for _ in range(4):
                threading.Thread(target=flood).start()
            """
        ),
        _ENDS,
    ),
    Attempt(
        "an exception whose message is a hundred megabytes is cut",
        Snippet("raise ValueError('x' * 100_000_000)"),
        {"error": MESSAGES, "memory_limit": MEMORY},
    ),
    Attempt(
        "a last value whose text is a hundred megabytes is cut",
        Snippet("'x' * 100_000_000"),
        {"ok": MESSAGES, "output_limit": OUTPUT, "memory_limit": MEMORY},
    ),
    Attempt(
        "a traceback of thousands of frames is cut",
        Snippet(
            """
            sys.setrecursionlimit(10_000)
            def deep(level): return deep(level - 1) if level else 1 / 0
            deep(5_000)
            """
        ),
        {"error": MESSAGES},
    ),
)
