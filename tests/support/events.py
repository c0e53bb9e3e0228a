"""Events as hypothesis makes them up."""

from collections.abc import Sequence
from typing import Any, get_args

from hypothesis import strategies as st

from playground.contracts import events as ev
from playground.contracts import fields, measured

SAID_INSIDE: tuple[type[ev.SaidInside], ...] = get_args(ev.SaidInside)
SAID_BY_THE_RUNNER = (ev.Accepted, ev.Started, ev.Artifact, ev.Usage, ev.Finished)
LANGUAGES = st.sampled_from(["python", "bytecode", "graph", "cpp", "asm", "text", ""])
LINE, COLUMN = st.integers(1, fields.MAX_INT), st.integers(0, fields.MAX_INT)
LINES = st.none() | LINE
TIMES = st.none() | COLUMN
TEXTS = st.none() | st.text()
FINITE = st.none() | st.floats(allow_nan=False, allow_infinity=False)
SPANS = st.lists(st.tuples(LINE, LINE, LINE, LINE), max_size=3).map(tuple)
COLUMN_SPANS = st.lists(st.tuples(LINE, COLUMN, LINE, COLUMN, LINE, LINE), max_size=3).map(tuple)
NODES = st.lists(st.builds(ev.Node, line=LINES), max_size=3).map(tuple)
SHORT = st.text(max_size=200)
EDGES = st.lists(st.tuples(SHORT, SHORT), max_size=3).map(tuple)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
PAIRS = st.none() | st.tuples(NUMBER, NUMBER)
CURVES = st.lists(st.tuples(COLUMN, COLUMN), max_size=3).map(tuple)
PARTS = st.lists(st.tuples(SHORT, NUMBER), max_size=3).map(tuple)
OPERATORS = st.lists(st.builds(measured.Operator, calls=NUMBER, self_ns=NUMBER), max_size=3).map(tuple)
LIBRARIES = st.lists(SHORT, max_size=3).map(tuple)
PHASES = st.lists(st.tuples(SHORT, COLUMN), max_size=3).map(tuple)
DIFFERENCES = st.none() | st.builds(measured.Difference)
MACHINES = st.builds(ev.Machine, load=NUMBER)
FRAMES = st.lists(st.builds(ev.Frame), max_size=3).map(tuple)
BUILT: dict[type[ev.AnyEvent], st.SearchStrategy[Any]] = {  # optional fields are not made up by themselves
    ev.Stage: st.builds(ev.Stage, wall_ns=TIMES, cpu_ns=TIMES),
    ev.Code: st.builds(
        ev.Code, language=LANGUAGES, map=SPANS, columns=COLUMN_SPANS, truncated_bytes=COLUMN, graph=SHORT
    ),
    ev.Graph: st.builds(ev.Graph, nodes=NODES, edges=EDGES),
    ev.Diagnostic: st.builds(ev.Diagnostic, line=LINES, reason=TEXTS, hint=TEXTS, detail=TEXTS),
    ev.Error: st.builds(ev.Error, line=LINES, frames=FRAMES),
    ev.Started: st.builds(ev.Started, environment=st.builds(ev.Environment, machine=st.none() | MACHINES)),
    measured.Benchmark: st.builds(measured.Benchmark, quartiles_ns=PAIRS, noop_ns=FINITE, curve=CURVES),
    measured.Profile: st.builds(measured.Profile, parts=PARTS, operators=OPERATORS),
    measured.CompileTime: st.builds(measured.CompileTime, phases=PHASES, line=LINES),
    measured.Loaded: st.builds(
        measured.Loaded, median_ns=NUMBER, iqr_ns=NUMBER, python_median_ns=NUMBER, libraries=LIBRARIES, line=LINES
    ),
    measured.Verdict: st.builds(
        measured.Verdict, max_abs_error=FINITE, max_rel_error=FINITE, message=TEXTS, difference=DIFFERENCES
    ),
}


def events() -> st.SearchStrategy[ev.AnyEvent]:
    """Any event."""
    return _built((*SAID_INSIDE, *SAID_BY_THE_RUNNER))


def said_inside() -> st.SearchStrategy[ev.SaidInside]:
    """An event that a sandbox may send."""
    return _built(SAID_INSIDE)


def _built(kinds: Sequence[type[ev.AnyEvent]]) -> st.SearchStrategy[Any]:
    return st.one_of([BUILT[kind] if kind in BUILT else st.builds(kind) for kind in kinds])
