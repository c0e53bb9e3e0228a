"""Clients of a whole playground."""

from collections.abc import Callable, Iterator

import pytest

from benchmarks.serving import Served
from tests.integration.web.site import Http


@pytest.fixture
def client_of() -> Iterator[Callable[[Served], Http]]:
    """Clients that hang up at the end."""
    made: list[Http] = []

    def make(served: Served) -> Http:
        made.append(Http(served.url))
        return made[-1]

    yield make
    for client in made:
        while client.connections:
            client.hang_up()


@pytest.fixture
def site(client_of: Callable[[Served], Http], served: Served) -> Http:
    """A client of the shared playground."""
    return client_of(served)
