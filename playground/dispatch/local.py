"""Runners on this machine: one per device, each behind a Unix socket under the data directory."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from playground.contracts.errors import DeviceUnavailable, NotFound, Starting, Unavailable
from playground.contracts.request import Device, RunRequest
from playground.contracts.wire import Description, File
from playground.dispatch.base import Events
from playground.dispatch.lasting import LastingEvents
from playground.runner.client import RunnerClient
from playground.settings import Settings

T = TypeVar("T")


class LocalDispatcher:
    """Asks the runner of a device; a run is found by asking all of them, for its id says nothing about its device."""

    def __init__(self, settings: Settings) -> None:
        self._paths = {device: settings.runner_socket(device) for device in Device}
        self._clients = {device: RunnerClient(path) for device, path in self._paths.items()}
        self._expected = frozenset(settings.devices)

    def devices(self) -> Sequence[Device]:
        """Devices that have a runner, or are set to have one: it may be on its way back."""
        return tuple(device for device in Device if device in self._expected or self._paths[device].exists())

    def run(self, request: RunRequest, *, gathered: bool = False) -> Events:
        """Run a snippet on its device."""
        client = self._client(request.device)
        run = partial(client.run, request, gathered=gathered)
        return LastingEvents(client, run(), again=lambda run_id: run(run_id=run_id))

    def attach(self, run_id: str, after: int = 0) -> Events:
        """Listen to a run from the event after ``after`` on."""
        return self._find(run_id, lambda client: LastingEvents(client, client.attach(run_id, after), run_id, after))

    def recall(self, run_id: str) -> RunRequest:
        """What a run was asked to do."""
        return self._find(run_id, lambda client: client.recall(run_id))

    def cancel(self, run_id: str) -> None:
        """Stop a run, and wait until it has stopped."""
        self._find(run_id, lambda client: client.cancel(run_id))

    def fetch(self, run_id: str, name: str) -> File:
        """Where a file lies that a run has left."""
        return self._find(run_id, lambda client: client.fetch(run_id, name))

    def describe(self, device: Device) -> Description:
        """What is served, and how."""
        return self._client(device).describe()

    def close(self) -> None:
        """Hang up on every runner."""
        for client in self._clients.values():
            client.close()

    def _client(self, device: Device) -> RunnerClient:
        if self._paths[device].exists():
            return self._clients[device]
        if device in self._expected:
            raise Starting(device, "has no process yet", 0)
        raise DeviceUnavailable(device, self.devices())

    def _find(self, run_id: str, ask: Callable[[RunnerClient], T]) -> T:
        """Ask each runner that there is; one that does not answer may be the one that knew."""
        silent: Unavailable | None = None
        for device in self.devices():
            try:
                return ask(self._client(device))
            except NotFound:
                continue
            except Unavailable as error:
                silent = error
        if silent:
            raise silent
        message = f"There is no run {run_id!r}, or it is no longer kept."
        raise NotFound(message)
