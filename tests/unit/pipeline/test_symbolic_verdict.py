"""The verdict of symbolic mode: a rewritten program is run, and whoever could tell it from the original is believed."""

import pytest

from playground.contracts.measured import Verdict
from tests.support.pipeline import Outcome, RunSnippet
from tests.support.rewriters import failing, rewritten_as

CALLS = "def add(a, b):\n    return a + b\n\n"
USES = "import os, random, subprocess, sys, threading, time\n"


def symbolic(run_snippet: RunSnippet, source: str, **more: object) -> Outcome:
    return run_snippet(source, mode="symbolic", min_run_ms=1, **more)


def verdict(outcome: Outcome) -> Verdict:
    (said,) = outcome.of("verdict")
    assert isinstance(said, Verdict)
    assert (said.subject, said.against) == ("rewritten", "original")
    return said


def judged(run_snippet: RunSnippet, program: str, text: str, **more: object) -> Verdict:
    return verdict(symbolic(run_snippet, rewritten_as(program, text), **more))


def test_a_program_that_was_rewritten_is_the_same(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, CALLS + "print(add(1, 2))")
    assert (outcome.stdout, verdict(outcome).outcome) == ("3\n", "same")
    assert outcome.level("released").text == "print(3)\n"


def test_what_no_pass_changed_needs_no_comparison_and_says_so(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, "print(10)")
    assert verdict(outcome).outcome == "same"
    assert "nothing to compare" in (verdict(outcome).message or "")
    assert outcome.of("benchmark") == []
    assert [code.level for code in outcome.of("code")] == ["program", "ast", "bytecode"]


def test_the_answer_comes_before_the_comparison(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, CALLS + "print(add(1, 2))\n1 / 0")
    kinds = [event.type for event in outcome.events]
    assert kinds.index("error") < kinds.index("verdict")
    assert verdict(outcome).outcome == "same"


@pytest.mark.parametrize(
    ("program", "text", "said"),
    [
        ("print(1)", "print(2)", "Line 1 of stdout is '2' instead of '1'."),
        ("print(1)", "print(1)\nprint(2)", "Line 2 of stdout is '2' instead of ''."),
        (USES + "print(1, file=sys.stderr)", "pass", "Line 1 of stderr is '' instead of '1'."),
        ("1 / 0", "[][0]", "It raises IndexError: list index out of range; the original raises ZeroDivisionError"),
        ("int('a')", "int('b')", "invalid literal for int() with base 10: 'b'"),
        ("pass", "1 / 0", "It raises ZeroDivisionError: division by zero; the original ends."),
        (USES + "sys.exit(3)", USES + "sys.exit(4)", "It ends with exit code 4; the original ends with exit code 3."),
        (USES + "sys.exit(0)", USES + "os._exit(0)", "It leaves with exit code 0 at once; the original ends."),
        ("pass", USES + "os.kill(os.getpid(), 9)", "It is killed by SIGKILL; the original ends."),
        ("pass", "while True: pass", "It does not end in time; the original ends."),
        ("print(1)", "while True: print('x' * 9999)", "It prints without end; the original ends."),
        (USES + "open('f', 'w').write('a')", USES + "open('f', 'w').write('b')", "The files that it leaves differ: f."),
    ],
)
def test_a_wrong_rewriting_is_shown_and_the_answer_is_the_originals(
    run_snippet: RunSnippet, program: str, text: str, said: str
) -> None:
    plain = run_snippet(program)
    outcome = symbolic(run_snippet, rewritten_as(program, text))
    assert (verdict(outcome).outcome, outcome.stdout, outcome.stderr) == ("differs", plain.stdout, plain.stderr)
    assert [done.exit_code for done in outcome.last_words] == [done.exit_code for done in plain.last_words]
    assert said in (verdict(outcome).message or "")


@pytest.mark.parametrize(
    "program",
    [
        "print(time.perf_counter_ns())",
        "print(id(object()), id([]))",
        "print(os.urandom(8))",
        "print(os.getpid())",
        "began = time.perf_counter()\nsum(range(10))\nprint(f'{time.perf_counter() - began:.9f}')",
    ],
)
def test_a_program_that_differs_from_itself_is_not_held_against_the_rewriting(
    run_snippet: RunSnippet, program: str
) -> None:
    said = judged(run_snippet, USES + program, USES + "held = [object(), object(), []]\n" + program)
    assert said.outcome == "nondeterministic"
    assert "Two runs of the original differ too" in (said.message or "")


