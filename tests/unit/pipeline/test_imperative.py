import pytest

from playground.contracts.events import Code, Display, Stage, Statement
from tests.support.pipeline import RunSnippet


def test_what_is_printed_comes_out(run_snippet: RunSnippet) -> None:
    outcome = run_snippet("print('a', 'b')\nimport sys; sys.stderr.write('c')")
    assert (outcome.stdout, outcome.stderr) == ("a b\n", "c")
    assert outcome.done.exit_code == 0


def test_the_stages_are_timed_in_their_order(run_snippet: RunSnippet) -> None:
    stages = [event for event in run_snippet("1").events if isinstance(event, Stage)]
    assert [(s.name, s.phase) for s in stages[:2]] == [("parse", "begin"), ("parse", "end")]
    assert [s.name for s in stages if s.phase == "end"] == ["parse", "compile", "lower", "execute"]
    assert all(s.wall_ns for s in stages if s.phase == "end")


def test_every_top_level_statement_has_its_time(run_snippet: RunSnippet) -> None:
    outcome = run_snippet("x = 1\nfor i in range(3):\n    x += i\n\nprint(x)")
    statements = [event for event in outcome.events if isinstance(event, Statement)]
    assert [(s.line, s.hits) for s in statements] == [(1, 1), (2, 1), (5, 1)]


def test_a_statement_that_raises_has_its_time_too(run_snippet: RunSnippet) -> None:
    outcome = run_snippet("x = 1\n1 / 0\nprint(2)")
    assert [s.line for s in outcome.of("statement")] == [1, 2]


@pytest.mark.parametrize(("source", "shown"), [("40 + 2", "42"), ("'a'", "'a'"), ("x = 3\nx", "3")])
def test_a_bare_last_expression_is_displayed(run_snippet: RunSnippet, source: str, shown: str) -> None:
    (display,) = [event for event in run_snippet(source).events if isinstance(event, Display)]
    assert (display.mime, display.data) == ("text/plain", shown)


@pytest.mark.parametrize("source", ["None", "print(1)", "x = 1", "1\nx = 1", ""])
def test_nothing_else_is(run_snippet: RunSnippet, source: str) -> None:
    assert run_snippet(source).of("display") == []


def test_ast_and_bytecode_come_before_the_snippet_runs(run_snippet: RunSnippet) -> None:
    outcome = run_snippet("print(1)")
    assert outcome.order.index("stdout") > max(i for i, what in enumerate(outcome.order[:8]) if what == "event") - 8
    levels = [event.level for event in outcome.events if isinstance(event, Code)]
    assert levels == ["ast", "bytecode"]
    crashed = run_snippet("import os; os._exit(3)")
    assert [event.level for event in crashed.events if isinstance(event, Code)] == ["ast", "bytecode"]


def test_only_the_levels_asked_for_are_made(run_snippet: RunSnippet) -> None:
    assert [event.level for event in run_snippet("1", levels=["bytecode"]).of("code")] == ["bytecode"]


def test_an_error_has_the_snippets_frames_only_outermost_first(run_snippet: RunSnippet) -> None:
    source = "import json\ndef f(x):\n    return json.loads(x)\n\nf('{')"
    error = run_snippet(source).error
    assert error.error_type == "json.decoder.JSONDecodeError"
    assert [(f.file, f.line, f.function, f.text) for f in error.frames] == [
        ("<snippet>", 5, "<module>", "f('{')"),
        ("<snippet>", 3, "f", "return json.loads(x)"),
    ]
    assert error.line == 3


def test_a_syntax_error_has_its_line_and_nothing_has_run(run_snippet: RunSnippet) -> None:
    outcome = run_snippet("print('no')\nx = = 1")
    assert (outcome.error.error_type, outcome.error.line) == ("SyntaxError", 2)
    assert outcome.stdout == ""


def test_what_only_the_compiler_refuses_is_refused_before_anything_runs(run_snippet: RunSnippet) -> None:
    outcome = run_snippet("print('no')\nreturn 1")
    assert (outcome.error.error_type, outcome.error.line, outcome.stdout) == ("SyntaxError", 2, "")


