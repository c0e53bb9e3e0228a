"""However a snippet leaves, its end is named and the service goes on."""

from pathlib import Path

import pytest

from playground.contracts.events import Status
from tests.support.runner import Bench


@pytest.fixture(autouse=True)
def next_run_is_fine(bench: Bench) -> object:
    yield
    assert bench.run("print(1 + 1)").stdout == "2\n"


def test_a_segmentation_fault_is_named(bench: Bench) -> None:
    result = bench.run("print('before')\nimport ctypes; ctypes.string_at(0)")
    assert (result.status, result.signal) == (Status.KILLED, "SIGSEGV")
    assert result.stdout == "before\n"


def test_an_abort_is_named(bench: Bench) -> None:
    assert bench.run("import os; os.abort()").signal == "SIGABRT"


def test_killing_itself_is_named(bench: Bench) -> None:
    assert bench.run("import os; os.kill(os.getpid(), 9)").signal == "SIGKILL"


@pytest.mark.parametrize(("code", "status"), [(0, Status.OK), (3, Status.ERROR)])
def test_leaving_through_the_back_door_keeps_output_and_exit_code(bench: Bench, code: int, status: Status) -> None:
    result = bench.run(f"print('before')\nimport os; os._exit({code})")
    assert (result.status, result.exit_code, result.stdout) == (status, code, "before\n")


def test_sys_exit_is_an_error_with_its_code(bench: Bench) -> None:
    result = bench.run("import sys; sys.exit(4)")
    assert (result.status, result.exit_code) == (Status.ERROR, 4)


def test_garbage_on_every_descriptor_degrades_only_its_own_answer(bench: Bench) -> None:
    source = "import os\nfor fd in range(64):\n  try: os.write(fd, os.urandom(999))\n  except OSError: pass\nprint('still here')"
    result = bench.run(source)
    assert result.status is Status.OK
    assert "still here" in result.stdout


def test_files_left_behind_are_collected_links_and_pipes_are_not(bench: Bench) -> None:
    source = """
import os
open('result.txt', 'w').write('forty-two')
os.makedirs('deep/er'); open('deep/er/x', 'w').write('y')
os.symlink('/etc/passwd', 'link'); os.mkfifo('pipe'); open('.hidden', 'w').write('z')
"""
    result = bench.run(source)
    assert {artifact.name: artifact.size_bytes for artifact in result.artifacts} == {"result.txt": 9, "deep/er/x": 1}
    file = bench.client.fetch(result.run_id, "result.txt")
    assert Path(file.path).read_text(encoding="utf-8") == "forty-two"


def test_files_are_collected_after_a_crash_too(bench: Bench) -> None:
    result = bench.run("open('saved', 'w').write('x')\nimport os; os.abort()")
    assert [artifact.name for artifact in result.artifacts] == ["saved"]


def test_files_over_the_bound_are_left_out(bench: Bench) -> None:
    result = bench.run("open('a', 'wb').write(b'x' * 100)\nopen('b', 'wb').write(b'x' * (5 << 20))")
    assert [artifact.name for artifact in result.artifacts] == ["a"]


def test_the_largest_request_there_can_be_is_run(bench: Bench) -> None:
    source = "import sys\nprint(len(sys.stdin.read()))\n#"
    source += "\x01" * (65_536 - len(source))
    assert bench.run(source, stdin="\x01" * 65_536).stdout == "65536\n"


def test_what_python_subprocesses_and_descriptors_print_keeps_its_order(bench: Bench) -> None:
    source = """
import os, subprocess
for n in range(5):
    print("python", n)
    os.write(1, f"descriptor {n}\\n".encode())
    subprocess.run(["echo", "subprocess", str(n)])
"""
    words = [line.split() for line in bench.run(source).stdout.splitlines()]
    assert words == [[who, str(n)] for n in range(5) for who in ("python", "descriptor", "subprocess")]


def test_output_and_errors_keep_their_order(bench: Bench) -> None:
    source = "import sys\nfor n in range(5):\n    print('out', n)\n    print('err', n, file=sys.stderr)"
    said = [(piece.stream, piece.text) for piece in bench.run(source).output]
    assert said == [pair for n in range(5) for pair in (("stdout", f"out {n}\n"), ("stderr", f"err {n}\n"))]
