"""A real runner of its own for these tests."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.runner import Bench, start


@pytest.fixture(scope="session", params=["full", "container"])
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    if request.param == "container" and os.geteuid() != 0:
        pytest.skip("needs root, as in a container")
    made = start(tmp_path_factory.mktemp("runner"), container=request.param == "container")
    assert made.tier == request.param
    yield made
    assert made.stop() == 0


@pytest.fixture(scope="session")
def prepared() -> None:
    """All that is compiled once: the loader of saved programs is built in the background where it is missing."""
    subprocess.run([sys.executable, "-m", "playground", "prepare"], check=True, timeout=1200)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "sandbox" and "unit" not in item.path.parts:
            item.add_marker(pytest.mark.sandbox)
