"""A run shown in a terminal: what it prints as it prints it, then how it ended, and the exit code that says so."""

import signal
import sys
from collections.abc import Iterable

import click

from playground.contracts import events as ev
from playground.contracts.result import Result

TIMED_OUT = 124
"""As ``timeout(1)`` has it."""
FAILED = 1


def follow(events: Iterable[ev.AnyEvent]) -> int:
    """Show events until the run has finished.

    Returns:
        The exit code: the snippet's own, 128 + n for signal n, 124 for the time limit, 1 for the other limits.
    """
    code = FAILED
    for event in events:
        show(event)
        if isinstance(event, ev.Finished):
            code = exit_code(event)
    return code


def show(event: ev.AnyEvent) -> None:
    """Show one event, if it is one for a terminal."""
    match event:
        case ev.Output():
            _print(event.text, to_stderr=event.stream == "stderr")
        case ev.Display(mime="text/plain"):
            _print(event.data.rstrip("\n") + "\n")
        case ev.Display():
            _print(f"[{event.mime}; --json gives it]\n", to_stderr=True)
        case ev.Error():
            _print(traceback(event), to_stderr=True)
        case ev.Finished() if ending := how_it_ended(event):
            _print(ending + "\n", to_stderr=True)


def traceback(error: ev.Error) -> str:
    """Write an error as Python would, with the snippet's frames only."""
    lines = ["Traceback (most recent call last):"] if error.frames else []
    for frame in error.frames:
        lines += [f'  File "{frame.file}", line {frame.line}, in {frame.function}', f"    {frame.text.strip()}"]
    where = f" (line {error.line})" if error.line and not error.frames else ""
    lines.append(f"{error.error_type}: {error.message}{where}" if error.message else f"{error.error_type}{where}")
    return "\n".join(lines) + "\n"


def how_it_ended(finished: ev.Finished) -> str | None:
    """Say in one line why a run ended; nothing when it ended by itself."""
    if finished.limit:
        return f"Stopped: {finished.limit.name} limit, {finished.limit.value:,} {finished.limit.unit}"
    if finished.signal:
        return f"Killed by {finished.signal}"
    if finished.status in {ev.Status.OK, ev.Status.ERROR}:
        return None
    return f"Ended: {finished.status.replace('_', ' ')}"


def exit_code(finished: ev.Finished | Result) -> int:
    """Say the end of a run as a process would."""
    if finished.status is ev.Status.OK:
        return 0
    if finished.status is ev.Status.TIMEOUT:
        return TIMED_OUT
    if finished.signal and finished.signal in signal.Signals.__members__:
        return 128 + signal.Signals[finished.signal]
    return (finished.exit_code or FAILED) & 0xFF or FAILED


def _print(text: str, *, to_stderr: bool = False) -> None:
    click.echo(text, nl=False, err=to_stderr)
    (sys.stderr if to_stderr else sys.stdout).flush()
