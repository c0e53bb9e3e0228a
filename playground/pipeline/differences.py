"""What distinguishes two runs of a program, in words; nothing, where nobody could tell them apart."""

import re
import signal
from collections.abc import Iterator
from itertools import zip_longest

from playground.contracts.sentences import say
from playground.pipeline.behaviour import Behaviour

MAX_QUOTED = 80
_FRAME = re.compile(
    r"^[ |+]*File \"[^\"\n]*\", line \d+, in .*\n(?:^[ |]{4,}(?! *File \").*\n)*|^ *\[Previous line repeated .*\n",
    re.MULTILINE,
)
"""A frame of a traceback with the source below it: a call that was inlined has none."""


def differences(original: Behaviour, other: Behaviour) -> tuple[str, ...]:
    """What the other run does differently, a sentence each."""
    return tuple(_differences(original, other))


def _differences(original: Behaviour, other: Behaviour) -> Iterator[str]:
    for name, ours, theirs in (
        ("stdout", original.stdout, other.stdout),
        ("stderr", _without_frames(original.stderr), _without_frames(other.stderr)),
    ):
        if ours != theirs:
            yield _of_stream(name, ours, theirs)
    if (ours_end := _end(original)) != (theirs_end := _end(other)):
        yield say("It {what}; the original {instead}.", what=theirs_end, instead=ours_end)
    if (shown := _shown(original)) != (others := _shown(other)):
        yield say("It displays {what} instead of {instead}.", what=_quoted(others), instead=_quoted(shown))
    if original.files != other.files:
        yield _of_files(dict(original.files), dict(other.files))


def _without_frames(data: bytes) -> bytes:
    return _FRAME.sub("", data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _of_stream(name: str, ours: bytes, theirs: bytes) -> str:
    pairs = zip_longest(ours.split(b"\n"), theirs.split(b"\n"))
    number, (line, other) = next((n, pair) for n, pair in enumerate(pairs, start=1) if pair[0] != pair[1])
    quoted = {"what": _quoted(other), "instead": _quoted(line)}
    return say("Line {line} of {stream} is {what} instead of {instead}.", line=number, stream=name, **quoted)


def _quoted(line: bytes | None) -> str:
    if line is None:
        return say("nothing")
    text = line.decode(errors="backslashreplace")
    return f"'{text[:MAX_QUOTED]}…'" if len(text) > MAX_QUOTED else f"'{text}'"


def _end(run: Behaviour) -> str:
    if run.stopped:
        return {"late": say("does not end in time"), "flood": say("prints without end")}[run.stopped]
    if run.ended is None:
        if run.code < 0:
            return say("is killed by {signal}", signal=_killed(-run.code))
        return say("leaves with exit code {code} at once", code=run.code)
    return _ended(run.ended.exception, run.ended.exit_code)


def _ended(exception: str | None, code: int) -> str:
    raised = say("raises {exception}", exception=exception) if exception else say("ends")
    return say("{what} with exit code {code}", what=raised, code=code) if code != bool(exception) else raised


def _killed(number: int) -> str:
    known = number in set(signal.Signals)
    return signal.Signals(number).name if known else f"signal {number}"


def _shown(run: Behaviour) -> bytes | None:
    return run.ended.shown.encode() if run.ended and run.ended.shown is not None else None


def _of_files(ours: dict[str, str], theirs: dict[str, str]) -> str:
    names = sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))
    return say("The files that it leaves differ: {names}.", names=", ".join(names[:3]))
