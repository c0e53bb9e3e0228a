"""A finished run as one object: its events, gathered."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from playground.contracts import events as ev
from playground.contracts import measured
from playground.contracts.fields import Event
from playground.contracts.request import Device, Frozen, Mode


class Printed(Frozen):
    """A piece of output."""

    stream: Literal["stdout", "stderr"]
    text: str


class Result(Frozen):
    """The JSON answer of ``POST /api/v1/runs``."""

    run_id: str
    status: ev.Status
    mode: Mode
    device: Device
    environment: ev.Environment | None = None
    output: tuple[Printed, ...] = ()
    displays: tuple[ev.Display, ...] = ()
    code: tuple[ev.Code, ...] = ()
    graphs: tuple[ev.Graph, ...] = ()
    diagnostics: tuple[ev.Diagnostic, ...] = ()
    statements: tuple[ev.Statement, ...] = ()
    benchmarks: tuple[measured.Benchmark, ...] = ()
    verdicts: tuple[measured.Verdict, ...] = ()
    profiles: tuple[measured.Profile, ...] = ()
    lifetimes: tuple[measured.Lifetime, ...] = ()
    memory: tuple[measured.Memory, ...] = ()
    compile_times: tuple[measured.CompileTime, ...] = ()
    loaded: tuple[measured.Loaded, ...] = ()
    captured: measured.Captured | None = None
    artifacts: tuple[ev.Artifact, ...] = ()
    error: ev.Error | None = None
    exit_code: int | None = None
    signal: str | None = None
    limit: ev.Limit | None = None
    timings: dict[str, int] = Field(default_factory=dict)
    peak_rss_bytes: int = 0

    @property
    def stdout(self) -> str:
        """All of standard output."""
        return "".join(piece.text for piece in self.output if piece.stream == "stdout")


_LISTS: dict[type[Event], str] = {
    ev.Display: "displays",
    ev.Code: "code",
    ev.Graph: "graphs",
    ev.Diagnostic: "diagnostics",
    ev.Statement: "statements",
    measured.Benchmark: "benchmarks",
    measured.Verdict: "verdicts",
    measured.Profile: "profiles",
    measured.Lifetime: "lifetimes",
    measured.Memory: "memory",
    measured.CompileTime: "compile_times",
    measured.Loaded: "loaded",
    ev.Artifact: "artifacts",
}


def gather(mode: Mode, device: Device, events: Iterable[ev.AnyEvent]) -> Result:
    """Gather a run's events into its result.

    Raises:
        ValueError: the events do not end with ``finished``, or do not start with ``accepted``.
    """
    run_id: str | None = None
    environment: ev.Environment | None = None
    error: ev.Error | None = None
    captured: measured.Captured | None = None
    finished: ev.Finished | None = None
    output: list[Printed] = []
    lists: dict[str, list[Event]] = {name: [] for name in _LISTS.values()}
    for event in events:
        match event:
            case ev.Accepted():
                run_id = event.run_id
            case ev.Started():
                environment = event.environment
            case ev.Output():
                _append(output, event)
            case ev.Error():
                error = event
            case measured.Captured():
                captured = event
            case ev.Finished():
                finished = event
            case _ if type(event) in _LISTS:
                lists[_LISTS[type(event)]].append(event)
    if run_id is None or finished is None:
        message = "a run's events start with 'accepted' and end with 'finished'"
        raise ValueError(message)
    return Result(
        run_id=run_id,
        mode=mode,
        device=device,
        environment=environment,
        output=tuple(output),
        captured=captured,
        error=error,
        **{name: tuple(items) for name, items in lists.items()},
        **finished.model_dump(exclude={"id", "type"}),
    )


def _append(output: list[Printed], event: ev.Output) -> None:
    """Join neighbouring pieces of one stream, so that a result does not depend on how reads were cut."""
    if output and output[-1].stream == event.stream:
        output[-1] = Printed(stream=event.stream, text=output[-1].text + event.text)
    else:
        output.append(Printed(stream=event.stream, text=event.text))
