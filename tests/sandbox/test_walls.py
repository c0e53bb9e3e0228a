"""What a snippet can see and call."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from playground.contracts.request import Mode, RunRequest
from tests.support.runner import Bench


def look(bench: Bench, source: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """What a snippet finds: it prints JSON."""
    result = bench.run("import json, os\n" + source)
    assert result.error is None, result.error
    return json.loads(result.stdout)


def refused(bench: Bench, call: str) -> str:
    """The error that a call gets."""
    result = bench.run(
        f"import os, socket, ctypes, errno\ntry:\n  {call}\n  print('done')\nexcept OSError as e:\n  print(errno.errorcode[e.errno])"
    )
    return result.stdout.strip()


def test_it_is_nobody_special(bench: Bench) -> None:
    assert look(bench, "print(json.dumps([os.getuid(), os.getgid(), os.getgroups()]))") == [1000, 1000, []]


def test_it_has_no_capability_and_cannot_gain_any(bench: Bench) -> None:
    rows = look(
        bench, "print(json.dumps(dict(l.split(':\\t') for l in open('/proc/self/status').read().splitlines())))"
    )
    assert isinstance(rows, dict)
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(rows[name], 16) == 0
    assert rows["NoNewPrivs"] == "1"
    assert rows["Seccomp"] == "2"


def test_it_sees_only_its_own_processes(bench: Bench) -> None:
    assert look(bench, "print(json.dumps(sorted(int(p) for p in os.listdir('/proc') if p.isdigit())))") == [1, 2]


@pytest.mark.parametrize(
    "path", ["/root", "/home", "/etc/shadow", "/var", "/sys", "/proc/1/root", "/proc/1/environ", "/proc/1/mem"]
)
def test_nothing_of_the_host_can_be_read(bench: Bench, path: str) -> None:
    call = f"os.listdir({path!r}) if os.path.isdir({path!r}) else open({path!r}, 'rb').read()"
    assert refused(bench, call) in {"EACCES", "ENOENT", "EPERM"}


def test_the_servers_data_is_not_there(bench: Bench) -> None:
    assert look(bench, f"print(json.dumps(os.path.exists({str(bench.data_dir)!r})))") is False


def test_no_secret_of_the_server_is_in_the_environment(bench: Bench) -> None:
    there = look(bench, "print(json.dumps([dict(os.environ), open('/proc/self/environ').read()]))")
    assert isinstance(there, list)
    assert not [name for name in there[0] if name.startswith("PLAYGROUND_")]
    assert "PLAYGROUND_" not in there[1]


def test_the_host_has_no_name_here(bench: Bench) -> None:
    assert look(bench, "import socket; print(json.dumps(socket.gethostname()))") == "playground"
    assert socket.gethostname() != "playground"


@pytest.mark.parametrize("directory", ["/", "/usr", "/etc", "/dev", "/proc", "/bin"])
def test_the_root_is_read_only(bench: Bench, directory: str) -> None:
    path = Path(directory, "planted")
    assert refused(bench, f"open({str(path)!r}, 'w')") in {"EROFS", "EACCES", "ENOENT"}


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("socket.socket(socket.AF_INET)", {"ENOSYS", "EPERM", "EACCES"}),
        ("socket.socket(socket.AF_INET6)", {"ENOSYS", "EPERM", "EACCES"}),
        ("socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)", {"ENOSYS", "EPERM", "EACCES"}),
        ("socket.socket(38)", {"ENOSYS", "EPERM", "EACCES"}),
        ("os.setuid(0)", {"EPERM"}),
        ("os.chroot('/tmp')", {"EPERM"}),
        ("os.mknod('/tmp/sda', 0o60666, os.makedev(8, 0)); open('/tmp/sda')", {"EPERM", "EACCES"}),
    ],
)
def test_dangerous_calls_are_refused(bench: Bench, call: str, answer: set[str]) -> None:
    assert refused(bench, call) in answer


@pytest.mark.parametrize(
    ("name", "number", "argument"),
    [
        ("unshare", 272, 0x10000000),
        ("setns", 308, 0),
        ("mount", 165, 0),
        ("ptrace", 101, 0),
        ("bpf", 321, 0),
        ("io_uring_setup", 425, 8),
        ("userfaultfd", 323, 0),
        ("keyctl", 250, 0),
        ("perf_event_open", 298, 0),
        ("kexec_load", 246, 0),
        ("clone3", 435, 0),
    ],
)
def test_system_calls_that_open_the_kernel_are_refused(bench: Bench, name: str, number: int, argument: int) -> None:
    source = f"import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nprint(json.dumps([libc.syscall({number}, {argument}, 0, 0, 0, 0), ctypes.get_errno()]))"
    result, error = look(bench, source)
    assert result == -1, name
    assert error in {1, 38}, name


def test_a_namespace_by_clone_is_refused(bench: Bench) -> None:
    source = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nprint(json.dumps([libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0), ctypes.get_errno()]))"
    result, error = look(bench, source)
    assert (result, error) in {(-1, 1), (-1, 38)}


def test_another_run_cannot_be_reached(bench: Bench) -> None:
    """Two runs at a time: neither sees the other's processes, files or abstract sockets."""
    source = """
import socket, time
s = socket.socket(socket.AF_UNIX); s.bind('\\0canary'); s.listen()
open('/tmp/canary', 'w').write('x'); open('/dev/shm/canary', 'w').write('x')
print('up', flush=True)
time.sleep(1000)
"""
    neighbour = bench.client.run(RunRequest(source=source, mode=Mode.IMPERATIVE))
    next(event for event in neighbour if event.type == "output")
    probe = """
import socket
found = [p for p in ('/tmp/canary', '/dev/shm/canary') if os.path.exists(p)]
try: socket.socket(socket.AF_UNIX).connect('\\0canary'); found.append('socket')
except OSError: pass
print(json.dumps(found + [p for p in os.listdir('/proc') if p.isdigit() and int(p) > 2]))
"""
    assert look(bench, probe) == []
    neighbour.close()


def test_the_runners_socket_is_for_its_user_alone(bench: Bench) -> None:
    assert Path(bench.data_dir, "run", "cpu.sock").stat().st_mode & 0o077 == 0
