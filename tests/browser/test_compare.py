"""A small comparison, really run: its words, its pictures, what can be taken away, and the record in a link."""

import csv
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from tests.browser.workbench import BenchWith, Workbench

PROGRAM = """import torch
net = torch.nn.Sequential(torch.nn.Linear(8, 4), torch.nn.ReLU()).eval()
net(torch.randn(1, 8))
"""
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
COMPARED = ("script", "trace")


def _ready(bench: Workbench) -> None:
    bench.open().write(PROGRAM)
    bench.page.keyboard.press("Alt+4")
    bench.page.locator("#options-menu summary").click()
    bench.page.locator("[name=min_run_ms]").fill("20")
    for compiler in COMPARED:
        bench.page.locator(f"[name=compilers][value={compiler}]").check()
    bench.page.keyboard.press("Escape")


def _compare(bench: Workbench) -> Locator:
    _ready(bench)
    bench.run().tab("compare")
    panel = bench.page.locator("pg-compare")
    expect(panel.locator(".speed svg.chart")).to_be_visible()
    return panel


def test_the_conclusion_stands_first_and_every_path_has_a_sentence(bench: Workbench) -> None:
    panel = _compare(bench)
    expect(panel.locator("h2").first).to_have_text(re.compile(r"ompiling (pays|does not pay)"))
    for path in ("eager", *COMPARED):
        sentence = panel.locator(".paths li", has_text=re.compile(rf"\b{path} (takes|is) "))
        expect(sentence).to_have_count(1)
        expect(sentence.locator(".verdict")).to_have_text("= same")


def test_who_runs_a_comparison_sees_it_and_whoever_runs_something_else_its_output(bench: Workbench) -> None:
    _ready(bench)
    bench.run()
    expect(bench.page.locator("pg-compare .speed svg.chart")).to_be_visible()
    bench.page.keyboard.press("Alt+1")
    bench.run()
    expect(bench.output).to_be_visible()


def test_a_tab_that_a_reader_chose_stays(bench: Workbench) -> None:
    _ready(bench)
    bench.start().tab("time")
    expect(bench.status).to_have_attribute("data-kind", "good")
    expect(bench.page.locator("pg-time")).to_be_visible()
    expect(bench.page.locator("pg-compare")).not_to_be_visible()


def test_what_the_pictures_show_stands_in_tables_too(bench: Workbench) -> None:
    panel = _compare(bench)
    expect(panel.locator(".speed svg")).to_have_attribute("aria-label", "Speed")
    expect(panel.locator(".speed").get_by_role("row")).to_have_count(1 + 3)
    expect(panel.locator(".agreement").get_by_role("row")).to_have_count(1 + 3)
    panel.locator(".calls summary").click()
    expect(panel.locator(".calls").get_by_role("row", name=re.compile("^1,000 ")).get_by_role("cell")).to_have_count(3)
    expect(panel.locator(".machine")).to_contain_text("PyTorch")


def test_values_are_read_off_by_keys(bench: Workbench) -> None:
    panel = _compare(bench)
    chart = panel.locator(".calls [role=group][tabindex='0']").first
    chart.focus()
    bench.page.keyboard.press("Home")
    expect(panel.locator(".calls .readout")).to_have_text(re.compile(r"^1 calls: eager .* · script .* · trace "))
    bench.page.keyboard.press("ArrowRight")
    expect(panel.locator(".calls .readout")).to_have_text(re.compile(r"^\d+ calls: eager "))


def _saved(bench: Workbench, button: Locator) -> Path:
    with bench.page.expect_download() as download:
        button.click()
    return download.value.path()


def test_pictures_are_saved_as_they_look(bench: Workbench) -> None:
    panel = _compare(bench)
    for place in ("speed", "calls"):
        root = ET.parse(_saved(bench, panel.locator(f".{place}").get_by_role("button", name="SVG"))).getroot()
        texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
        assert {"eager", *COMPARED} <= set(texts)
        assert all(element.get("fill", "").startswith(("rgb", "none")) for element in root.iter() if element.get("d"))
        assert not any("class" in element.attrib for element in root.iter())