def test_a_null_character_is_an_error_not_a_crash(run_snippet: RunSnippet) -> None:
    assert run_snippet("x = 1\0").error.error_type in {"SyntaxError", "ValueError"}


def test_endless_recursion_is_bounded(run_snippet: RunSnippet) -> None:
    error = run_snippet("def f(): f()\nf()").error
    assert error.error_type == "RecursionError"
    assert 2 <= len(error.frames) <= 40


def test_causes_notes_and_groups_are_told(run_snippet: RunSnippet) -> None:
    source = """
try:
    {}['k']
except KeyError as e:
    worse = ValueError('bad')
    worse.add_note('look here')
    raise worse from e
"""
    message = run_snippet(source).error.message
    assert message == "bad\nlook here\n(caused by KeyError: 'k')"
    group = run_snippet("raise ExceptionGroup('both', [ValueError(1), TypeError(2)])").error.message
    assert "ValueError: 1" in group
    assert "TypeError: 2" in group


def test_an_exception_that_cannot_even_be_printed_is_told(run_snippet: RunSnippet) -> None:
    source = "class E(Exception):\n    def __str__(self): raise SystemExit\nraise E"
    assert run_snippet(source).error.message == "<its __str__ raised SystemExit>"


@pytest.mark.parametrize(
    ("source", "code", "stderr"),
    [("import sys; sys.exit(3)", 3, ""), ("raise SystemExit", 0, ""), ("import sys; sys.exit('bye')", 1, "bye\n")],
)
def test_sys_exit_does_what_python_does(run_snippet: RunSnippet, source: str, code: int, stderr: str) -> None:
    outcome = run_snippet(source)
    assert (outcome.done.exit_code, outcome.stderr, outcome.of("error")) == (code, stderr, [])


def test_it_is_main_in_every_respect(run_snippet: RunSnippet) -> None:
    source = """
import inspect, pickle, sys
class Point:
    def __init__(self, x): self.x = x
def double(x):
    return 2 * x
print(__name__, sys.modules['__main__'].Point is Point)
print(pickle.loads(pickle.dumps(Point(5))).x)
print(inspect.getsource(double), inspect.getsource(Point), sep='')
"""
    assert run_snippet(source).stdout == (
        "__main__ True\n5\ndef double(x):\n    return 2 * x\nclass Point:\n    def __init__(self, x): self.x = x\n\n"
    )


def test_a_future_import_holds_for_all_that_follows(run_snippet: RunSnippet) -> None:
    source = "from __future__ import annotations\ndef f(x: undefined): ...\nprint(f.__annotations__)"
    assert run_snippet(source).stdout == "{'x': 'undefined'}\n"


def test_only_a_leading_string_is_the_docstring(run_snippet: RunSnippet) -> None:
    assert run_snippet("'doc'\nx = 1\n'not doc'\nprint(__doc__)").stdout == "doc\n"


def test_stdin_is_read_by_input_and_by_sys(run_snippet: RunSnippet) -> None:
    outcome = run_snippet("name = input('who? ')\nimport sys\nprint(name, sys.stdin.read())", stdin="Ada\nrest\n")
    assert outcome.stdout == "who? Ada rest\n\n"


def test_reading_past_the_end_of_stdin_is_an_eof_error(run_snippet: RunSnippet) -> None:
    assert run_snippet("input()").error.error_type == "EOFError"


def test_asyncio_works(run_snippet: RunSnippet) -> None:
    source = "import asyncio\nasync def f(): await asyncio.sleep(0); return 7\nprint(asyncio.run(f()))"
    assert run_snippet(source).stdout == "7\n"


def test_multiprocessing_works_and_children_print(run_snippet: RunSnippet) -> None:
    source = """
import multiprocessing
def work(x):
    print('child', x)
    return x * x
with multiprocessing.get_context('fork').Pool(2) as pool:
    print(pool.map(work, [3]))
"""
    assert sorted(run_snippet(source).stdout.splitlines()) == ["[9]", "child 3"]


