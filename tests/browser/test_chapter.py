"""The chapter's own cells, verbatim, in the page. They lie beside the repository, and not everywhere."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.workbench import Workbench
from tests.support import chapter
from tests.support.chapter import cell

pytestmark = chapter.needed


def _run(bench: Workbench, name: str, mode: int) -> Workbench:
    bench.open().write(cell(name))
    bench.page.keyboard.press(f"Alt+{mode}")
    return bench.run()


@pytest.mark.parametrize(("name", "mode"), [("1_imperative", 1), ("2_symbolic", 2)])
def test_the_page_prints_what_the_chapter_prints(bench: Workbench, name: str, mode: int) -> None:
    _run(bench, f"{name}.py", mode)
    assert bench.output.locator(".stdout pre").all_inner_texts() == [cell(f"{name}.out")]


def test_the_network_shows_its_tensor(bench: Workbench) -> None:
    _run(bench, "3_network.py", 1)
    expect(bench.output.locator(".shown")).to_have_text(re.compile(r"^tensor\(\[\[.*grad_fn=<AddmmBackward0>\)$"))


def test_the_scripted_network_shows_what_it_became(bench: Workbench) -> None:
    _run(bench, "4_script.py", 3).tab("code")
    bench.page.locator(".rail .entry", has_text="TorchScript").first.click()
    expect(bench.page.locator("pg-level")).to_contain_text("def forward")
    expect(bench.page.locator("pg-level .line.linked").first).to_be_visible()


def test_the_benchmark_prints_both_lines(bench: Workbench) -> None:
    _run(bench, "5_benchmark.py", 3)
    expect(bench.output).to_contain_text(re.compile(r"无torchscript: \d+\.\d{4} sec\n有torchscript: \d+\.\d{4} sec"))


def test_the_saved_network_can_be_downloaded(bench: Workbench) -> None:
    _run(bench, "6_save.py", 3)
    with bench.page.expect_download() as download:
        bench.output.get_by_role("link", name="my_mlp").click()
    assert download.value.path().read_bytes().startswith(b"PK")