@pytest.mark.parametrize(
    "draw", ["random.random()", "numpy.random.rand()", "torch.rand(1)", "random.sample(range(99), 9)"]
)
def test_unseeded_random_numbers_are_the_same_for_both(run_snippet: RunSnippet, draw: str) -> None:
    program = f"import random, numpy, torch\nprint({draw})"
    assert judged(run_snippet, program, program).outcome == "same"


@pytest.mark.parametrize(
    "program",
    [
        "print(input()[::-1], sys.stdin.read())",
        "print(open('f', 'x').write('a'), os.listdir())",
        "os.mkdir('d'); os.chdir('d'); print(os.getcwd())",
        "t = threading.Thread(target=lambda: (time.sleep(0.01), print('late')))\nt.start()",
        "import atexit\natexit.register(print, 'bye')",
        "print(subprocess.run(['echo', 'hello'], capture_output=True).stdout)\nsubprocess.run(['echo', 'there'])",
        "subprocess.Popen(['sleep', '100'])",
        "os.closerange(0, 3)",
        "sys.exit('no')",
        "sys.stdout.write('no newline')\nsys.stderr.write('none')",
        "pid = os.fork()\nif pid == 0:\n    print('child')\n    os._exit(0)\nos.wait()",
        "sys.excepthook = lambda *all: print('hooked', all[0])\n1 / 0",
    ],
)
def test_both_run_alike_whatever_they_do(run_snippet: RunSnippet, program: str) -> None:
    outcome = symbolic(run_snippet, rewritten_as(USES + program, USES + program), stdin="first\nsecond\n")
    assert (verdict(outcome).outcome, verdict(outcome).message) == ("same", None)


def test_the_original_reads_its_input_and_both_forms_read_it_again(run_snippet: RunSnippet) -> None:
    source = CALLS + "print(input(), add(1, 2), input())"
    outcome = symbolic(run_snippet, source, stdin="a\nb\n")
    assert (outcome.stdout, verdict(outcome).outcome) == ("a 3 b\n", "same")
    assert outcome.of("benchmark") == []


def test_what_was_read_before_the_program_was_built_stays_read(run_snippet: RunSnippet) -> None:
    source = f"name = input()\nexec('''{CALLS}print(add(1, 2), ''' + repr(name) + ', input())')"
    outcome = symbolic(run_snippet, source, stdin="a\nb\n")
    assert (outcome.stdout, verdict(outcome).outcome) == ("3 a b\n", "same")


def test_files_that_were_there_before_are_there_for_both_and_stay_as_they_are(run_snippet: RunSnippet) -> None:
    program = "print(open('f').read())\nopen('f', 'a').write('b')"
    source = "open('f', 'w').write('a')\n" + rewritten_as(program, program) + "print(open('f').read())"
    outcome = symbolic(run_snippet, source)
    assert (outcome.stdout, verdict(outcome).outcome) == ("a\nab\n", "same")


def test_a_wait_for_any_child_does_not_find_ours(run_snippet: RunSnippet) -> None:
    program = USES + "try:\n    os.wait()\nexcept ChildProcessError:\n    print('none')"
    outcome = symbolic(run_snippet, rewritten_as(program, program + "\nprint('more')"))
    assert (outcome.stdout, verdict(outcome).outcome) == ("none\n", "differs")


def test_warnings_and_tracebacks_name_the_originals_lines(run_snippet: RunSnippet) -> None:
    source = CALLS + "import warnings\n\nwarnings.warn(f'careful {add(1, 2)}')\nprint(add(2, 2))"
    outcome = symbolic(run_snippet, source)
    assert outcome.of("verdict")[0].outcome == "same"
    assert "<snippet>:6: UserWarning: careful 3" in outcome.stderr


def test_what_a_last_expression_displays_counts(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, CALLS + "add(20, 22)")
    assert [shown.data for shown in outcome.of("display")] == ["42"]
    assert verdict(outcome).outcome == "same"


