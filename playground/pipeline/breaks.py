"""Graph breaks and recompiles in words a reader can act on, from what Dynamo logs of them.

Dynamo's own reason and hints are kept; its tracebacks through torch's files are not. Source: torch/_dynamo/exc.py
(``format_graph_break_message``), torch/_dynamo/guards.py (``get_and_maybe_log_recompilation_reasons``).
"""

import json
import re
from collections.abc import Mapping

from playground.contracts.events import Diagnostic
from playground.contracts.sentences import known, say
from playground.lowering import stacks
from playground.lowering.text import clean
from playground.pipeline.session import MAX_REASON

BREAK = say("torch.compile cannot take this into a graph: it splits the program here.")
MAX_DETAIL = 4_000
MAX_GUARDS = 3
"""Failed guards told of one recompile; the first is of the version that came closest to fit."""
_REASON = re.compile(
    r"^Graph Break Reason: (?:Encountered graph break when [^\n]*\n+)?"
    r"(?:Failed to handle graph break gracefully\.[^\n]*\n+)?",
    re.MULTILINE,
)
_END = re.compile(r"\n\s*(?:Developer debug context:|For more details about|User code traceback:)")
_HINT = re.compile(r"^\s*Hint: (.*(?:\n(?!\s*(?:Hint|Explanation):)\s*\S.*)*)", re.MULTILINE)
_EXPLANATION = re.compile(r"^\s*Explanation: (.*(?:\n(?!\s*Hint:)(?!\s*$).*)*)", re.MULTILINE)
_USELESS = re.compile(
    r"report an issue to PyTorch|may require a code change to Dynamo|Dynamo developers", re.IGNORECASE
)
_TRACEBACK = re.compile(r"\n\n?Traceback \(most recent call last\):.*", re.DOTALL)
_ENTRY = re.compile(r"^\d+/\d+: ")
_LOCATION = re.compile(r"\s+# .*$")
_NAME = re.compile(r"(?<![\w.'\"\]])([A-Za-z_]\w*)(?![\w(.\['\"])")

_BREAKS: tuple[tuple[str, str, str], ...] = (
    (
        r"builtin operator `print`|reorderable_logging|logging\.",
        say("Printing happens outside of graphs, so the graph ends before it, and another one begins after it."),
        say("Print after the compiled function, or return what you want to see."),
    ),
    (
        r"Data-dependent branching|data-dependent control flow|dynamic control flow",
        say(
            "Which way the program goes depends on the values in a tensor, "
            "and those are not known while it is captured."
        ),
        say("Write it without a branch, with torch.where for example, or use torch.cond."),
    ),
    (
        r"Tensor\.item\(\)|capture_scalar_outputs|`aten\._local_scalar_dense|Tensor\.tolist|\.tolist\(\)",
        say("It turns a tensor into a Python number, and the number is not known while the program is captured."),
        say("Keep it a tensor, or set torch._dynamo.config.capture_scalar_outputs = True."),
    ),
    (
        r"capture_dynamic_output_shape_ops|nonzero|data dependent operator|Dynamic shape operator",
        say("The size of the result depends on the values in a tensor, and those are not known while it is captured."),
        say("Use an operation whose result has a known size, such as torch.where with three arguments."),
    ),
    (
        r"torch\._dynamo\.disable|torch\.compiler\.disable|skip function|marked as skipped|in skipfiles",
        say(
            "This function is one that torch.compile is told to leave alone, so it runs in Python, between two graphs."
        ),
        say("Call it outside of the compiled function, if the break costs too much."),
    ),
    (
        r"Observed exception",
        say("An exception leaves the function, so all of it runs in Python, as it is written."),
        say("Nothing, if the exception is meant; else raise it outside of the compiled function."),
    ),
    (
        r"graph_break\(\)",
        say("The program asks for the break itself, with torch._dynamo.graph_break()."),
        say("Remove the call."),
    ),
)
"""What is looked for in Dynamo's reason; what it means; what to do."""

_GUARDS: tuple[tuple[str, str], ...] = (
    (
        r"size mismatch|stride mismatch|\.size\(\)|rank mismatch",
        say("If sizes vary, compile with dynamic=True, or mark the dimension with torch._dynamo.mark_dynamic."),
    ),
    (
        r"dtype mismatch|dispatch key set mismatch|requires_grad mismatch|device mismatch",
        say("Call it with tensors of one kind."),
    ),
    (r"___check_global_state|GLOBAL_STATE|grad_mode", say("Call it in one grad mode, or expect one version for each.")),
    (
        r"___check_obj_id|___check_type_id|is not",
        say("Make the object once, outside of the calls, and hand in the same one."),
    ),
    (r"len\(", say("Pass lists and dictionaries of one length.")),
    (r"training", say("Expect one version for train() and one for eval().")),
    (
        r"==|!=",
        say("A Python value is compiled in as a constant; pass what varies as a tensor, or compile with dynamic=True."),
    ),
)

MISMATCHES = (
    known("tensor '{name}' size mismatch at index {index}. expected {expected}, actual {actual}"),
    known("tensor '{name}' stride mismatch at index {index}. expected {expected}, actual {actual}"),
    known("tensor '{name}' rank mismatch. expected {expected}, actual {actual}"),
    known("tensor '{name}' dtype mismatch. expected {expected}, actual {actual}"),
    known("tensor '{name}' dispatch key set mismatch. expected {expected}, actual {actual}"),
)
"""What torch's guards say that they found, in torch/csrc/dynamo/guards.cpp."""


