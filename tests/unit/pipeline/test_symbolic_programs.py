"""The programs of symbolic mode: their levels before and after rewriting, and the way back to the snippet's lines."""

import pytest

from playground.contracts.events import Code
from tests.support.pipeline import Outcome, RunSnippet

CALLS = "def add(a, b):\n    return a + b\n\n"
FANCY = f"{CALLS}def fancy(a, b, c, d):\n    e = add(a, b)\n    f = add(c, d)\n    return add(e, f)\n\n"
BUILDER = f'''
def parts():
    return """
{FANCY}"""

def build(n):
    return parts() + f"print(fancy({{n}}, 2, 3, 4))"

'''


def symbolic(run_snippet: RunSnippet, source: str, **options: object) -> Outcome:
    return run_snippet(source, mode="symbolic", min_run_ms=1, **options)


def lines_for(code: Code, source: str, number: int) -> set[str]:
    """The lines of the snippet that a line of a level leads to."""
    rows = source.split("\n")
    return {rows[span[0] - 1].strip() for span in code.map if span[2] <= number <= span[3]}


def test_the_passes_lead_from_the_call_to_its_value(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, FANCY + "print(fancy(1, 2, 3, 4))")
    assert outcome.level("inlined").text.endswith("print((1 + 2) + (3 + 4))\n")
    assert outcome.level("folded").text.endswith("print(10)\n")
    assert outcome.level("released").text == "print(10)\n"


def test_the_levels_stand_in_the_order_of_the_passes(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, FANCY + "print(fancy(1, 2, 3, 4))")
    levels = [code.level for code in outcome.of("code")]
    assert levels[:7] == ["program", "ast", "bytecode", "inlined", "folded", "released", "bytecode"]


def test_a_rewritten_line_leads_to_all_lines_that_it_was_made_of(run_snippet: RunSnippet) -> None:
    source = FANCY + "print(fancy(1, 2, 3, 4))"
    outcome = symbolic(run_snippet, source)
    for level, title in (("released", None), ("bytecode", "Bytecode: rewritten")):
        last = outcome.level(level, title)
        assert lines_for(last, source, last.map[-1][2]) >= {"print(fancy(1, 2, 3, 4))", "return a + b"}


def test_a_built_programs_rewritten_line_leads_to_the_builders(run_snippet: RunSnippet) -> None:
    source = BUILDER + "exec(compile(build(1), '', 'exec'))"
    outcome = symbolic(run_snippet, source)
    released = outcome.level("released")
    assert released.text == "print(10)\n"
    assert lines_for(released, source, 1) >= {'return parts() + f"print(fancy({n}, 2, 3, 4))"', "return a + b"}
    assert released.columns == ()


def test_bytecode_says_how_many_instructions_there_are_before_and_after(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, FANCY + "print(fancy(1, 2, 3, 4))")
    before, after = outcome.level("bytecode", "Bytecode"), outcome.level("bytecode", "Bytecode: rewritten")
    assert before.instructions is not None
    assert after.instructions is not None
    assert before.instructions > after.instructions > 0
    assert "<code fancy>" in before.text
    assert "fancy" not in after.text


def test_what_each_pass_took_is_said(run_snippet: RunSnippet) -> None:
    (times,) = symbolic(run_snippet, FANCY + "print(fancy(1, 2, 3, 4))").of("compile_time")
    assert [name for name, _ in times.phases] == ["inlined", "folded", "released"]
    assert all(took > 0 for _, took in times.phases)


def test_what_is_not_rewritten_says_why_on_the_snippets_line(run_snippet: RunSnippet) -> None:
    source = CALLS + "if input():\n    add = print\nprint(add(1, 2))"
    outcome = symbolic(run_snippet, source, stdin="\n")
    (refused,) = [one for one in outcome.of("diagnostic") if one.kind == "rewrite_refused"]
    assert (refused.line, "`add`" in refused.message) == (6, True)


def test_a_refusal_in_a_built_program_names_the_programs_line_and_stands_on_the_builders(
    run_snippet: RunSnippet,
) -> None:
    source = f'prog = """{CALLS}if input():\n    add = print\nprint(add(1, 2))\n"""\nexec(prog)'
    outcome = symbolic(run_snippet, source, stdin="\n")
    (refused,) = [one for one in outcome.of("diagnostic") if one.kind == "rewrite_refused"]
    assert refused.line == 6
    assert refused.message.startswith("Line 6 of the program: ")


def test_refusals_are_bounded_and_said_once(run_snippet: RunSnippet) -> None:
    one = "def f{n}(x): return g{n}(x)\nif x: f{n} = x\nf{n}(1)\n"
    program = "x = 0\n" + "".join(one.format(n=n) for n in range(40))
    source = f"prog = '''{program}'''\nfor n in range(3):\n    try: exec(prog)\n    except NameError: pass"
    refused = [one for one in symbolic(run_snippet, source).of("diagnostic") if one.kind == "rewrite_refused"]
    assert 0 < len(refused) <= 20
    assert len({(one.line, one.message) for one in refused}) == len(refused)


