"""Where values flow and how long names hold them, in the hands of a reader."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from tests.browser.workbench import BenchWith, Workbench

FANCY = """def add(a, b):
    return a + b
def fancy_func(a, b, c, d):
    e = add(a, b)
    f = add(c, d)
    g = add(e, f)
    return g
print(fancy_func(1, 2, 3, 4))
"""
TENSORS = """import torch
def double(x):
    big = x * 2
    return big.sum()
a = torch.ones(1000, 1000)
b = a + 1
print(double(b))
"""
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


def symbolic(bench: Workbench, source: str) -> Workbench:
    bench.open().write(source)
    bench.page.keyboard.press("Alt+2")
    return bench.run().tab("graph")


def node(bench: Workbench, label: str) -> Locator:
    return bench.page.locator(".node", has=bench.page.locator("text", has_text=re.compile(f"^{re.escape(label)}$")))


@pytest.fixture
def fancy(bench: Workbench) -> Workbench:
    return symbolic(bench, FANCY)


def test_the_picture_of_the_chapter_is_drawn_values_and_operations_apart(fancy: Workbench) -> None:
    expect(node(fancy, "add")).to_have_count(3)
    for value in ("a = 1", "b = 2", "c = 3", "d = 4", "e", "f", "g"):
        expect(node(fancy, value)).to_have_class(re.compile("value"))
    places = [node(fancy, label).bounding_box() for label in ("a = 1", "b = 2", "e", "g", "print")]
    assert all(places)
    a, b, e, g, shown = (place for place in places if place)
    assert a["x"] < b["x"]
    assert a["y"] < e["y"] < g["y"] < shown["y"]


def test_a_click_on_a_node_selects_its_line(fancy: Workbench) -> None:
    node(fancy, "f").click()
    expect(fancy.page.locator(".cm-activeLine")).to_have_text("    f = add(c, d)")
    expect(fancy.page.locator(".cm-content")).to_be_focused()
    expect(node(fancy, "f")).to_have_class(re.compile("looked"))


def test_the_keyboard_walks_nodes_and_goes_to_their_line(fancy: Workbench) -> None:
    page = fancy.page
    node(fancy, "a = 1").focus()
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    expect(node(fancy, "g")).to_be_focused()
    expect(page.locator(".cm-line.looked")).to_have_text("    g = add(e, f)")
    page.keyboard.press("Enter")
    expect(page.locator(".cm-activeLine")).to_have_text("    g = add(e, f)")


def test_pointing_at_a_line_shows_its_nodes(fancy: Workbench) -> None:
    fancy.page.locator(".cm-line", has_text="e = add(a, b)").hover(position={"x": 40, "y": 8})
    expect(fancy.page.locator(".node.looked")).to_have_count(2)
    expect(node(fancy, "e")).to_have_class(re.compile("looked"))


def test_nodes_have_the_colors_of_their_lines(fancy: Workbench) -> None:
    expect(node(fancy, "e")).to_have_class(re.compile("color-3"))
    assert "color-3" in (fancy.page.locator(".cm-line", has_text="e = add").get_attribute("class") or "")


def test_each_form_of_the_program_has_its_picture(fancy: Workbench) -> None:
    page = fancy.page
    page.locator(".forms button", has_text="Inlined").click()
    expect(node(fancy, "+")).to_have_count(3)
    page.locator(".forms button", has_text="Folded").click()
    expect(page.locator(".node")).to_have_count(2)
    expect(page.locator(".forms [aria-pressed=true]")).to_be_focused()
    fancy.run()
    expect(page.locator(".forms [aria-pressed=true]")).to_have_text("Folded")


def test_a_picture_can_be_enlarged_moved_and_shown_whole(fancy: Workbench) -> None:
    page = fancy.page
    at = "element => element.querySelector(':scope > g').getAttribute('transform')"
    picture = page.locator(".picture")
    whole = picture.evaluate(at)
    page.get_by_role("button", name="Larger").click()
    larger = picture.evaluate(at)
    assert larger != whole
    page.mouse.move(*_middle(picture))
    page.mouse.down()
    page.mouse.move(*(value + 40 for value in _middle(picture)))
    page.mouse.up()
    assert picture.evaluate(at) != larger
    node(fancy, "g").focus()
    page.keyboard.press("0")
    assert picture.evaluate(at) == whole


def _middle(picture: Locator) -> tuple[float, float]:
    box = picture.bounding_box()
    assert box
    return box["x"] + box["width"] / 2 + 90, box["y"] + box["height"] / 2


def test_a_picture_can_be_downloaded(fancy: Workbench) -> None:
    with fancy.page.expect_download() as download:
        fancy.page.get_by_role("button", name="Download as SVG").click()
    text = download.value.path().read_text()
    assert text.startswith("<svg")
    assert "fancy" not in text
    assert text.count("<text") == 11
    assert 'fill="rgb' in text or 'fill="color' in text


def test_the_same_is_said_as_a_list(fancy: Workbench) -> None:
    fancy.page.get_by_text("The same as a list").click()
    expect(fancy.page.locator(".nodes")).to_contain_text("e value ← add · line 4")


def test_lifetimes_before_and_after_release(bench: Workbench) -> None:
    page = symbolic(bench, TENSORS).page
    forms = page.locator(".lifetimes .form")
    expect(forms).to_have_count(2)
    expect(forms.first).to_contain_text("Names held together at most")
    expect(forms.first.locator(".life", has_text="3.81 MB").first).to_be_visible()
    before, after = (page.get_by_role("table", name=f"Lifetimes: {form}") for form in ("Program", "Memory released"))
    expect(before.get_by_role("row", name=re.compile("^a "))).to_contain_text("the scope ends")
    expect(after.get_by_role("row", name=re.compile("^a "))).to_contain_text("it is deleted")
    before.get_by_role("row", name=re.compile("^b ")).get_by_role("button").click()
    expect(page.locator(".cm-activeLine")).to_have_text("b = a + 1")


def test_the_verdict_is_said_in_words(fancy: Workbench) -> None:
    fancy.tab("output")
    expect(fancy.output).to_contain_text("The rewritten program does the same as the original.")


def test_levels_stand_in_the_order_of_the_passes_and_what_runs_is_looked_at(fancy: Workbench) -> None:
    names = fancy.tab("code").page.locator(".entry .name").all_inner_texts()
    assert names[:6] == ["Program", "Inlined", "Folded", "Memory released", "Syntax tree", "Bytecode"]
    expect(fancy.page.locator(".entry[aria-current=true]")).to_contain_text("Memory released")
    expect(fancy.page.locator("pg-level")).to_have_text(re.compile(r"print\(10\)"))


@pytest.mark.parametrize(
    "options", [{"color_scheme": "light"}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"]
)
def test_graph_and_lifetimes_are_accessible(bench_with: BenchWith, options: dict[str, object]) -> None:
    bench = bench_with(**options).open()
    if options is PHONE:
        bench.page.locator("[name=mode][value=symbolic]").check(force=True)
        bench.page.locator("#run").tap()
        expect(bench.status).to_have_attribute("data-kind", "good")
        bench.page.locator("#tab-graph").tap()
    else:
        symbolic(bench, TENSORS)
    expect(bench.page.locator(".node").first).to_be_visible()
    found = Axe().run(bench.page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert bench.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_large_program_is_drawn_as_far_as_it_fits(bench: Workbench) -> None:
    page = symbolic(bench, "\n".join(f"x{i} = input" for i in range(600)) + "\n").page
    expect(page.locator("pg-graph")).to_contain_text("more nodes were left out")
    expect(page.locator(".node").first).to_be_visible()
