"""The ladder of torch.compile: each record of its trace becomes a level, a finding or a time, said as soon as it comes.

So whatever was made before a compiler hangs, crashes or is stopped has been said by then.
"""

import json
import sys
from collections.abc import Callable, Mapping
from types import CodeType, FrameType
from typing import Any

from torch import fx

from playground.contracts.events import Code, Diagnostic, Graph
from playground.contracts.measured import Captured
from playground.contracts.request import Level
from playground.contracts.sentences import say
from playground.lowering import assembly, creation, dynamo, inductor
from playground.lowering import fx as fx_level
from playground.pipeline import breaks
from playground.pipeline.compiled import Compiled, Output, known_handles, libraries
from playground.pipeline.program import FILENAME
from playground.pipeline.session import Session
from playground.pipeline.stages import StageClock
from playground.pipeline.tracing import PHASES

MAX_GRAPHS = 16
"""Graphs whose levels are sent; of the others only findings and times are."""
MAX_CHARS = 12 * 2**20
"""Of the text of all levels together."""
MAX_FINDINGS = 40
"""Of each kind."""
MAX_OPERATIONS = 5_000
"""Of a graph: beyond it the lines of its comments are what is linked."""
NOTHING = say("torch.compile was called, and compiled nothing.")
WHY_NOTHING = say(
    "It compiles when what it made is called, and only code that is not torch's own: "
    "module.compile() of a container whose layers are all torch's leaves everything as it was."
)
INSTEAD = say(
    "Call what torch.compile(...) returns; for such a container, torch.compile(module) instead of module.compile()."
)
BACKWARD = ", backward"
_AOT = {
    "aot_joint_graph": Level.AOT_JOINT,
    "aot_forward_graph": Level.AOT_FORWARD,
    "aot_inference_graph": Level.AOT_FORWARD,
    "aot_backward_graph": Level.AOT_BACKWARD,
}
_CACHES = {
    "fx_graph_cache_hit": "hit",
    "fx_graph_cache_miss": "miss",
    "fx_graph_cache_bypass": "bypass",
    "aotautograd_cache_hit": "hit",
}