def graph_break(payload: str) -> Diagnostic:
    """A finding on the line where a graph had to end.

    Args:
        payload: of the record ``dynamo_graph_break_reason``, or an ``Unsupported`` error's text.
    """
    reason = _end(_REASON.split(payload, maxsplit=1)[-1])
    own = stacks.places(_TRACEBACK.sub("", payload))
    meaning, way_out = _explain(payload)
    hints = [hint for hint in map(_flat, _HINT.findall(reason)) if not _USELESS.search(hint)]
    explanation = _EXPLANATION.search(reason)
    said = [reason.partition("\n")[0].strip().removesuffix("."), _flat(explanation[1]) if explanation else ""]
    torchs = ". ".join(filter(None, said))
    return Diagnostic(
        kind="graph_break",
        line=own[0][0] if own else None,
        message=BREAK,
        reason=clean(_both(meaning, torchs), MAX_REASON),
        hint=clean(way_out or " ".join(hints[:2]), MAX_REASON) or None,
        detail=clean(_as_error(payload, reason), MAX_DETAIL),
    )


def recompile(name: str, version: int, line: int | None, payload: str, values: Mapping[str, object]) -> Diagnostic:
    """A finding on the line whose call made torch compile a function once more.

    Args:
        name: what was compiled.
        version: which one of it this is, from 1.
        line: of the call.
        payload: of the record ``recompile_reasons``.
        values: the arguments and variables of the frame, for guards that do not tell what was there instead.
    """
    reasons = [_guard(reason, values) for reason in _entries(payload)]
    reason = "; ".join(reasons[:MAX_GUARDS])
    if more := len(reasons[MAX_GUARDS:]):
        reason = say("{why} (and {count} more)", why=reason, count=more)
    hint = next((way for pattern, way in _GUARDS if reasons and re.search(pattern, reasons[0])), None)
    return Diagnostic(
        kind="recompile",
        line=line,
        message=say(
            "{name} was compiled again, as version {version}: no version before fits this call.",
            name=name,
            version=version,
        ),
        reason=clean(reason, MAX_REASON) or None,
        hint=hint,
        detail=clean(payload, MAX_DETAIL) or None,
    )


def limit(name: str, line: int | None, reason: str) -> Diagnostic:
    """A finding where torch gives a function up: it was compiled too often."""
    count = re.search(r"currently set to (\d+)", reason)
    return Diagnostic(
        kind="recompile",
        line=line,
        message=_given_up(name, count and count[1]),
        reason=say("Each call differs from those before in something that the compiled code relies on."),
        hint=say("Remove what differs, see the findings before; or raise torch._dynamo.config.recompile_limit."),
        detail=clean(reason, MAX_DETAIL),
    )


def _given_up(name: str, count: str | None) -> str:
    if count is None:
        return say(
            "{name} was compiled too often, which is torch's limit: calls that no version fits now run uncompiled.",
            name=name,
        )
    return say(
        "{name} was compiled {count} times, which is torch's limit: calls that no version fits now run uncompiled.",
        name=name,
        count=count,
    )


def _both(meaning: str, torchs: str) -> str:
    if meaning:
        return say("{why} torch.compile says: {torchs}", why=meaning, torchs=torchs)
    return say("torch.compile says: {torchs}", torchs=torchs)


def _explain(payload: str) -> tuple[str, str]:
    for pattern, meaning, way_out in _BREAKS:
        if re.search(pattern, payload):
            return meaning, way_out
    return "", ""


def _end(reason: str) -> str:
    found = _END.search(reason)
    return reason[: found.start()] if found else reason


def _flat(text: str) -> str:
    return " ".join(text.split())


def _as_error(payload: str, reason: str) -> str:
    """The error that the same program ends with under ``fullgraph=True``, without torch's own frames."""
    stack = "".join(
        f"\n  line {line}: {code}"
        for line, code in re.findall(rf'File "{stacks.SNIPPET}", line (\d+), in [^\n]*\n\s*([^\n]*)', payload)
    )
    return f"torch._dynamo.exc.Unsupported: {reason.strip()}" + (f"\n\nfrom user code:{stack}" if stack else "")


def _entries(payload: str) -> list[str]:
    """One reason for each version that exists; torch gives one as it is, and several as a list."""
    if payload.lstrip().startswith("["):
        try:
            return [str(entry) for entry in json.loads(payload)]
        except ValueError:
            return [payload]
    return [payload] if payload.strip() else []


def _guard(entry: str, values: Mapping[str, object]) -> str:
    """What was asked for, without where torch asks it, with what was there instead if the guard does not say."""
    asked = _LOCATION.sub("", _ENTRY.sub("", entry).partition("\n")[0]).strip()
    if "actual" in asked:
        return asked
    there = [
        f"{name} = {_shown(values[name])}" for name in dict.fromkeys(_NAME.findall(asked)) if _is_plain(values, name)
    ]
    if there:
        return say("{guard} does not hold: {there}", guard=asked, there=", ".join(there))
    return say("{guard} does not hold", guard=asked)


def _is_plain(values: Mapping[str, object], name: str) -> bool:
    """Whether a value can be shown without running code of the snippet's."""
    return name in values and type(values[name]) in {int, float, bool, str, type(None)}


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}..."  # noqa: PLR2004 - a line of a terminal
