import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.workbench import BenchWith, Workbench

PROGRAM = "import sys\nprint('\\x1b[32mgreen\\x1b[0m')\nprint('careful', file=sys.stderr)\nx = [1, 2]\nx[5]\n"
TABS = ("output", "code", "time", "graph", "compare")
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


def _violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_before_and_after_a_run(bench_with: BenchWith, scheme: str) -> None:
    bench = bench_with(color_scheme=scheme).open()
    assert _violations(bench.page) == []
    bench.write(PROGRAM).run("bad")
    for tab in TABS:
        bench.tab(tab)
        assert (tab, _violations(bench.page)) == (tab, [])


@pytest.mark.parametrize("menu", ["options", "examples", "view"])
def test_menus_are_accessible(bench: Workbench, menu: str) -> None:
    bench.open().page.locator(f"#{menu}-menu summary").click()
    assert _violations(bench.page) == []


def test_dark_follows_the_system_and_can_be_chosen(bench_with: BenchWith) -> None:
    ground = "() => getComputedStyle(document.body).backgroundColor"
    dark = bench_with(color_scheme="dark").open().page.evaluate(ground)
    page = bench_with(color_scheme="light").open().page
    light = page.evaluate(ground)
    assert dark != light
    page.locator("#view-menu summary").click()
    page.locator("[data-pref=theme][value=dark]").check()
    assert page.evaluate(ground) == dark
    page.reload()
    assert page.evaluate(ground) == dark


def test_a_phone_shows_one_pane_at_a_time_and_never_scrolls_sideways(bench_with: BenchWith) -> None:
    bench = bench_with(**PHONE).open()
    page = bench.page
    expect(page.locator("#results")).to_be_hidden()
    for step in ("idle", *TABS):
        if step == "output":
            page.locator("#run").tap()
            expect(bench.status).to_have_attribute("data-kind", "good")
            expect(page.locator("#program")).to_be_hidden()
        if step != "idle":
            page.locator(f"#tab-{step}").tap()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), step
    run = page.locator("#run").bounding_box()
    assert run is not None
    assert run["y"] > 0.85 * 780
    assert run["height"] >= 44
    page.get_by_role("button", name="Program", exact=True).tap()
    expect(page.locator(".cm-content")).to_be_visible()


def test_the_page_speaks_chinese(bench_with: BenchWith) -> None:
    bench = bench_with(locale="zh-CN").open()
    expect(bench.page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(bench.page.locator("#run")).to_have_text("运行")
    bench.write("print('无torchscript')").run()
    expect(bench.output).to_contain_text("无torchscript")
    expect(bench.status).to_contain_text("成功")
    assert _violations(bench.page) == []


def test_the_language_can_be_chosen_and_is_kept(bench: Workbench) -> None:
    page = bench.open().page
    page.locator("#view-menu summary").click()
    page.get_by_role("link", name="简体中文").click()
    expect(page.locator("#run")).to_have_text("运行")
    bench.open()
    expect(page.locator("#run")).to_have_text("运行")


def test_nothing_moves_for_those_who_asked_for_that(bench_with: BenchWith) -> None:
    bench = bench_with(reduced_motion="reduce").open()
    bench.write("import time\nprint('on', flush=True)\nwhile True: time.sleep(0.01)\n").start()
    expect(bench.output).to_contain_text("on")
    assert bench.page.evaluate("document.getAnimations().length") == 0
    bench.page.keyboard.press("Escape")
    expect(bench.status).to_have_attribute("data-kind", "stopped")
