"""Against the trusted wrapper: forged words to the runner, and what stands between it and the snippet, taken apart."""

from playground.selftest.attempt import Attempt, Snippet
from playground.selftest.layers import FORK_SERVER, KERNEL, MESSAGES, OUTPUT, RUNNER

_OWN = {"ok": RUNNER, "error": RUNNER}
_DROPPED = {"ok": MESSAGES}
"""Whatever it did, it did to its own answer."""

ATTEMPTS = (
    Attempt(
        "a forged end, file, start or place is not passed on",
        Snippet(
            """
            forged = (
                b'E{"type":"finished","status":"internal"}',
                b'E{"type":"artifact","name":"x","size_bytes":1,"sha256":"","url":"//elsewhere/x"}',
                b'E{"type":"accepted","run_id":"0","position":0}',
                b'E{"type":"started","environment":{"python":"2"}}',
                b'E{"type":"usage","wall_ns":0,"cpu_ns":0,"rss_bytes":0}',
                b'R',
            )
            for descriptor in range(3, 64):
                for message in forged:
                    try: os.write(descriptor, message)
                    except OSError: pass
            """
        ),
        _DROPPED,
    ),
    Attempt(
        "a forged last word ends the run that forged it",
        Snippet(
            """
            for descriptor in range(3, 64):
                try: os.write(descriptor, b'D{"exit_code":0}')
                except OSError: pass
            while True: pass
            """,
            timeout_s=2,
        ),
        {"ok": MESSAGES},
    ),
    Attempt(
        "an impossible last word, or number, is not believed",
        Snippet(
            """
            import socket
            channel = socket.socket(fileno=3)
            for last in (b'{"exit_code":99999}', b'{"limit":"patience"}', b'[]', b''):
                channel.send(b'D' + last)
            channel.send(b'E{"id":7,"type":"output"}')
            channel.send(b'E{"type":"stage","name":"execute","phase":"end","wall_ns":-1,"cpu_ns":1e999}')
            """
        ),
        _DROPPED,
    ),
    Attempt(
        "events that are not text, not JSON or too deep are dropped",
        Snippet(
            """
            import socket
            channel = socket.socket(fileno=3)
            for garbage in (os.urandom(1000), b"\\xff" * 1000, b"[" * 50_000, b'{"a":' * 9_000, b"9" * 50_000, b"\\0"):
                for tag in (b"E", b"P", b"D", b"?", b""):
                    channel.send(tag + garbage)
            """
        ),
        _DROPPED,
    ),
    Attempt(
        "a message longer than the channel takes is refused",
        Snippet(
            """
            import socket
            channel = socket.socket(fileno=3)
            attempt(channel.send, b"E" + bytes(1 << 26))
            """
        ),
        {"EMSGSIZE": KERNEL},
    ),
    Attempt(
        "a flood of events ends at the limit",
        Snippet(
            """
            import socket
            channel = socket.socket(fileno=3)
            text = json.dumps({"type": "output", "stream": "stdout", "text": "x" * 50_000}).encode()
            while True: channel.send(b"E" + text)
            """
        ),
        {"output_limit": OUTPUT},
    ),
    Attempt(
        "halves of events that are never completed end at the limit",
        Snippet(
            """
            import socket
            channel = socket.socket(fileno=3)
            while True: channel.send(b"P" + bytes(50_000))
            """
        ),
        {"output_limit": OUTPUT},
    ),
    Attempt(
        "millions of broken events in one hold nobody up",
        Snippet(
            "print(40 + 2)",
            beside="""
            import socket
            channel = socket.socket(fileno=3)
            print(json.dumps("about to"), flush=True)
            while True:
                for _ in range(500): channel.send(b"P" + b"xx\\n" * 19_000)
                channel.send(b"Exx")
            """,
        ),
        _DROPPED,
    ),
    Attempt(
        "a flood of empty messages leaves its neighbours their turn",
        Snippet(
            "print(40 + 2)",
            beside="""
            import socket
            channel = socket.socket(fileno=3)
            print(json.dumps("about to"), flush=True)
            while True: channel.send(b"E")
            """,
        ),
        _DROPPED,
    ),
    Attempt(
        "descriptors sent through the channel are not taken",
        Snippet(
            """
            import socket
            channel = socket.socket(fileno=3)
            for _ in range(500):
                try: socket.send_fds(channel, [b"?"], [0] * 200)
                except OSError as error: report(errno.errorcode[error.errno])
            """
        ),
        _OWN | {"ETOOMANYREFS": KERNEL},
    ),
    Attempt(
        "closing every descriptor ends only the run itself",
        Snippet("os.closerange(0, 1024)"),
        _OWN,
    ),
    Attempt(
        "a channel shut in both directions ends only the run itself",
        Snippet("import socket\nsocket.socket(fileno=3).shutdown(socket.SHUT_RDWR)"),
        _OWN,
    ),
    Attempt(
        "descriptors turned round end only the run itself",
        Snippet(
            """
            for descriptor in range(1, 5):
                os.dup2(0, descriptor)
            os.dup2(os.pipe()[0], 3)
            """
        ),
        _OWN,
    ),
    Attempt(
        "leaving by the back door is an end like another",
        Snippet("report('leaving')\nos._exit(0)"),
        {"leaving": RUNNER},
    ),
    Attempt(
        "exit handlers that exit, raise and print are an end like another",
        Snippet(
            """
            import atexit
            atexit.register(sys.exit, 7)
            atexit.register(lambda: 1 / 0)
            atexit.register(print, "late")
            sys.exit(0)
            """
        ),
        _OWN,
    ),
    Attempt(
        "Python taken apart takes apart only the run itself",
        Snippet(
            """
            import builtins
            def broken(*_, **__): raise RuntimeError("taken apart")
            for name in ("print", "len", "open", "isinstance"): setattr(builtins, name, broken)
            for name in ("write", "fork", "getpid"): setattr(os, name, broken)
            json.dumps = json.loads = broken
            """
        ),
        _OWN | {"internal": RUNNER, "timeout": RUNNER},
    ),
    Attempt(
        "this program's own modules speak for the snippet alone",
        Snippet(
            """
            import gc
            from playground.contracts.wire import Done
            from playground.runner.inside import Channel
            for one in gc.get_objects():
                if isinstance(one, Channel):
                    Channel.event = Channel.output = lambda *_: None
                    one.done(Done(exit_code=0))
            while True: pass
            """,
            timeout_s=2,
        ),
        _OWN | {"timeout": RUNNER},
    ),
    Attempt(
        "standard streams that are nothing, or fail, fail only the run itself",
        Snippet(
            """
            class Broken:
                def write(self, text): raise OSError("no")
                flush = fileno = property(lambda self: 1 / 0)
            sys.stderr = sys.__stderr__ = Broken()
            sys.stdout = sys.__stdout__ = None
            """
        ),
        _OWN | {"timeout": RUNNER, "internal": RUNNER},
    ),
    Attempt(
        "a thread that goes on printing after the end adds nothing",
        Snippet(
            """
            import threading
            def go_on():
                while True: os.write(1, b".")
            threading.Thread(target=go_on, daemon=True).start()
            report("end")
            """
        ),
        {"end": RUNNER, "output_limit": OUTPUT},
    ),
    Attempt(
        "a crash in C code is named, and is the run's own",
        Snippet("ctypes.string_at(0)"),
        {"killed": KERNEL},
    ),
    Attempt(
        "nothing that a run changes in Python is there in the next",
        Snippet(
            """
            import builtins, linecache
            found = [hasattr(builtins, "stain"), "stain" in sys.modules, "STAIN" in os.environ, json.loads("1") != 1]
            report("reached" if any(found) else "clean")
            """,
            before="""
            import builtins
            builtins.stain = sys.modules["stain"] = 1
            os.environ["STAIN"] = "1"
            json.loads = lambda text: 2
            """,
        ),
        {"clean": FORK_SERVER},
    ),
    Attempt(
        "files of one run are not there in the next",
        Snippet(
            """
            import tempfile
            places = (os.getcwd(), tempfile.gettempdir(), "/dev/shm")
            found = [name for place in places for name in names(place) if "stain" in name]
            report("reached" if found else "clean")
            """,
            before="""
            import tempfile
            for place in (os.getcwd(), tempfile.gettempdir(), "/dev/shm"):
                try:
                    for name in ("stain", ".stain"):
                        with open(f"{place}/{name}", "w") as file: file.write("x")
                except OSError: pass
            """,
        ),
        {"clean": FORK_SERVER},
    ),
)