class Ladder:
    """What torch.compile has done in one run, as ``tracing.Follower``."""

    def __init__(self, session: Session, sites: creation.Sites, clock: StageClock, source: str) -> None:
        self._session = session
        self._sites = sites
        self._clock = clock
        self._source = source
        self._current: dict[str, Compiled] = {}
        self._titles: dict[str, int] = {}
        self._chars = 0
        self._graphs = self._shown = self._recompiles = 0
        self._breaks: set[tuple[int | None, str | None]] = set()
        self._said: dict[str, int] = {}
        self._base: str | None = None
        self._undisassembled: list[tuple[Compiled, Output]] = []
        self.mark = ""
        """Ends the titles of what the options, not the snippet, compile."""
        self._records: dict[str, Callable[[Compiled, Any, str], None]] = {
            "dynamo_start": self._start,
            "dynamo_output_graph": self._printed,
            "dynamo_graph_break_reason": self._break,
            "recompile_reasons": self._again,
            "dynamo_cpp_guards_str": self._guards,
            "inductor_post_grad_graph": self._post_grad,
            "inductor_output_code": self._generated,
            "inductor_provenance_tracking_kernel_stack_traces": self._handles,
            "compilation_metrics": self._end,
            "bwd_compilation_metrics": self._end_backward,
        }

    @property
    def graphs(self) -> int:
        """How many graphs Dynamo has captured."""
        return self._graphs

    @property
    def waits(self) -> bool:
        """Whether there is something for ``rest`` to say."""
        return bool(self._undisassembled)

    # What tracing tells

    def record(self, name: str, compile_id: str, metadata: Any, payload: str) -> None:  # noqa: ANN401 - torch's JSON
        """Take a record of the structured trace."""
        one = self._of(compile_id, begins=name in {"dynamo_start", "recompile_reasons"})
        if name in _AOT:
            self._graph(one, _AOT[name], payload)
        elif name in _CACHES:
            one.cache = _CACHES[name]  # type: ignore[assignment] # a constant of the table above
        elif name in self._records:
            self._records[name](one, metadata, payload)

    def phase(self, compile_id: str, event: str, *, begins: bool) -> None:
        """Let the stage follow what the compiler does, so that a run that is cut short tells where."""
        one = self._of(compile_id, begins=begins and event == "entire_frame_compile")
        if begins:
            if one.phases.running is None:
                self._base = self._clock.running if self._clock.running not in PHASES.values() else self._base
            one.phases.begin(event, PHASES[event])
        else:
            one.phases.end(event)
        self._clock.switch(one.phases.running or self._base)

    def captured(self, compile_id: str, module: fx.GraphModule, code: CodeType, values: Mapping[str, object]) -> None:
        """Say Dynamo's graph, after its operations learned where their layers were made."""
        one = self._of(compile_id)
        self._name(one, code, values)
        self._graphs += 1
        one.shown = self._shown < MAX_GRAPHS
        self._shown += one.shown
        if one.reasons:
            self._tell_recompile(one)
        small = len(module.graph.nodes) <= MAX_OPERATIONS
        if small:
            owners = self._sites.known()
            fx_level.lead_home(module.graph, owners)
            one.operations = fx_level.operations(module.graph, owners)
        readable = _readable(module) if small else one.text
        self._graph(one, Level.DYNAMO_GRAPH, readable)
        if one.shown and small:
            self._session.lower(
                Level.DYNAMO_GRAPH,
                lambda: fx_level.dataflow(Level.DYNAMO_GRAPH, one.title, module.graph, one.operations),
                one.line,
            )
        self._count()

    def rewritten(self, compile_id: str, code: CodeType, new: CodeType) -> None:
        """Say the bytecode that runs from now on."""
        one = self._of(compile_id)
        self._name(one, code, one.values)
        if one.shown:
            self._say(
                one, Level.DYNAMO_BYTECODE, lambda: dynamo.rewritten(new, one.title, self._source, one.operations)
            )
            self._session.now()

    def rest(self) -> None:
        """Say what takes another program to make: the machine code of all that was built."""
        waiting, self._undisassembled = self._undisassembled, []
        for one, output in waiting:
            built = libraries(output)
            if built:
                places = inductor.by_kernel(output.handles or {})
                self._say(one, Level.ASSEMBLY, lambda: assembly.lower(built, places, output.title))  # noqa: B023 - called at once
        self._session.now()

    def close(self, *, asked: bool) -> None:
        """Say what was left out; and if nothing was captured although torch.compile was ``asked``, why that may be."""
        if asked and not self._current:
            self._session.now(Diagnostic(kind="fallback", message=NOTHING, reason=WHY_NOTHING, hint=INSTEAD))
        left = self._graphs - self._shown
        if left:
            message = say("Levels of {shown} of {total} graphs are shown.", shown=self._shown, total=self._graphs)
            reason = say(
                "Those of {count} more would be too many to send; their findings and times are complete.", count=left
            )
            self._session.now(Diagnostic(kind="fallback", message=message, reason=reason))
        for kind, count in self._said.items():
            if count > MAX_FINDINGS:
                message = say("{count} more findings of this kind are not listed.", count=count - MAX_FINDINGS)
                self._session.now(Diagnostic(kind=kind, message=message))

    # Records

    def _start(self, one: Compiled, _metadata: object, _payload: str) -> None:
        one.call_line = _calling_line()

    def _printed(self, one: Compiled, _metadata: object, payload: str) -> None:
        one.text = payload

    def _break(self, one: Compiled, _metadata: object, payload: str) -> None:
        found = breaks.graph_break(payload)
        found = found if found.line else found.model_copy(update={"line": one.call_line})
        key = found.line, found.reason
        if key not in self._breaks:
            self._breaks.add(key)
            self._find(found)
            self._count()

    def _again(self, one: Compiled, _metadata: object, payload: str) -> None:
        one.reasons = payload

    def _guards(self, one: Compiled, _metadata: object, payload: str) -> None:
        one.guards = payload

    def _post_grad(self, one: Compiled, _metadata: object, payload: str) -> None:
        self._graph(one, Level.INDUCTOR_POST_GRAD, payload, suffix=BACKWARD if "tangents_" in payload else "")

    def _generated(self, one: Compiled, metadata: Any, payload: str) -> None:  # noqa: ANN401
        suffix = BACKWARD if "_backward'" in payload.partition("\n")[0] else ""
        taken = inductor.take_apart(payload)
        output = Output(f"{one.title}{suffix}", payload, taken, str(metadata.get("filename", "")))
        one.outputs.append(output)
        known = known_handles()
        if inductor.mentioned(taken) <= known.keys():  # else they come with the next record, from a cache
            self._say_output(one, output, known)

    def _handles(self, one: Compiled, _metadata: object, payload: str) -> None:
        told = json.loads(payload)
        for output in one.outputs:
            if output.handles is None and inductor.mentioned(output.generated) <= told.keys():
                self._say_output(one, output, told)

    def _end(self, one: Compiled, metadata: Any, _payload: str) -> None:  # noqa: ANN401
        for output in one.outputs:
            if output.handles is None:
                self._say_output(one, output, {})
        if one.guards and one.shown:
            latency = metadata.get("guard_latency_us")
            self._say(
                one,
                Level.GUARDS,
                lambda: dynamo.guards(one.guards, one.title, latency, one.layers),
                text=lambda: one.guards,
            )
        if "recompile limit" in (metadata.get("fail_reason") or ""):
            self._give_up(one, str(metadata["fail_reason"]))
        one.guards = ""
        if one.operations or one.text:
            self._session.now(one.times())
        self._release(one)

    def _end_backward(self, one: Compiled, _metadata: object, _payload: str) -> None:
        for output in one.outputs:
            if output.handles is None:
                self._say_output(one, output, {})
        self._session.now(one.times(BACKWARD))
        self._release(one)

    # Helpers

    def _of(self, compile_id: str, *, begins: bool = False) -> Compiled:
        known = self._current.get(compile_id)
        if known is None or (begins and known.done):
            known = self._current[compile_id] = Compiled(compile_id)
        return known

    def _name(self, one: Compiled, code: CodeType, values: Mapping[str, object]) -> None:
        """Name a frame once; versions of one function count, and so do functions of one name."""
        if one.title:
            return
        one.describe(code, values)
        one.layers = self._sites.owners(one.owner)
        title = (one.name if one.version == 1 else f"{one.name}, version {one.version}") + self.mark
        number = self._titles[title] = self._titles.get(title, 0) + 1
        one.title = title if number == 1 else f"{title} ({number})"

    def _graph(self, one: Compiled, level: Level, text: str, suffix: str = "") -> None:
        if one.shown:
            title = f"{one.title}{suffix}"
            self._say(one, level, lambda: fx_level.lower(level, title, text, one.operations), text=lambda: text)
            self._session.now()

    def _say_output(self, one: Compiled, output: Output, told: Mapping[str, list[str]]) -> None:
        output.handles = known = inductor.handles(told)
        if not one.shown:
            return
        taken, title = output.generated, output.title
        self._say(one, Level.INDUCTOR_WRAPPER, lambda: inductor.wrapper(taken, title, known), text=lambda: output.text)
        if taken.kernels:
            self._say(one, Level.INDUCTOR_CODE, lambda: inductor.kernels(taken, title, known), text=lambda: output.text)
            if taken.kernels[0].language == "cpp":
                self._undisassembled.append((one, output))
        self._session.now()

    def _say(
        self, one: Compiled, level: Level, make: Callable[[], Code], text: Callable[[], str] | None = None
    ) -> None:
        """Say a level of a graph; one that was cut leaves its full text among the files of the run."""

        def made() -> Code | Graph:
            code = make()
            full = self._session.keep(level, text()) if code.truncated_bytes and text else None
            self._chars += len(code.text)
            return code.model_copy(update={"graph": one.title, "full": full})

        if self._chars < MAX_CHARS:
            self._session.lower(level, made, one.line)

    def _find(self, found: Diagnostic) -> None:
        count = self._said[found.kind] = self._said.get(found.kind, 0) + 1
        if count <= MAX_FINDINGS:
            self._session.now(found)

    def _tell_recompile(self, one: Compiled) -> None:
        self._recompiles += 1
        self._find(breaks.recompile(one.name, one.version, one.call_line or one.line, one.reasons, one.values))
        one.reasons = ""

    def _give_up(self, one: Compiled, reason: str) -> None:
        before = self._current.get(f"{one.compile_id.partition('/')[0]}/0")
        name = before.name if before else "The function"
        self._find(breaks.limit(name, one.call_line or (before.line if before else None), reason))

    def _count(self) -> None:
        self._session.now(
            Captured(
                graphs=self._graphs,
                graph_breaks=len(self._breaks),
                recompiles=self._recompiles,
                left_out=self._graphs - self._shown,
            )
        )

    def _release(self, one: Compiled) -> None:
        """What a frame's locals hold must not live longer because we looked at them."""
        one.done = True
        one.values = {}
        one.owner = None
        one.outputs = []
        one.text = ""


def _readable(module: fx.GraphModule) -> str:
    return module.print_readable(print_output=False, include_stride=True, include_device=True)


def _calling_line() -> int | None:
    """The line that the snippet is at: its frame is the caller of what is compiled, which has no frame yet."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - the only way to a caller's line
    while frame and frame.f_code.co_filename != FILENAME:
        frame = frame.f_back
    return frame.f_lineno if frame else None
