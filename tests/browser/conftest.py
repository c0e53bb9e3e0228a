"""A real server, Debian's chromium, and a page on which no error may be said in the console."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from benchmarks.serving import Served
from tests.browser.workbench import BenchWith, Workbench

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": QUIET + root}


@pytest.fixture(scope="session")
def base_url(served: Served) -> str:
    return served.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    size = {"width": 1360, "height": 820}
    return browser_context_args | {"locale": "en-US", "viewport": size, "color_scheme": "light"}


@pytest.fixture
def bench(page: Page) -> Iterator[Workbench]:
    workbench = Workbench(page)
    yield workbench
    assert workbench.complaints == []


@pytest.fixture
def bench_with(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BenchWith]:
    made: list[Workbench] = []

    def make(**options: object) -> Workbench:
        made.append(Workbench(browser.new_context(**(browser_context_args | options)).new_page()))
        return made[-1]

    yield make
    for one in made:
        one.page.context.close()
    assert [complaint for one in made for complaint in one.complaints] == []
