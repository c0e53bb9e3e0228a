"""What the web tier asks of whoever runs snippets: one small interface, whatever lies behind it."""

from collections.abc import Sequence
from typing import Protocol, Self

from playground.contracts.events import AnyEvent
from playground.contracts.request import Device, RunRequest
from playground.contracts.wire import Description, File


class Events(Protocol):
    """The events of a run as they come, ``finished`` last, whatever happens. Closed before, nobody listens any more."""

    def __iter__(self) -> Self:
        """Iterate."""
        ...

    def __next__(self) -> AnyEvent:
        """Wait for the next event."""
        ...

    def ready(self, timeout_s: float) -> bool:
        """Wait until ``next`` has an answer at hand; False when the time was too short."""
        ...

    def close(self) -> None:
        """Listen no more."""
        ...


class Dispatcher(Protocol):
    """Brings a request to a worker of its device. What it refuses, it refuses before the first event.

    Every method may raise ``Unavailable``; what else, each says.
    """

    def devices(self) -> Sequence[Device]:
        """Devices that are served."""
        ...

    def run(self, request: RunRequest, *, gathered: bool = False) -> Events:
        """Run a snippet. With ``gathered`` events may come late, many at once: nobody shows them one by one.

        Raises:
            DeviceUnavailable: nobody serves that device.
            NoCapacity: all sandboxes are busy and the queue is full.
        """
        ...

    def attach(self, run_id: str, after: int = 0) -> Events:
        """Listen to a run from the event after ``after`` on.

        Raises:
            NotFound: no such run, or no longer.
        """
        ...

    def recall(self, run_id: str) -> RunRequest:
        """What a run was asked to do.

        Raises:
            NotFound: no such run, or no longer.
        """
        ...

    def cancel(self, run_id: str) -> None:
        """Stop a run, and wait until it has stopped.

        Raises:
            NotFound: no such run, or no longer.
        """
        ...

    def fetch(self, run_id: str, name: str) -> File:
        """Where a file lies that a run has left.

        Raises:
            NotFound: no such run or file, or no longer.
        """
        ...

    def describe(self, device: Device) -> Description:
        """What is served, and how.

        Raises:
            DeviceUnavailable: nobody serves that device.
        """
        ...
