"""Which runner is asked, and what is said of one that is not there. Real runners answer in the sandbox tests."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.contracts.errors import DeviceUnavailable, NotFound, Unavailable
from playground.contracts.request import Device, Mode, RunRequest
from playground.dispatch.local import LocalDispatcher
from playground.settings import Settings


def request(device: Device) -> RunRequest:
    return RunRequest(source="print(10)", mode=Mode.IMPERATIVE, device=device)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, devices=("cpu",))


@pytest.fixture
def left_behind(settings: Settings) -> Iterator[Path]:
    """The socket of a runner that has died."""
    path = settings.runner_socket("cpu")
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
    yield path
    path.unlink()


def test_a_device_that_nobody_serves_is_said_with_those_that_are(settings: Settings) -> None:
    dispatcher = LocalDispatcher(settings)
    for ask in (lambda: dispatcher.run(request(Device.CUDA)), lambda: dispatcher.describe(Device.CUDA)):
        with pytest.raises(DeviceUnavailable) as refusal:
            ask()
        assert refusal.value.available == ("cpu",)


def test_a_device_that_is_to_be_served_is_on_its_way(settings: Settings) -> None:
    with pytest.raises(Unavailable, match="starting"):
        LocalDispatcher(settings).run(request(Device.CPU))


@pytest.mark.usefixtures("left_behind")
def test_a_socket_without_a_runner_does_not_answer(settings: Settings) -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        LocalDispatcher(settings).run(request(Device.CPU))


def test_a_runner_that_was_not_announced_is_found_by_its_socket(settings: Settings) -> None:
    dispatcher = LocalDispatcher(settings)
    assert dispatcher.devices() == (Device.CPU,)
    path = settings.runner_socket("cuda")
    path.parent.mkdir()
    path.touch()
    assert dispatcher.devices() == (Device.CPU, Device.CUDA)


@pytest.mark.usefixtures("left_behind")
def test_while_a_runner_is_silent_nobody_says_that_its_runs_are_gone(settings: Settings) -> None:
    with pytest.raises(Unavailable):
        LocalDispatcher(settings).attach("x")


def test_without_any_runner_there_is_no_run(tmp_path: Path) -> None:
    dispatcher = LocalDispatcher(Settings(data_dir=tmp_path, devices=()))
    with pytest.raises(NotFound):
        dispatcher.cancel("x")