def test_a_forked_child_that_falls_off_the_end_says_nothing_twice(run_snippet: RunSnippet) -> None:
    outcome = run_snippet("import os\npid = os.fork()\nif pid: os.waitpid(pid, 0)\nprint('end')")
    assert outcome.stdout == "end\nend\n"
    assert len(outcome.of("statement")) == 4
    assert outcome.order.count("done") == 1


def test_threads_are_waited_for_and_exit_handlers_run(run_snippet: RunSnippet) -> None:
    source = """
import atexit, threading
atexit.register(print, 'bye')
threading.Thread(target=lambda: (threading.main_thread().join(), print('thread'))).start()
print('main')
"""
    assert run_snippet(source).stdout == "main\nthread\nbye\n"


def test_figures_are_displayed_as_images(run_snippet: RunSnippet) -> None:
    source = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nplt.figure(); plt.plot([3])\n1"
    displays = [event for event in run_snippet(source).events if isinstance(event, Display)]
    assert [d.mime for d in displays] == ["image/png", "text/plain", "image/png"]
    assert displays[0].data.startswith("iVBOR")


def test_replacing_and_closing_the_streams_is_survived(run_snippet: RunSnippet) -> None:
    assert run_snippet("import sys, io\nsys.stdout = io.StringIO()\nprint('hidden')").done.exit_code == 0
    assert run_snippet("import sys\nsys.stdout.close()\nsys.stderr = None").done.exit_code == 0


def test_output_and_events_keep_their_order(run_snippet: RunSnippet) -> None:
    outcome = run_snippet("print('first')\nprint('second')")
    tail = [what for what in outcome.order if what in {"stdout", "event"}]
    assert outcome.stdout == "first\nsecond\n"
    assert tail.index("stdout") < len(tail) - 1


def test_a_limit_that_an_exception_speaks_of_is_named(run_snippet: RunSnippet) -> None:
    assert run_snippet("raise OSError(28, 'No space left on device')").done.limit == "disk"
    assert run_snippet("raise BlockingIOError(11, 'fork')").done.limit == "processes"
    assert run_snippet("raise OSError(2, 'x')").done.limit is None


def test_files_left_behind_are_noticed(run_snippet: RunSnippet) -> None:
    assert run_snippet("open('x', 'w').write('y')").done.files
    assert not run_snippet("1").done.files


def test_the_warm_up_leaves_no_trace(run_snippet: RunSnippet) -> None:
    source = """
import sys, torch, random, matplotlib.pyplot as plt
print(torch.get_default_dtype(), torch.is_grad_enabled(), plt.get_fignums(), 'x' in globals(), len(sys.argv))
"""
    assert run_snippet(source).stdout == "torch.float32 True [] False 1\n"


def test_torchscript_deprecation_is_a_finding_on_its_line_said_once(run_snippet: RunSnippet) -> None:
    source = "import torch\ndef f(x):\n    return x + 1\ng = torch.jit.script(f)\nh = torch.jit.script(f)\nprint(g(1))"
    outcome = run_snippet(source)
    (finding,) = outcome.of("diagnostic")
    assert (finding.kind, finding.line) == ("deprecation", 4)
    assert outcome.stderr == ""


def test_other_warnings_stay_warnings(run_snippet: RunSnippet) -> None:
    outcome = run_snippet("import warnings\nwarnings.warn('careful')")
    assert "<snippet>:2: UserWarning: careful" in outcome.stderr
    assert outcome.of("diagnostic") == []


@pytest.mark.parametrize(
    "source",
    [
        "raise ValueError('\\ud800')",
        "class E(Exception):\n    __module__ = []\nraise E('x')",
        "e = ValueError('x'); e.__notes__ = 5\nraise e",
        "class E(Exception):\n    exceptions = 5\nraise E('x')",
        "class E(Exception):\n    __hash__ = None\n    def __eq__(self, o): 1 / 0\ntry: raise E\nexcept E: raise E",
        "class E(Exception):\n    def __getattribute__(self, name): raise RuntimeError\nraise E('x')",
        "class E(Exception):\n    @property\n    def __notes__(self): raise RuntimeError\nraise E('x')",
        "raise SyntaxError",
        "e = OSError(); e.errno = []\nraise e",
    ],
)
def test_an_exception_that_resists_being_described_is_still_the_result(run_snippet: RunSnippet, source: str) -> None:
    outcome = run_snippet(source)
    assert outcome.error.error_type
    assert outcome.done.failed


