"""A trace that a snippet wrote, drawn by speedscope under our policy."""

from playwright.sync_api import expect

from tests.browser.workbench import Workbench

TRACE = """import json
event = dict(ph="X", pid=1, tid=1)
outer = [dict(event, name="outer", ts=0, dur=100), dict(event, name="inner", ts=10, dur=50)]
other = [dict(ph="M", name="process_name", pid="Spans", args={}), dict(ph="s", name="flow", pid=1, tid=1, ts=5, id=1)]
json.dump({"traceEvents": other + outer}, open("trace.json", "w"))
open("empty.json", "w").write("{}")
"""


def _left(bench: Workbench, name: str) -> str:
    bench.open().write(TRACE).run()
    address = bench.output.locator(".files a", has_text=name).get_attribute("href")
    assert address is not None
    return address.replace("/api/v1/artifacts/", "/flame/")


def test_a_trace_is_drawn(bench: Workbench) -> None:
    bench.page.goto(_left(bench, "trace.json"))
    expect(bench.page.get_by_text("Left Heavy")).to_be_visible()
    expect(bench.page).to_have_title("trace.json - speedscope")
    canvas = bench.page.locator("canvas").first
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    assert box is not None
    assert box["width"] > 1000
    bench.page.get_by_text("Sandwich").click()
    expect(bench.page.get_by_text("inner", exact=True)).to_be_visible()
    expect(bench.page.get_by_text("flow", exact=True)).to_have_count(0)


def test_a_file_that_is_no_trace_is_said_to_be_none(bench: Workbench) -> None:
    bench.page.goto(_left(bench, "empty.json"))
    expect(bench.page.locator("#flame")).to_have_text("This file holds no trace that can be drawn.")


COMPARED = """import torch
net = torch.nn.Linear(8, 4).eval()
net(torch.randn(1, 8))
"""


def test_where_the_time_of_a_path_goes_opens_as_a_flame_chart(bench: Workbench) -> None:
    bench.open().write(COMPARED)
    page = bench.page
    page.keyboard.press("Alt+4")
    page.locator("#options-menu summary").click()
    page.locator("[name=profile]").check()
    page.locator("[name=min_run_ms]").fill("20")
    page.locator("[name=compilers][value=script]").check()
    page.keyboard.press("Escape")
    bench.run().tab("compare")
    profile = page.locator("pg-compare .profile")
    expect(profile.locator("svg.chart")).to_contain_text("kernels")
    operators = profile.locator("details[data-path=eager]")
    operators.locator("summary").click()
    expect(operators.get_by_role("row", name="aten::addmm")).to_be_visible()
    with page.context.expect_page() as opened:
        operators.get_by_role("link", name="Flame chart").click()
    expect(opened.value.get_by_text("Left Heavy")).to_be_visible()
