"""Listens to torch.compile while it works: the structured trace that torch keeps for tools, and two hooks of Dynamo's.

Nothing of it is in the way of a compiled call: all of it happens while a graph is made. Source:
torch/_logging/_internal.py (``trace_structured``), torch/_dynamo/convert_frame.py (``register_bytecode_hook``).
"""

import hashlib
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import CodeType
from typing import Any, Protocol

import torch
from torch import fx

from playground.pipeline.session import Session

PHASES = {
    "entire_frame_compile": "dynamo",
    "entire_backward_compile": "aot",
    "backend_compile": "aot",
    "inductor_compile": "inductor",
    "compile_file": "g++",
}
"""Dynamo's timed events that are told, and what they are called."""
_EVENT = re.compile(r'"name":\s*"([^"]+)".*?"ph":\s*"([BE])"', re.DOTALL)
_EVENT_HEAD = 2_000
"""Characters of a timed event that hold its name; some go on for 70,000."""
_DROPPED = ("describe_", "str", "create_", "guard_added", "propagate_", "symbolic_shape")
_CONTEXT = {"frame_id", "frame_compile_id", "attempt", "has_payload", "stack", "rank", "compiled_autograd_id"}


class Follower(Protocol):
    """What is told while torch compiles; ``compile_id`` is torch's: frame, a slash, version."""

    def record(self, name: str, compile_id: str, metadata: Any, payload: str) -> None:  # noqa: ANN401 - torch's JSON
        """A record of the structured trace; an artifact's goes by its own name."""

    def phase(self, compile_id: str, event: str, *, begins: bool) -> None:
        """A timed event begins or ends."""

    def captured(self, compile_id: str, module: fx.GraphModule, code: CodeType, values: Mapping[str, object]) -> None:
        """Dynamo has captured a graph, and is about to hand it to the backend."""

    def rewritten(self, compile_id: str, code: CodeType, new: CodeType) -> None:
        """Dynamo has written the bytecode that runs instead of a function's own."""


class Tracing:
    """The listening, from ``start`` to ``stop``. What fails in it is kept as ``problem``, and harms nothing."""

    def __init__(self, session: Session, follower: Follower) -> None:
        self._session = session
        self._follower = follower
        self._handler = _Handler(self)
        self._log = logging.getLogger("torch.__trace")
        self._undo: list[Callable[[], None]] = []
        self._busy = threading.RLock()
        self._tags: dict[str, str] = {}
        self.problem: Exception | None = None

    @property
    def started(self) -> bool:
        """Whether it listens."""
        return bool(self._undo)

    def start(self) -> None:
        """Listen from now on; once is enough."""
        if self._handler not in self._log.handlers:
            self._log.addHandler(self._handler)  # also when the snippet has reset torch's logs
        if not self._undo:
            self._undo.append(lambda: self._log.removeHandler(self._handler))
            for hook in (self._hook_provenance, self._hook_graphs, self._hook_bytecode):
                with self.guarded():
                    self._undo.append(hook())

    def stop(self) -> None:
        """Listen no more."""
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Our work amid the compiler's: on our own time, in one thread at a time, and never in its way."""
        with self._busy, self._session.aside():
            try:
                yield
            except Exception as problem:  # noqa: BLE001 - whatever we stumble over, the snippet's compile goes on
                self.problem = self.problem or problem

    def hear(self, record: logging.LogRecord) -> None:
        """Take one record of the trace."""
        metadata: dict[str, Any] = getattr(record, "metadata", {})
        name = next((key for key in metadata if key not in _CONTEXT), "")
        if not self._session.is_first_process or name.startswith(_DROPPED):
            return
        payload = getattr(record, "payload", None)
        text = payload if isinstance(payload, str) else ""
        compile_id = f"{metadata.get('frame_id', '')}/{metadata.get('frame_compile_id', '')}"
        with self.guarded():
            if name == "chromium_event":
                self._time(compile_id, text)
            elif name:
                details = metadata[name]
                own = details.get("name") if name == "artifact" else None
                self._follower.record(own or name, compile_id, details, text)

    def _time(self, compile_id: str, text: str) -> None:
        found = _EVENT.search(text[:_EVENT_HEAD])
        if found is None or found[1] not in PHASES:
            return
        begins = found[2] == "B"
        if found[1] == "entire_backward_compile":
            torch.compiler.config.cache_key_tag = self._tags.get(compile_id, "") if begins else ""
        self._follower.phase(compile_id, found[1], begins=begins)

    def _hook_provenance(self) -> Callable[[], None]:
        """Let Inductor keep track of which operations a kernel was fused from: it does not by itself."""
        from torch._inductor import config  # noqa: PLC0415 - seconds, unless it is imported; only who compiles needs it

        before = config.trace.provenance_tracking_level
        config.trace.provenance_tracking_level = max(1, before)
        return lambda: setattr(config.trace, "provenance_tracking_level", before)

    def _hook_graphs(self) -> Callable[[], None]:
        """See each graph while its operations still know the modules they belong to, and all of their stack."""
        from torch._dynamo.output_graph import OutputGraph  # noqa: PLC0415

        original = OutputGraph.call_user_compiler

        def call_user_compiler(graph: Any, module: fx.GraphModule, inputs: Any) -> Any:  # noqa: ANN401
            tag = ""
            with self.guarded():
                compile_id = str(torch._guards.CompileContext.current_compile_id())  # noqa: SLF001 - there is no public way
                frame = graph.root_tx
                self._follower.captured(compile_id, module, frame.f_code, frame.f_locals)
                tag = self._tags[compile_id] = _fingerprint(module)
            with torch.compiler.config.patch(cache_key_tag=tag):  # type: ignore[attr-defined]
                return original(graph, module, inputs)

        OutputGraph.call_user_compiler = call_user_compiler  # type: ignore[assignment, method-assign]
        return lambda: setattr(OutputGraph, "call_user_compiler", original)

    def _hook_bytecode(self) -> Callable[[], None]:
        from torch._dynamo import convert_frame  # noqa: PLC0415

        def hook(code: CodeType, new: CodeType) -> None:
            with self.guarded():
                self._follower.rewritten(str(torch._guards.CompileContext.current_compile_id()), code, new)  # noqa: SLF001

        handle = convert_frame.register_bytecode_hook(hook)  # type: ignore[arg-type] # None is an answer, too
        return handle.remove


class _Handler(logging.Handler):
    def __init__(self, tracing: Tracing) -> None:
        super().__init__()
        self._tracing = tracing

    def emit(self, record: logging.LogRecord) -> None:
        self._tracing.hear(record)


def _fingerprint(module: fx.GraphModule) -> str:
    """Of where the operations come from, for the key of torch's caches.

    They keep stacks, but look for a graph without them: one that was met before on other lines would lead to those.
    """
    text = "\n".join(node.meta.get("stack_trace") or "" for node in module.graph.nodes)
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]
