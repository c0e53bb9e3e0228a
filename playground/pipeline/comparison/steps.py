"""What a path says as it goes; small enough to be sent from the process that walks it to the one that tells."""

from dataclasses import dataclass, field, replace
from typing import Literal

from playground.measure.outputs import Outputs
from playground.measure.statistics import Summary

StageName = Literal["compile", "execute", "check", "benchmark", "profile"]
INPUTS, AGAIN, LATER = "first", "again", "later"
"""Variants of the check ``inputs``: the first call, one with random numbers going on, one of the same random state."""


@dataclass(frozen=True)
class Reached:
    """What the path does from now on; ``check`` says what the calls are made for."""

    stage: StageName
    check: str = "inputs"


@dataclass(frozen=True)
class Built:
    """Compiling took this long, of it importing."""

    wall_ns: int
    import_ns: int = 0


@dataclass(frozen=True)
class First:
    """The first calls, one by one; what of the very first was compiling, and importing."""

    calls_ns: tuple[int, ...]
    compile_ns: int = 0
    import_ns: int = 0


@dataclass(frozen=True)
class Answer:
    """What came of a call that was made for a check; ``refusal`` where nothing did."""

    check: str
    variant: str
    outputs: Outputs | None
    refusal: str | None = None
    line: int | None = None
    as_first: bool = False
    """The outputs are those of the first call, bit for bit, and are not sent again."""


@dataclass(frozen=True)
class Timed:
    """A call's own time, when all is warm, and what it was measured under."""

    summary: Summary
    noop_ns: float | None
    threads: int
    instructions: int | None = None
    disturbance: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """There was no time for this."""

    what: str


@dataclass(frozen=True)
class Failed:
    """The path ended here."""

    stage: StageName
    message: str
    line: int | None = None
    check: str = "inputs"


Step = Reached | Built | First | Answer | Timed | LeftOut | Failed


@dataclass
class Path:
    """What is known of a path so far."""

    name: str
    built: Built = field(default_factory=lambda: Built(0))
    first: First = field(default_factory=lambda: First(()))
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    timed: Timed | None = None
    left_out: list[str] = field(default_factory=list)
    failed: Failed | None = None

    def take(self, step: Step) -> None:
        """Know what a step says."""
        match step:
            case Built():
                self.built = step
            case First():
                self.first = step
            case Answer():
                first = self.outputs("inputs", INPUTS)
                known = replace(step, outputs=first) if step.as_first else step
                self.answers[step.check, step.variant] = known
            case Timed():
                self.timed = step
            case LeftOut():
                self.left_out.append(step.what)
            case Failed():
                self.failed = step

    def outputs(self, check: str, variant: str) -> Outputs | None:
        """What came of one call."""
        answer = self.answers.get((check, variant))
        return answer.outputs if answer else None
