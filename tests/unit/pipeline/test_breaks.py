from playground.pipeline import breaks

PRINT = """Graph break in user code at <snippet>:9
Graph Break Reason: Encountered graph break when attempting to trace CALL: a function call, e.g. f(x, y):

Failed to trace builtin operator
  Explanation: Dynamo does not know how to trace builtin operator `print` with argument types ['str'] (has_kwargs False)
  Hint: Avoid calling builtin `print` with argument types ['str'].
  Hint: Please report an issue to PyTorch.

  Developer debug context: builtin print [<class 'x'>] False

User code traceback:
  File "<snippet>", line 15, in <module>
    go(x)
  File "<snippet>", line 9, in fancy
    print("here")

Traceback (most recent call last):
  File "/torch/_dynamo/symbolic_convert.py", line 1076, in wrapper
    return inner_fn(self, inst)
"""
UNKNOWN = """Graph break in user code at <snippet>:3
Graph Break Reason: Something new
  Explanation: Nobody has seen this
      before today.
  Hint: Try another way,
      on two lines.
  Hint: This may require a code change to Dynamo.

User code traceback:
  File "<snippet>", line 3, in f
    x.new()
"""


def test_a_known_break_is_told_in_plain_words_on_its_line() -> None:
    found = breaks.graph_break(PRINT)
    assert (found.kind, found.line) == ("graph_break", 9)
    assert found.reason is not None
    assert found.reason.startswith("Printing happens outside of graphs")
    assert "Failed to trace builtin operator" in found.reason
    assert found.hint == "Print after the compiled function, or return what you want to see."


def test_what_fullgraph_would_say_has_none_of_torchs_own_frames() -> None:
    detail = breaks.graph_break(PRINT).detail or ""
    assert detail.startswith("torch._dynamo.exc.Unsupported: Failed to trace builtin operator")
    assert detail.endswith('from user code:\n  line 15: go(x)\n  line 9: print("here")')
    assert "symbolic_convert" not in detail
    assert "debug context" not in detail


def test_an_unknown_break_keeps_the_compilers_words_without_advice_for_its_developers() -> None:
    found = breaks.graph_break(UNKNOWN)
    assert found.reason == "torch.compile says: Something new. Nobody has seen this before today."
    assert found.hint == "Try another way, on two lines."


def test_a_recompile_tells_the_guard_that_failed_and_what_was_there_instead() -> None:
    found = breaks.recompile("f", 2, 7, "0/0: n == 0       # return y * n  # <snippet>:3 in f", {"n": 4, "y": object()})
    assert (found.line, found.reason) == (7, "n == 0 does not hold: n = 4")
    assert "constant" in (found.hint or "")


def test_a_guard_that_tells_both_values_is_left_as_it_is() -> None:
    said = "0/0: tensor 'a' size mismatch at index 0. expected 8, actual 16"
    found = breaks.recompile("f", 2, None, said, {})
    assert found.reason == "tensor 'a' size mismatch at index 0. expected 8, actual 16"
    assert "dynamic=True" in (found.hint or "")


def test_of_many_versions_the_closest_are_told() -> None:
    entries = ", ".join(f'"0/{number}: n == {number}"' for number in reversed(range(9)))
    found = breaks.recompile("f", 10, 1, f"[{entries}]", {"n": 9})
    assert found.reason is not None
    assert found.reason.startswith("n == 8 does not hold: n = 9; n == 7")
    assert found.reason.endswith("(and 6 more)")


def test_values_are_shown_only_where_that_runs_no_code_of_the_snippets() -> None:
    class Loud(int):
        def __repr__(self) -> str:
            raise AssertionError

    assert breaks.recompile("f", 2, 1, "0/0: n == 0", {"n": Loud(1)}).reason == "n == 0 does not hold"


def test_texts_of_any_length_are_cut() -> None:
    found = breaks.graph_break(PRINT.replace("Failed to trace", "x" * 100_000))
    assert len(found.reason or "") <= 2_000
    assert len(found.detail or "") <= 4_000
