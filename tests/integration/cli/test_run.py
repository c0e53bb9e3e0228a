"""``playground run``: a snippet from a file to the terminal, without a web server or through one."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.serving import Served

Playground = Callable[..., "subprocess.CompletedProcess[str]"]
pytestmark = pytest.mark.sandbox


@pytest.fixture(params=["here", "on a server"])
def run(request: pytest.FixtureRequest, playground: Playground, served: Served) -> Playground:
    """``playground run`` both ways: what a user sees must not depend on which."""
    where = ["--server", served.url] if request.param == "on a server" else []
    return lambda source, *arguments: playground("run", *where, *arguments, "-", stdin=source)


def test_what_a_snippet_prints_is_printed(run: Playground) -> None:
    done = run("import sys\nprint(10)\nprint('oh', file=sys.stderr)\n")
    assert (done.stdout, done.stderr, done.returncode) == ("10\n", "oh\n", 0)


@pytest.mark.parametrize(
    ("source", "code"), [("import sys; sys.exit(3)", 3), ("import os; os._exit(9)", 9), ("raise SystemExit", 0)]
)
def test_the_exit_code_is_the_snippets(run: Playground, source: str, code: int) -> None:
    assert run(source).returncode == code


def test_an_exception_names_its_line_on_stderr(run: Playground) -> None:
    done = run("def f(x):\n    return 1 / x\n\nprint('before')\nf(0)\n")
    assert (done.stdout, done.returncode) == ("before\n", 1)
    assert 'File "<snippet>", line 2, in f' in done.stderr
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")
    assert "playground" not in done.stderr


def test_a_syntax_error_names_its_line(run: Playground) -> None:
    done = run("x = 1\ny = (\n")
    assert (done.stdout, done.returncode) == ("", 1)
    assert "SyntaxError" in done.stderr
    assert "line 2" in done.stderr


def test_the_result_can_be_had_as_json(run: Playground) -> None:
    done = run("print(10)", "--json")
    result = json.loads(done.stdout)
    assert (result["status"], result["mode"], result["output"]) == (
        "ok",
        "imperative",
        [{"stream": "stdout", "text": "10\n"}],
    )
    assert {"ast", "bytecode"} <= {code["level"] for code in result["code"]}


def test_json_exits_as_the_snippet_does(run: Playground) -> None:
    assert run("raise SystemExit(4)", "--json").returncode == 4


def test_a_mode_is_chosen(run: Playground) -> None:
    result = json.loads(run("prog = 'print(1 + 2 + 3 + 4)'", "--mode", "symbolic", "--json").stdout)
    assert (result["mode"], result["output"]) == ("symbolic", [{"stream": "stdout", "text": "10\n"}])


def test_a_signal_is_an_exit_code(run: Playground) -> None:
    done = run("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert (done.returncode, done.stderr) == (139, "Killed by SIGSEGV\n")


def test_a_file_and_its_input_are_read(playground: Playground, tmp_path: Path) -> None:
    (tmp_path / "echo.py").write_text("print(input().upper())\n", encoding="utf-8")
    (tmp_path / "input.txt").write_text("grüß\n", encoding="utf-8")
    done = playground("run", str(tmp_path / "echo.py"), "--stdin", str(tmp_path / "input.txt"))
    assert done.stdout == "GRÜSS\n"


def test_output_arrives_while_the_snippet_still_runs(served: Served) -> None:
    source = "print('first', flush=True)\nimport threading\nthreading.Event().wait()\n"
    command = [sys.executable, "-m", "playground", "run", "-"]
    with subprocess.Popen(
        command, env=served.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(source)
        process.stdin.close()
        assert process.stdout.readline() == "first\n"
        assert process.poll() is None
        process.terminate()


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (["no-such-file.py"], "", "No such file"),
        (["--mode", "quantum", "-"], "", "quantum"),
        (["-"], "#" * 65_537, "65,537 bytes"),
        (["--server", "ftp://host", "-"], "", "begins with http"),
        (["--server", "http://127.0.0.1:1", "-"], "", "refused"),
    ],
)
def test_what_cannot_be_run_is_refused_in_words(
    playground: Playground, arguments: list[str], stdin: str, words: str
) -> None:
    done = playground("run", *arguments, stdin=stdin)
    assert (done.stdout, done.returncode) == ("", 2)
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_device_that_nobody_serves_is_said_by_the_server(playground: Playground, served: Served) -> None:
    done = playground("run", "--server", served.url, "--device", "cuda", "-", stdin="1")
    assert (done.returncode, done.stdout) == (2, "")
    assert "No worker serves the device 'cuda'" in done.stderr


def test_without_any_server_a_runner_of_its_own_is_used_and_cleared_away(tmp_path: Path) -> None:
    environment = os.environ | {"PLAYGROUND_DATA_DIR": str(tmp_path / "data"), "TMPDIR": str(tmp_path)}
    assert tempfile.gettempdir() != str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "playground", "run", "-"],
        input="import torch; print(torch.ones(2).sum().item())",
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("2.0\n", "", 0)
    assert list(tmp_path.iterdir()) == []
