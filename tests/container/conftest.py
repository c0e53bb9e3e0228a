"""The image, started in each of the README's ways and served once for all tests of that way."""

import os
from collections.abc import Iterator

import pytest

from tests.support import engine
from tests.support.engine import Container


@pytest.fixture(scope="module", params=engine.WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """How the image is started."""
    return str(request.param)


@pytest.fixture(scope="module")
def container(way: str) -> Iterator[Container]:
    """A whole playground, for tests that leave it as it was."""
    with engine.serving(f"playground-test-{os.getpid()}-{way}", engine.options(way)) as served:
        yield served
