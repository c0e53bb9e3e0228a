"""What a run of the pipeline said, as the tests look at it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from playground.contracts.events import SANDBOX_EVENT, Code, Error, SaidInside
from playground.contracts.wire import Done


@dataclass
class Outcome:
    """What a run said."""

    events: list[SaidInside] = field(default_factory=list)
    stdout: str = ""
    stderr: str = ""
    last_words: list[Done] = field(default_factory=list)
    exit_status: int = 0
    order: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[Any]:
        """The events of one type, in order."""
        return [event for event in self.events if event.type == kind]

    @property
    def error(self) -> Error:
        """The exception that there was."""
        (error,) = self.of("error")
        assert isinstance(error, Error)
        return error

    @property
    def done(self) -> Done:
        """The pipeline's last word."""
        (done,) = self.last_words
        return done

    def level(self, name: str, title: str | None = None) -> Code:
        """The program at one level; ``title`` where there are several."""
        codes = [event for event in self.events if isinstance(event, Code) and event.level == name]
        (code,) = [code for code in codes if title is None or code.title == title]
        return code


RunSnippet = Callable[..., Outcome]


def gather(lines: Iterator[str]) -> Outcome:
    outcome = Outcome()
    for line in lines:
        what, data = line.split(" ", 1)
        outcome.order.append(what)
        if what == "exit":
            outcome.exit_status = int(data)
            return outcome
        if what == "event":
            outcome.events.append(SANDBOX_EVENT.validate_json(data))
        elif what == "done":
            outcome.last_words.append(Done.model_validate_json(data))
        elif what == "stdout":
            outcome.stdout += json.loads(data)
        elif what == "stderr":
            outcome.stderr += json.loads(data)
    message = "the fork server ended"
    raise AssertionError(message)