def test_numbers_are_saved_in_base_units(bench: Workbench) -> None:
    panel = _compare(bench)
    with _saved(bench, panel.locator(".speed").get_by_role("button", name="CSV")).open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["path"] for row in rows] == ["eager", *COMPARED]
    assert all(int(row["median_ns"]) > 0 and int(row["runs"]) > 0 for row in rows)


def test_all_of_it_can_be_pasted_into_an_issue(bench_with: BenchWith) -> None:
    bench = bench_with(permissions=["clipboard-read", "clipboard-write"])
    panel = _compare(bench)
    button = panel.get_by_role("button", name="Copy as Markdown")
    button.click()
    expect(panel.get_by_role("button", name="Copied")).to_be_visible()
    text = str(bench.page.evaluate("navigator.clipboard.readText()"))
    assert text.startswith("### Compiling ")
    assert re.search(r"^\| eager \| [\d.]+ (ns|µs|ms) ± ", text, re.MULTILINE)
    assert "PyTorch: " in text
    assert "/s/" not in text


def test_where_the_clipboard_is_refused_it_is_a_file(bench: Workbench) -> None:
    bench.page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))")
    panel = _compare(bench)
    text = _saved(bench, panel.get_by_role("button", name="Copy as Markdown")).read_text()
    assert text.startswith("### Compiling ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_comparison_is_accessible(bench_with: BenchWith, scheme: str) -> None:
    bench = bench_with(color_scheme=scheme)
    _compare(bench)
    found = Axe().run(bench.page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_a_phone_never_scrolls_sideways(bench_with: BenchWith) -> None:
    panel = _compare(bench_with(**PHONE))
    assert panel.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for chart in panel.locator("svg.chart").all():
        box = chart.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_a_drawing_follows_the_width_of_its_pane(bench: Workbench) -> None:
    panel = _compare(bench)
    chart = panel.locator(".speed svg")
    before = int(chart.get_attribute("width") or 0)
    bench.page.locator("#splitter").focus()
    bench.page.keyboard.press("ArrowRight")
    expect(chart).not_to_have_attribute("width", str(before))
    assert 0 < int(chart.get_attribute("width") or 0) < before


def test_a_record_is_repeated_and_stands_beside_what_was_measured_here(bench: Workbench, bench_with: BenchWith) -> None:
    _compare(bench)
    bench.page.keyboard.press("Control+s")
    field = bench.page.locator("#share-dialog .share-row input").first
    expect(field).to_have_value(re.compile("/s/"))
    other = bench_with().open(field.input_value())
    panel = other.page.locator("pg-compare")
    expect(panel.locator(".speed svg.chart")).to_be_visible()
    recorded = panel.locator(".speed").get_by_role("row", name=re.compile("^eager")).inner_text()
    assert (
        recorded == bench.page.locator("pg-compare .speed").get_by_role("row", name=re.compile("^eager")).inner_text()
    )
    panel.get_by_role("button", name="Run again here").click()
    expect(other.status).to_have_text(re.compile("^ok in"))
    beside = panel.locator(".recorded")
    expect(beside.get_by_role("row")).to_have_count(1 + 3)
    expect(beside.get_by_role("row", name=re.compile("^eager"))).to_have_text(re.compile("(faster|slower|the same)"))
    expect(beside).to_contain_text("Device, threads and versions are the same.")


def test_a_line_of_the_program_is_named_where_a_path_fails(bench: Workbench) -> None:
    bench.open().write(FAILING)
    bench.page.keyboard.press("Alt+4")
    bench.run().tab("compare")
    note = bench.page.locator("pg-compare .notes li", has_text="script").first
    expect(note).to_contain_text("failed")
    expect(note.locator(".message")).not_to_be_empty()


FAILING = """import torch

def f(x):
    return x + len(globals())

f(torch.ones(2))
"""