def test_all_programs_are_shown_and_told_apart(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, BUILDER + "exec(build(1))\nexec(build(2))")
    assert outcome.stdout == "10\n11\n"
    titles = [code.title for code in outcome.of("code") if code.level == "program"]
    assert titles == ["Program", f"Program 2 (line {BUILDER.count(chr(10)) + 2})"]
    assert (
        outcome.level("released", f"Memory released: program 2 (line {BUILDER.count(chr(10)) + 2})").text
        == "print(11)\n"
    )


def test_an_error_in_a_program_shows_its_line_and_leads_to_the_snippets(run_snippet: RunSnippet) -> None:
    source = "prog = '''\nx = 0\nprint(1 / x)\n'''\nexec(compile(prog, '', 'exec'))"
    frames = symbolic(run_snippet, source).error.frames
    assert (frames[-1].file, frames[-1].line, frames[-1].text, frames[-1].origin) == ("<program>", 3, "print(1 / x)", 3)
    assert (frames[0].file, frames[0].line, frames[0].origin) == ("<snippet>", 5, None)


def test_an_error_belongs_to_the_program_that_raised_it_though_both_have_one_name(run_snippet: RunSnippet) -> None:
    source = "a = compile('x = 0\\n1 / x', '', 'exec')\nb = compile('y = 1\\nprint(y)', '', 'exec')\nexec(b)\nexec(a)"
    outcome = symbolic(run_snippet, source)
    assert outcome.stdout == "1\n"
    assert outcome.error.frames[-1].text == "1 / x"


def test_an_error_in_a_function_that_a_program_defined_names_the_programs_line(run_snippet: RunSnippet) -> None:
    source = "exec('''\ndef f(x):\n    return 1 / x\n''')\nexec('y = 2')\nf(0)"
    frames = symbolic(run_snippet, source).error.frames
    assert [(frame.file, frame.line, frame.text, frame.origin) for frame in frames] == [
        ("<snippet>", 6, "f(0)", None),
        ("<program>", 3, "return 1 / x", 3),
    ]


def test_a_syntax_error_in_a_built_program_leads_to_the_line_that_wrote_it(run_snippet: RunSnippet) -> None:
    error = symbolic(run_snippet, "prog = '''\nx = 1\ny = = 2\n'''\nexec(prog)").error
    assert (error.frames[-1].file, error.frames[-1].line, error.frames[-1].origin) == ("<program>", 3, 3)


def test_a_program_in_the_snippets_own_namespace_may_not_lose_what_the_snippet_reads(run_snippet: RunSnippet) -> None:
    source = f"exec('''{CALLS}z = add(1, 2)\nprint(z)\n''')\nprint(z, add(3, 4))"
    outcome = symbolic(run_snippet, source)
    assert outcome.stdout == "3\n3 7\n"
    assert {"def add(a, b):", "z = 3"} <= set(outcome.level("released").text.split("\n"))


def test_a_builtin_that_the_snippet_has_replaced_is_not_taken_for_pythons(run_snippet: RunSnippet) -> None:
    source = "def abs(x): return 'mine'\nexec('print(abs(-1))')"
    outcome = symbolic(run_snippet, source)
    assert (outcome.stdout, [said.outcome for said in outcome.of("verdict")]) == ("mine\n", ["same"])


@pytest.mark.parametrize("mode", ["symbolic", "imperative"])
def test_code_that_ran_often_shows_what_the_interpreter_made_of_it(run_snippet: RunSnippet, mode: str) -> None:
    source = "def double(x):\n    return x + x\nfor n in range(100):\n    double(n)\nimport os"
    code = run_snippet(source, mode=mode).level("bytecode_specialized")
    assert "BINARY_OP_ADD_INT" in code.text
    row = next(number for number, text in enumerate(code.text.split("\n"), 1) if "BINARY_OP_ADD_INT" in text)
    assert lines_for(code, source, row) == {"return x + x"}


def test_both_forms_are_shown_as_the_interpreter_specialised_them(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, f"exec({CALLS + 'print(add(len([1]), 1))'!r})")
    titles = [code.title for code in outcome.of("code") if code.level == "bytecode_specialized"]
    assert titles == ["Specialized bytecode", "Specialized bytecode: rewritten"]


def test_code_that_ran_once_is_not_specialised(run_snippet: RunSnippet) -> None:
    levels = [code.level for code in run_snippet("print(10)").of("code")]
    assert levels == ["ast", "bytecode"]


def test_only_wanted_levels_are_sent(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, FANCY + "print(fancy(1, 2, 3, 4))", levels=["released"])
    assert [code.level for code in outcome.of("code")] == ["released"]


def test_a_snippet_that_fails_shows_what_it_is_all_the_same(run_snippet: RunSnippet) -> None:
    outcome = symbolic(run_snippet, "build = print\nbuild(1 / 0)")
    assert outcome.error.error_type == "ZeroDivisionError"
    assert [code.level for code in outcome.of("code")] == ["program", "ast", "bytecode"]


def test_a_program_with_two_namespaces_is_left_alone_and_says_so(run_snippet: RunSnippet) -> None:
    source = f"def f():\n    exec({CALLS + 'print(1)'!r})\nf()"
    outcome = symbolic(run_snippet, source)
    (refused,) = [one for one in outcome.of("diagnostic") if one.kind == "rewrite_refused"]
    assert "one namespace for its globals and locals" in refused.message
    assert "inlined" not in {code.level for code in outcome.of("code")}
