"""What comes out of a sandbox: messages, cut and forged at will by whoever is inside, turned into valid events.

Bounded in bytes; anything malformed is counted and dropped, for it can only be the snippet's own doing.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from pydantic import ValidationError

from playground.contracts.events import SANDBOX_EVENT, Output, SaidInside
from playground.contracts.wire import Done, Tag

Stream = Literal["stdout", "stderr"]


LEAST_BYTES = 500
"""What a message, and an event, counts at least: each costs the runner time, however short it is."""
MAX_MALFORMED = 1000
"""More is no accident."""


class TooMuch(Exception):  # noqa: N818 - named for what happened
    """The run has sent more than its limit."""


def _decoders() -> dict[Stream, codecs.IncrementalDecoder]:
    new = codecs.getincrementaldecoder("utf-8")
    return {"stdout": new("replace"), "stderr": new("replace")}


@dataclass
class Parser:
    """Turns one run's messages and bytes into events."""

    max_output_bytes: int
    max_event_bytes: int
    output_bytes: int = 0
    event_bytes: int = 0
    malformed: int = 0
    done: Done | None = None
    _parts: list[bytes] = field(default_factory=list)
    _decoders: dict[Stream, codecs.IncrementalDecoder] = field(default_factory=_decoders)

    @property
    def heard(self) -> bool:
        """Whether anything has come at all."""
        return bool(self.output_bytes or self.event_bytes or self.malformed or self.done)

    def message(self, message: bytes) -> Iterator[SaidInside]:
        """The events that one message brings.

        Raises:
            TooMuch: after the events that still fitted.
        """
        self._count(max(len(message), LEAST_BYTES))
        tag, payload = message[:1], message[1:]
        if tag in {Tag.PART.value, Tag.EVENT.value}:
            yield from self._event(payload, last=tag == Tag.EVENT.value)
        elif tag == Tag.DONE.value:
            *lines, last = payload.split(b"\n")
            yield from self._valid(lines)
            self._finish(last)
        else:
            self.malformed += 1

    def printed(self, stream: Stream, data: bytes) -> Iterator[Output]:
        """Bytes that were printed, as text; a character that is cut in two waits for its end."""
        room = self.max_output_bytes - self.output_bytes
        self.output_bytes += len(data)
        text = self._decoders[stream].decode(data[: max(0, room)])
        if text:
            yield Output.model_construct(stream=stream, text=text)
        if self.output_bytes > self.max_output_bytes:
            raise TooMuch

    def rest(self) -> Iterator[Output]:
        """What a cut character leaves at the very end."""
        for stream, decoder in self._decoders.items():
            if text := decoder.decode(b"", final=True):
                yield Output.model_construct(stream=stream, text=text)

    def _event(self, payload: bytes, *, last: bool) -> Iterator[SaidInside]:
        self._parts.append(payload)
        if last:
            data = b"".join(self._parts)
            self._parts.clear()
            yield from self._valid(data.split(b"\n", self.max_event_bytes // LEAST_BYTES))

    def _valid(self, lines: list[bytes]) -> Iterator[SaidInside]:
        for line in lines:
            self._count(LEAST_BYTES)
            try:
                yield SANDBOX_EVENT.validate_json(line)
            except ValidationError:
                self.malformed += 1
                if self.malformed > MAX_MALFORMED:
                    raise TooMuch from None

    def _count(self, size: int) -> None:
        self.event_bytes += size
        if self.event_bytes > self.max_event_bytes:
            raise TooMuch

    def _finish(self, payload: bytes) -> None:
        try:
            self.done = Done.model_validate_json(payload)
        except ValidationError:
            self.malformed += 1
