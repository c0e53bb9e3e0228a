"""Things planted on this machine for hostile snippets to find: whoever reads, changes or reaches one has escaped."""

import contextlib
import ctypes
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playground.settings import Settings
from playground.web.secret import FILE as SECRET_KEY

GONE_WITHIN_S = 10.0
LOOK_EVERY_S = 0.02
PAGE = 4096
_OPEN_FILE, _OPEN_DIRECTORY = 0o666, 0o777
_IPC_CREAT, _IPC_RMID = 0o1000, 0
_PUBLIC = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - where any user of a machine finds things

Untouched = Callable[[], bool]


@dataclass
class Canaries:
    """What was planted."""

    places: dict[str, object] = field(default_factory=dict)
    """Where; an attacker is told."""
    secrets: dict[str, bytes] = field(default_factory=dict)
    """What must never come out of a sandbox, by what it is kept in."""
    checks: dict[str, Untouched] = field(default_factory=dict)

    def found(self, said: Iterable[bytes]) -> list[str]:
        """Name the canaries whose secrets were said."""
        everything = b"\n".join(said)
        return [name for name, secret in self.secrets.items() if secret in everything]

    def touched(self) -> list[str]:
        """Name the canaries that are not as they were planted."""
        return [name for name, untouched in self.checks.items() if not untouched()]

    def plant(self, name: str, where: object, untouched: Untouched) -> None:
        """Take note of one."""
        self.places[name] = where
        self.checks[name] = untouched

    def secret(self, name: str) -> bytes:
        """Make a secret to be kept in it."""
        self.secrets[name] = f"canary-{secrets.token_hex(16)}".encode()
        return self.secrets[name]


@contextlib.contextmanager
def plant(settings: Settings) -> Iterator[Canaries]:
    """Plant them around a deployment; they are taken away in the end."""
    canaries = Canaries()
    with contextlib.ExitStack() as stack:
        _data(canaries, stack, settings)
        _directories(canaries, stack)
        _internet(canaries, stack)
        _unix(canaries, stack)
        _process(canaries, stack)
        _shared_memory(canaries, stack)
        canaries.plant("marker", f"left-{secrets.token_hex(8)}", lambda: _gone(str(canaries.places["marker"])))
        yield canaries


def _data(canaries: Canaries, stack: contextlib.ExitStack, settings: Settings) -> None:
    """What only the server may read; of its own files the key."""
    path = settings.data_dir / f"canary-{secrets.token_hex(4)}"
    _file(canaries, "data file", path)
    path.chmod(0o600)
    stack.callback(path.unlink, missing_ok=True)
    canaries.places["data directory"] = str(settings.data_dir)
    canaries.places["runner socket"] = str(settings.runner_socket("cpu"))
    key = settings.data_dir / SECRET_KEY
    canaries.places["secret key"] = str(key)
    if key.exists():
        canaries.secrets["secret key"] = key.read_bytes().strip()


def _directories(canaries: Canaries, stack: contextlib.ExitStack) -> None:
    """What any user may read and write, as far as this machine lets anybody."""
    paths = []
    for parent in _PUBLIC:
        if not os.access(parent, os.W_OK):
            continue
        directory = Path(tempfile.mkdtemp(prefix="canary-", dir=parent))
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        directory.chmod(_OPEN_DIRECTORY)
        path = directory / "secret"
        _file(canaries, f"file in {parent}", path)
        path.chmod(_OPEN_FILE)
        paths.append(str(path))
    canaries.places["public files"] = paths
    canaries.places["public directory"] = str(Path(paths[0]).parent)


def _file(canaries: Canaries, name: str, path: Path) -> None:
    content = canaries.secret(name)
    path.write_bytes(content)
    canaries.plant(name, str(path), lambda: _is_alone(path) and path.read_bytes() == content)


