"""Many levels in the code panel: groups, graphs, search, filters, by pointer and by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.workbench import Workbench

PROGRAM = """import torch
@torch.compile(backend="eager")
def f(x):
    y = x * 2
    print("between")
    return torch.relu(y) + 1
f(torch.ones(2))
"""


@pytest.fixture
def ladder(bench: Workbench) -> Workbench:
    bench.open()
    bench.page.locator("[name=mode][value=hybrid]").check(force=True)
    return bench.write(PROGRAM).run().tab("code")


def test_levels_stand_in_groups_and_of_several_graphs_one_is_shown(ladder: Workbench) -> None:
    rail = ladder.page.locator("pg-rail")
    expect(rail.locator("details > summary")).to_have_text(["Python", "Dynamo"])
    graphs = rail.get_by_label("Graph")
    expect(graphs.locator("option")).to_have_text(["1. f", "2. f from line 5"])
    expect(rail.locator(".entry:visible")).to_have_count(5)
    expect(ladder.page.locator("pg-level")).to_contain_text("x_ * 2")
    graphs.select_option(index=1)
    expect(ladder.page.locator("pg-level")).to_contain_text("relu")
    expect(rail.locator(".entry[aria-current=true]:visible")).to_contain_text("Dynamo graph")


def test_a_level_is_searched_by_keyboard(ladder: Workbench) -> None:
    ladder.page.locator("pg-level").focus()
    ladder.page.keyboard.press("/")
    search = ladder.page.get_by_role("searchbox", name="Search in this level")
    expect(search).to_be_focused()
    search.fill("l_x_")
    expect(ladder.page.locator("pg-level .line.found").first).to_be_visible()
    search.press("Enter")
    expect(ladder.page.locator(".hits")).to_contain_text("1 of")
    expect(ladder.page.locator("pg-level .line.current.found")).to_be_visible()
    search.press("Escape")
    expect(ladder.page.locator("pg-level .line.found")).to_have_count(0)


def test_what_does_not_come_from_the_program_can_be_left_out(ladder: Workbench) -> None:
    button = ladder.page.get_by_role("button", name="From the program only")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    lines = ladder.page.locator("pg-level .line")
    assert all("linked" in (line.get_attribute("class") or "") for line in lines.all())
    ladder.page.get_by_role("button", name="No comments").click()
    expect(ladder.page.locator("pg-level")).not_to_contain_text("# File:")
    expect(ladder.page.locator("pg-level .line.color-3").first).to_contain_text("* 2")


def test_a_line_of_a_graph_leads_to_the_program_and_back_by_keyboard(ladder: Workbench) -> None:
    page = ladder.page
    page.locator(".cm-line", has_text="y = x * 2").click()
    page.keyboard.press("Control+.")
    expect(page.locator("pg-level")).to_be_focused()
    expect(page.locator("pg-level .line.exact, pg-level .line.looked").first).to_be_visible()
    page.locator("pg-level .line.color-3").last.click()
    expect(page.locator(".cm-activeLine")).to_have_text("    y = x * 2")


def test_a_graph_break_tells_what_fullgraph_would_say(ladder: Workbench) -> None:
    finding = ladder.tab("output").page.locator(".finding.graph_break")
    finding.get_by_text("What fullgraph=True would say").click()
    expect(finding.locator("pre")).to_contain_text("torch._dynamo.exc.Unsupported")
    expect(finding.locator("pre")).to_contain_text("line 5")
