"""A real runner of its own for these tests."""

import signal
from collections.abc import Iterator

import pytest

from tests.support.runner import Bench, start


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = start(tmp_path_factory.mktemp("runner"))
    yield made
    for connection in made.client._idle:
        connection.close()
    made.process.send_signal(signal.SIGTERM)
    assert made.process.wait(30) == 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "sandbox" and "unit" not in item.path.parts:
            item.add_marker(pytest.mark.sandbox)
