"""What a tier is: the form of the reviewed data in ``full``, ``container`` and ``unconfined``."""

from dataclasses import dataclass
from typing import Literal

Name = Literal["full", "container", "unconfined"]


@dataclass(frozen=True)
class Bound:
    """One limit of a run: how much, and what holds it."""

    name: str
    unit: str
    holds: tuple[str, ...]
    """What enforces it, the strongest first; where the first is missing, the next one does."""
    setting: str = ""
    """The field of ``Settings`` that says how much; empty: ``value`` does."""
    value: int = 0


@dataclass(frozen=True)
class Tier:
    """Everything that a snippet may see, write, call and use, as one page that can be reviewed."""

    name: Name
    walls: tuple[str, ...]
    """Layers of ``doctor`` that must stand; without them this tier is refused."""
    extras: tuple[str, ...]
    """Layers that this tier uses where they are."""
    directories: tuple[str, ...]
    """The system's directories that may be read; symbolic links among them stay links."""
    files: tuple[str, ...]
    """The system's files that may be read."""
    home: str
    """The working directory; ``{run}`` is the run's own directory on the host."""
    temporary: str
    shared: str
    """Where POSIX shared memory lives; empty: a run has none."""
    devices: tuple[str, ...]
    """Names under ``/dev``."""
    allowed: tuple[str, ...]
    """System calls; all others answer ENOSYS, so that libraries fall back."""
    refused: tuple[str, ...]
    """System calls that answer EPERM."""
    bounds: tuple[Bound, ...]
    counted: tuple[str, ...] = ()
    """System calls for memory that only a control group counts: they answer EPERM where there is none."""
    masked: tuple[str, ...] = ()
    """Files of ``/proc`` that are empty for a run: they tell machines apart, or what else happens on this one."""
    weaker: tuple[str, ...] = ()
    """What this tier does not do, in words for whoever chooses it."""

    @property
    def writable(self) -> tuple[str, ...]:
        """The directories that a run may write to."""
        return tuple(path for path in (self.temporary, self.home, self.shared) if path)

    def amount(self, name: str) -> int:
        """The value of a bound that no setting changes."""
        return next(bound.value for bound in self.bounds if bound.name == name)

    @property
    def namespaced(self) -> bool:
        """Whether runs have namespaces and a root of their own."""
        return "mount namespace" in self.walls
