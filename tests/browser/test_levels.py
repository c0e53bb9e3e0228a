import pytest
from playwright.sync_api import expect

from tests.browser.workbench import Workbench

PROGRAM = "x = 40\ny = x + 2\nprint(y)\n"


@pytest.fixture
def levels(bench: Workbench) -> Workbench:
    bench.open().write(PROGRAM).run().tab("code")
    bench.page.locator(".rail .entry", has_text="Bytecode").first.click()
    expect(bench.page.locator("pg-level .line").first).to_be_visible()
    return bench


def test_lines_and_what_they_became_share_a_color(levels: Workbench) -> None:
    page = levels.page
    expect(page.locator(".cm-line.color-1")).to_have_text("y = x + 2")
    assert page.locator("pg-level .line.color-1").count() >= 2
    color = "element => getComputedStyle(element).backgroundColor"
    assert page.locator(".cm-line.color-1").evaluate(color) == page.locator("pg-level .line.color-1").first.evaluate(
        color
    )


def test_pointing_at_code_shows_the_source_line(levels: Workbench) -> None:
    levels.page.locator("pg-level .line.color-1").first.hover()
    expect(levels.page.locator(".cm-line.looked")).to_have_text("y = x + 2")


def test_pointing_at_the_source_shows_its_code(levels: Workbench) -> None:
    levels.page.locator(".cm-line", has_text="print(y)").hover(position={"x": 4, "y": 8})
    looked = levels.page.locator("pg-level .line.looked")
    expect(looked.first).to_be_visible()
    assert all("color-2" in (line.get_attribute("class") or "") for line in looked.all())


def test_a_click_on_code_goes_to_its_line(levels: Workbench) -> None:
    levels.page.locator("pg-level .line.color-2").first.click()
    expect(levels.page.locator(".cm-activeLine")).to_have_text("print(y)")
    expect(levels.page.locator(".cm-content")).to_be_focused()


def test_the_keyboard_walks_lines_and_jumps_both_ways(levels: Workbench) -> None:
    page = levels.page
    page.locator(".cm-line", has_text="y = x + 2").click()
    page.keyboard.press("Control+.")
    expect(page.locator("pg-level")).to_be_focused()
    current = page.locator("pg-level .line.current.color-2")
    for _ in range(200):
        if current.count():
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".cm-activeLine")).to_have_text("print(y)")


def test_links_follow_lines_that_moved(levels: Workbench) -> None:
    levels.page.locator(".cm-content").click()
    levels.page.keyboard.press("Control+Home")
    levels.page.keyboard.insert_text("# a comment\n")
    levels.page.locator("pg-level .line.color-2").first.click()
    expect(levels.page.locator(".cm-activeLine")).to_have_text("print(y)")


def test_two_levels_stand_side_by_side(levels: Workbench) -> None:
    levels.page.get_by_role("button", name="Side by side").click()
    expect(levels.page.locator("pg-level")).to_have_count(2)
    levels.page.get_by_role("button", name="Close", exact=True).click()
    expect(levels.page.locator("pg-level")).to_have_count(1)


def test_a_level_can_be_downloaded(levels: Workbench) -> None:
    with levels.page.expect_download() as download:
        levels.page.get_by_role("button", name="Download").click()
    assert "RETURN" in download.value.path().read_text()


def test_the_chosen_level_stays_chosen_in_the_next_run(levels: Workbench) -> None:
    levels.run()
    expect(levels.page.locator(".entry[aria-current=true]")).to_contain_text("Bytecode")


def test_times_stand_in_a_table_under_the_bar(levels: Workbench) -> None:
    levels.tab("time")
    panel = levels.page.locator("pg-time")
    expect(panel.locator(".stages .part").first).to_be_visible()
    expect(panel.get_by_role("table").first).to_contain_text("execute")
    expect(panel.get_by_role("table").last).to_contain_text("print(y)")
    panel.get_by_role("button", name="3").click()
    expect(levels.page.locator(".cm-activeLine")).to_have_text("print(y)")


COMPILED = """import torch

@torch.compile(backend="eager")
def f(x):
    y = x + 1
    print("broken here")
    return y * 2

f(torch.ones(3))
"""


def test_what_was_compiled_is_counted_and_timed_graph_by_graph(bench: Workbench) -> None:
    bench.open().write(COMPILED)
    bench.page.keyboard.press("Alt+3")
    bench.run()
    expect(bench.output.locator(".captured")).to_have_text("torch.compile: 2 graphs, 1 graph break, 0 recompiles")
    bench.tab("time")
    graphs = bench.page.locator("pg-time").get_by_role("table", name="Compiling, graph by graph")
    expect(graphs.get_by_role("row")).to_have_count(1 + 2)
    expect(graphs.get_by_role("columnheader", name="Dynamo")).to_be_visible()
    expect(bench.page.locator("pg-time .compiling li")).to_have_count(2)
    stages = bench.page.locator("pg-time").get_by_role("table", name="Stages")
    expect(stages.get_by_role("rowheader", name="dynamo")).to_have_count(1)
