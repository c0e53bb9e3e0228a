"""Symbolic mode behind the walls: the answer is the original's, whatever either form of a program does."""

import pytest

from playground.contracts.events import Status
from playground.contracts.measured import Verdict
from playground.contracts.result import Result
from tests.support.rewriters import rewritten_as
from tests.support.runner import Bench

CALLS = "def add(a, b):\n    return a + b\n\n"
ENDLESS = "while True: pass"


@pytest.fixture(autouse=True)
def next_run_is_fine(bench: Bench) -> object:
    yield
    assert bench.run("print(1 + 1)").stdout == "2\n"


def symbolic(bench: Bench, source: str, stdin: str | None = None, **options: object) -> Result:
    return bench.run(source, "symbolic", stdin=stdin, options={"min_run_ms": 1, **options})


def verdict(result: Result) -> Verdict:
    (said,) = result.verdicts
    return said


def test_a_program_is_rewritten_judged_and_timed(bench: Bench) -> None:
    result = symbolic(bench, CALLS + "print(add(add(1, 2), add(3, 4)))")
    assert (result.status, result.stdout, verdict(result).outcome) == (Status.OK, "10\n", "same")
    assert [code.text for code in result.code if code.level == "released"] == ["print(10)\n"]
    assert [row.path for row in result.benchmarks] == ["original", "rewritten"]
    assert result.artifacts == ()


def test_what_is_read_and_what_is_written_is_the_runs_own(bench: Bench) -> None:
    source = CALLS + "name = input()\nopen('out', 'a').write(name)\nprint(name, add(1, 2))"
    result = symbolic(bench, source, stdin="Ada\n")
    assert (result.stdout, verdict(result).outcome) == ("Ada 3\n", "same")
    assert {file.name: file.size_bytes for file in result.artifacts} == {"out": 3}


def test_following_what_names_hold_does_nothing_twice(bench: Bench) -> None:
    source = (
        "import torch\nwith open('out', 'a') as file:\n    file.write('once')\nx = torch.ones(1000)\nprint(file.closed)"
    )
    result = symbolic(bench, source)
    assert (result.status, result.stdout, [said.outcome for said in result.verdicts]) == (Status.OK, "True\n", ["same"])
    assert {file.name: file.size_bytes for file in result.artifacts} == {"out": 4}
    assert {one.name: one.held_bytes for one in result.lifetimes if one.held_bytes} == {"x": 4000}


@pytest.mark.parametrize(
    "text",
    [
        ENDLESS,
        "while True: print('x' * 999)",
        "import os\nos.kill(os.getpid(), 9)",
        "import os\nos.closerange(0, 1000)\n" + ENDLESS,
        "import os\nos.setsid()\nos.fork()\n" + ENDLESS,
        "held = []\nwhile True: held.append(bytes(1 << 20) * 2)",
        "open('f', 'wb').write(bytes(1 << 30))",
    ],
)
def test_a_rewritten_program_that_runs_wild_does_not_end_the_run(bench: Bench, text: str) -> None:
    result = symbolic(bench, rewritten_as("print(1)", text))
    assert (result.status, result.exit_code, result.stdout) == (Status.OK, 0, "1\n")
    assert verdict(result).outcome == "differs"


@pytest.mark.parametrize(
    ("ending", "status"),
    [(ENDLESS, Status.TIMEOUT), ("while True: print('x' * 999)", Status.OUTPUT_LIMIT), ("1 / 0", Status.ERROR)],
)
def test_an_original_that_does_not_end_well_keeps_what_there_was(bench: Bench, ending: str, status: Status) -> None:
    result = symbolic(bench, CALLS + f"print(add(1, 2))\n{ending}", timeout_s=2)
    assert (result.status, result.stdout[:2]) == (status, "3\n")
    assert "released" in {code.level for code in result.code}
    assert [said.outcome for said in result.verdicts] == (["same"] if status is Status.ERROR else [])


def test_an_original_that_leaves_at_once_has_its_exit_code(bench: Bench) -> None:
    result = symbolic(bench, rewritten_as("import os\nprint(1)\nos._exit(5)", "print(1)"))
    assert (result.status, result.exit_code, result.stdout, result.verdicts) == (Status.ERROR, 5, "1\n", ())


def test_an_original_that_closes_all_that_it_can_keeps_its_output(bench: Bench) -> None:
    result = symbolic(bench, rewritten_as("import os\nprint(1)\nos.closerange(0, 1000)", "print(1)"))
    assert (result.stdout, result.verdicts) == ("1\n", ())


def test_a_time_limit_is_the_runs_not_the_comparisons(bench: Bench) -> None:
    result = symbolic(bench, CALLS + "import time\ntime.sleep(1)\nprint(add(1, 2))", timeout_s=3)
    assert (result.status, result.stdout, verdict(result).outcome) == (Status.OK, "3\n", "failed")
