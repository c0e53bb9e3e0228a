"""What tests of every level share: a clean environment, and one whole playground that is served once per session."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from benchmarks.serving import Served, serve

hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.register_profile("long", deadline=None, max_examples=2_000, print_blob=True)
hypothesis.settings.load_profile("house")
for name in [name for name in os.environ if name.startswith("PLAYGROUND_")]:
    del os.environ[name]  # the settings of whoever runs the tests are not what is tested
os.environ["PLAYGROUND_CACHE_DIR"] = f"{tempfile.gettempdir()}/playground-tests-{os.getuid()}"  # built once a machine


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A whole playground, for tests that leave it as it was."""
    with serve(tmp_path_factory.mktemp("served")) as one:
        yield one


@pytest.fixture
def served_alone(tmp_path: Path) -> Iterator[Served]:
    """A whole playground, for a test that breaks it."""
    with serve(tmp_path) as one:
        yield one