@pytest.mark.parametrize("ending", ["os._exit(3)", "os.kill(os.getpid(), 9)"])
def test_an_original_that_leaves_at_once_has_its_own_end_and_no_verdict(run_snippet: RunSnippet, ending: str) -> None:
    outcome = symbolic(run_snippet, rewritten_as(USES + f"print(1)\n{ending}", "print(1)"))
    assert outcome.stdout == "1\n"
    assert outcome.exit_status == (3 << 8 if "exit" in ending else 9)
    assert outcome.of("verdict") == []


def test_a_rewriter_that_fails_harms_nothing(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, failing("print(1)"))
    assert (outcome.stdout, verdict(outcome).outcome, verdict(outcome).stage) == ("1\n", "failed", "rewrite")


def test_a_rewriting_that_is_no_program_harms_nothing(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, rewritten_as("print(1)", "print(1"))
    assert (outcome.stdout, verdict(outcome).outcome, verdict(outcome).stage) == ("1\n", "failed", "compile")


@pytest.mark.parametrize(
    ("before", "call", "why"),
    [
        ("", "exec(code, {}, {})", "one namespace for its globals and locals"),
        ("", "exec(code, {chr(112) + 'rint': print})", "`print` is not Python's own"),
        (
            "import threading, time\nthreading.Thread(target=time.sleep, args=(0.5,)).start()",
            "exec(code)",
            "Threads run",
        ),
    ],
)
def test_what_cannot_be_compared_says_why(run_snippet: RunSnippet, before: str, call: str, why: str) -> None:
    program = CALLS + "print(3)\nadd(1, 2)"
    outcome = symbolic(run_snippet, f"{before}\ncode = compile({program!r}, '', 'exec')\n{call}")
    assert (outcome.stdout, verdict(outcome).outcome) == ("3\n", "failed")
    assert why in (verdict(outcome).message or "")


def test_a_program_that_takes_much_memory_is_not_run_twice_beside_itself(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, CALLS + "big = b'x' * (200 << 20)\nprint(add(len(big), 1))")
    assert verdict(outcome).outcome == "failed"
    assert "MiB of memory" in (verdict(outcome).message or "")


def test_no_time_is_left_for_a_comparison(run_snippet: RunSnippet) -> None:
    program = "import time\ntime.sleep(1.5)"
    outcome = symbolic(run_snippet, rewritten_as(program, program), timeout_s=3)
    assert verdict(outcome).outcome == "failed"
    assert "no time left" in (verdict(outcome).message or "")


def test_several_programs_have_a_verdict_each(run_snippet: RunSnippet) -> None:
    source = "for n in range(6):\n    exec(f'def f(x):\\n    return x + {n}\\nprint(f(1))')"
    outcome = symbolic(run_snippet, source)
    said = outcome.of("verdict")
    assert [one.parameters for one in said] == [{"program": number} for number in range(1, 7)]
    assert [one.outcome for one in said] == ["same"] * 4 + ["failed"] * 2
    assert "Only the first 4" in said[-1].message
    assert {one.line for one in said} == {2}


def test_both_forms_are_timed_in_turns_silently(run_snippet: RunSnippet) -> None:
    outcome = run_snippet(CALLS + "print(add(1, 2))", mode="symbolic", min_run_ms=5)
    rows = {row.path: row for row in outcome.of("benchmark")}
    assert list(rows) == ["original", "rewritten"]
    assert outcome.stdout == "3\n"
    for row in rows.values():
        assert row.median_ns > 0
        assert row.runs >= 5
        assert row.quartiles_ns[0] <= row.median_ns + 1 <= row.quartiles_ns[1] + 2
        assert row.compile_ns > 0
        assert row.noop_ns < row.median_ns * 2
    assert rows["original"].runs == rows["rewritten"].runs


def test_a_program_that_cannot_run_twice_is_not_timed(run_snippet: RunSnippet) -> None:
    program = "open('f', 'x')\nprint(1)"
    outcome = symbolic(run_snippet, rewritten_as(program, program))
    assert verdict(outcome).outcome == "same"
    assert outcome.of("benchmark") == []