def _is_alone(path: Path) -> bool:
    """Whether nothing was put beside it in its directory, if that is its own, nor linked to it."""
    own = path.parent.name.startswith("canary-")
    return path.exists() and path.stat().st_nlink == 1 and (not own or [*path.parent.iterdir()] == [path])


def _internet(canaries: Canaries, stack: contextlib.ExitStack) -> None:
    for name, family, address in (("tcp", socket.AF_INET, "127.0.0.1"), ("tcp6", socket.AF_INET6, "::1")):
        canaries.places[name] = 0
        with contextlib.suppress(OSError):  # a machine without IPv6 has nobody there to be reached
            listener = stack.enter_context(socket.create_server((address, 0), family=family))
            _listen(canaries, name, listener, listener.getsockname()[1])
    receiver = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    receiver.bind(("127.0.0.1", 0))
    _listen(canaries, "udp", receiver, receiver.getsockname()[1])


def _unix(canaries: Canaries, stack: contextlib.ExitStack) -> None:
    directory = Path(tempfile.mkdtemp(prefix="listener-"))
    stack.callback(shutil.rmtree, directory, ignore_errors=True)
    directory.chmod(_OPEN_DIRECTORY)
    path = directory / "socket"
    name = f"canary-{secrets.token_hex(8)}"
    for kind, address in (("unix socket", str(path)), ("abstract socket", f"\0{name}")):
        listener = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        listener.bind(address)
        listener.listen()
        _listen(canaries, kind, listener, address.lstrip("\0"))
    path.chmod(_OPEN_FILE)


def _listen(canaries: Canaries, name: str, listener: socket.socket, where: object) -> None:
    listener.settimeout(0)
    canaries.plant(name, where, lambda: _saw_nobody(listener))


def _saw_nobody(listener: socket.socket) -> bool:
    try:
        if listener.type is socket.SOCK_DGRAM:
            listener.recv(1)
        else:
            listener.accept()[0].close()
    except BlockingIOError:
        return True
    return False


def _process(canaries: Canaries, stack: contextlib.ExitStack) -> None:
    """A process of the server's user, with a secret in its environment and its memory."""
    secret = canaries.secret("process").decode()
    code = "import os, signal; kept = os.environ['CANARY']; signal.pause()"
    command = [sys.executable, "-I", "-c", code, "canary-argument"]
    process = stack.enter_context(subprocess.Popen(command, env={"CANARY": secret}))  # noqa: S603 - our own code
    stack.callback(process.kill)
    canaries.plant("process", process.pid, lambda: process.poll() is None)


def _shared_memory(canaries: Canaries, stack: contextlib.ExitStack) -> None:
    """A segment of System V's that any user may attach (shmget(2), shmat(2))."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    key = secrets.randbelow(1 << 31)
    segment = libc.shmget(key, PAGE, _IPC_CREAT | _OPEN_FILE)
    if segment < 0:
        raise OSError(ctypes.get_errno(), "shmget")
    address = libc.shmat(segment, None, 0)
    stack.callback(libc.shmctl, segment, _IPC_RMID, None)
    stack.callback(libc.shmdt, ctypes.c_void_p(address))
    content = canaries.secret("shared memory")
    ctypes.memmove(address, content, len(content))
    where = {"key": key, "id": segment}
    canaries.plant("shared memory", where, lambda: ctypes.string_at(address, len(content)) == content)


def _gone(marker: str) -> bool:
    """Whether no process carries the marker, as soon as those have gone that are being taken down."""
    deadline = time.monotonic() + GONE_WITHIN_S
    while _is_running(marker.encode()):
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_EVERY_S)
    return True


def _is_running(marker: bytes) -> bool:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if marker in path.read_bytes():
                return True
        except (FileNotFoundError, ProcessLookupError):
            continue
    return False


def told(canaries: Canaries, neighbour: object, facts: dict[str, object]) -> str:
    """Write what a hostile snippet is told, as the line that it reads."""
    return json.dumps({**canaries.places, **facts, "neighbour": neighbour}) + "\n"