def test_all_exceptions_of_nested_groups_are_told(run_snippet: RunSnippet) -> None:
    source = "raise ExceptionGroup('g', [ValueError(1), ExceptionGroup('h', [TypeError('deep')])])"
    assert "    TypeError: deep" in run_snippet(source).error.message.split("\n")


def test_half_a_character_can_be_displayed(run_snippet: RunSnippet) -> None:
    (display,) = run_snippet("class A:\n    def __repr__(self): return 'a\\ud800'\nA()").of("display")
    assert display.data == "a\\ud800"


@pytest.mark.parametrize("rare", ["\x0c", "\u2028", "\x85"])
def test_rare_separators_end_no_line(run_snippet: RunSnippet, rare: str) -> None:
    source = f"x = '''{rare}'''\nimport inspect\ndef f():\n    return 1 / 0\nprint(inspect.getsource(f))\nf()"
    outcome = run_snippet(source)
    assert outcome.stdout == "def f():\n    return 1 / 0\n\n"
    assert outcome.error.frames[-1].text == "return 1 / 0"


@pytest.mark.parametrize(
    ("source", "code", "stderr"),
    [
        ("import sys; sys.exit(2**70)", 255, ""),
        ("import sys; sys.stderr = None; sys.exit('bye')", 1, "bye\n"),
        ("class A:\n    def __str__(self): 1 / 0\nraise SystemExit(A())", 1, "\n"),
    ],
)
def test_odd_exits_end_as_pythons_do(run_snippet: RunSnippet, source: str, code: int, stderr: str) -> None:
    outcome = run_snippet(source)
    assert (outcome.done.exit_code, outcome.stderr) == (code, stderr)


def test_a_forked_child_ends_with_its_own_code(run_snippet: RunSnippet) -> None:
    source = """
import os, sys
for end in ('sys.exit(4)', '1 / 0'):
    pid = os.fork()
    if pid == 0:
        exec(end)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""
    outcome = run_snippet(source)
    assert outcome.stdout == "4\n1\n"
    assert outcome.stderr.startswith('Traceback (most recent call last):\n  File "<snippet>", line 6, in <module>\n')
    assert outcome.stderr.endswith("ZeroDivisionError: division by zero\n")
    assert "playground" not in outcome.stderr
    assert outcome.of("error") == []


def test_a_hook_for_exceptions_is_called(run_snippet: RunSnippet) -> None:
    hook = "import sys, traceback\ndef hook(kind, error, trace): print(kind.__name__, len(traceback.extract_tb(trace)))"
    outcome = run_snippet(f"{hook}\nsys.excepthook = hook\n1 / 0")
    assert outcome.stdout == "ZeroDivisionError 1\n"
    assert outcome.error.line == 4


def test_a_hook_that_fails_hides_nothing(run_snippet: RunSnippet) -> None:
    outcome = run_snippet("import sys\nsys.excepthook = lambda *_: [][0]\n1 / 0")
    assert "IndexError" in outcome.stderr
    assert outcome.error.error_type == "ZeroDivisionError"


@pytest.mark.parametrize("source", ["40 + 2;", "x = 'é'; x  ;", "(1,\n 2);  # hush"])
def test_a_semicolon_hushes_the_last_expression(run_snippet: RunSnippet, source: str) -> None:
    assert run_snippet(source).of("display") == []


def test_a_semicolon_elsewhere_hushes_nothing(run_snippet: RunSnippet) -> None:
    (display,) = run_snippet("x = 1; x + 1  # not ;").of("display")
    assert display.data == "2"


def test_a_byte_order_mark_is_skipped(run_snippet: RunSnippet) -> None:
    assert run_snippet("\ufeffprint(1)").stdout == "1\n"
