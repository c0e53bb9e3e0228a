"""What an attempt is, and what is found when it is made."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.selftest.deployment import Deployment

TIMEOUT_S = 8.0
"""Of an attempt that does not try the time limit itself: a bound on a hang."""

Layers = Mapping[str, str]
"""What may be met, as a pattern of ``fnmatch``, and the layer that it shows at work."""


class Category(StrEnum):
    """What is attacked."""

    TIME = "time"
    MEMORY = "memory"
    PROCESSES = "processes"
    KERNEL = "kernel"
    OUTPUT = "output"
    FILES = "files"
    NETWORK = "network"
    INFORMATION = "information"
    CHANNEL = "channel"
    API = "api"
    TORCH = "torch"


class Outcome(StrEnum):
    """How an attempt ended."""

    STOPPED = "stopped"
    WEAKER = "weaker"
    """Stopped less than in the full tier, in a way that is known and documented."""
    ESCAPED = "ESCAPED"
    UNCLEAR = "UNCLEAR"
    """It met what nobody expected: nothing shows that it was stopped."""
    RIGHT = "right"
    """A friendly snippet, after the hostile ones."""
    WRONG = "WRONG"

    @property
    def held(self) -> bool:
        """Whether the deployment can live with it."""
        return self in {Outcome.STOPPED, Outcome.WEAKER, Outcome.RIGHT}


@dataclass(frozen=True)
class Snippet:
    """A hostile snippet. What it meets it reports, see ``preamble.py``; how the run ends counts where it is not ok."""

    source: str
    before: str = ""
    """A run that comes first, and ends, and leaves something behind."""
    beside: str = ""
    """A run that goes on meanwhile; it prints one line of JSON first, which the snippet finds in ``neighbour``."""
    timeout_s: float = TIMEOUT_S
    threads: int | None = None


Call = Callable[["Deployment"], Iterable[str]]
"""Attacks through the API; yields what it meets."""


@dataclass(frozen=True)
class Attempt:
    """One attack, named after how a deployment that holds behaves."""

    name: str
    attack: Snippet | Call
    stops: Layers
    """Everything that may be met. Anything else, or nothing at all, is unclear."""
    container: Layers = field(default_factory=dict)
    """What may be met in the container tier as well."""
    weaker: Layers = field(default_factory=dict)
    """What may be met in the container tier because that tier is weaker."""


@dataclass(frozen=True)
class Finding:
    """What became of an attempt."""

    name: str
    category: Category
    outcome: Outcome
    layers: tuple[str, ...]
    met: tuple[str, ...]
    seconds: float
