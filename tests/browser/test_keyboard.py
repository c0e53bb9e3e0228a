from playwright.sync_api import expect

from tests.browser.workbench import Workbench


def test_modes_are_chosen_by_number(bench: Workbench) -> None:
    bench.open()
    for number, mode in enumerate(("imperative", "symbolic", "hybrid", "compare"), start=1):
        bench.page.keyboard.press(f"Alt+{number}")
        expect(bench.page.locator(f"[name=mode][value={mode}]")).to_be_checked()
        expect(bench.page.locator(f"[data-intro={mode}]")).to_be_visible()


def test_a_question_mark_lists_the_keys_but_can_be_typed(bench: Workbench) -> None:
    bench.open().write("x = '")
    bench.page.keyboard.type("?")
    expect(bench.page.locator("#help-dialog")).not_to_be_visible()
    assert "?" in bench.source
    bench.page.locator("#tab-output").focus()
    bench.page.keyboard.press("?")
    expect(bench.page.locator("#help-dialog")).to_be_visible()
    expect(bench.page.locator("#help-dialog")).to_contain_text("Ctrl+Enter")
    bench.page.keyboard.press("Escape")
    expect(bench.page.locator("#help-dialog")).not_to_be_visible()


def test_f6_goes_round_the_panes(bench: Workbench) -> None:
    page = bench.open().page
    page.locator(".cm-content").click()
    page.keyboard.press("F6")
    expect(page.locator("#panel-output")).to_be_focused()
    page.keyboard.press("F6")
    expect(page.locator("[name=mode]:checked")).to_be_focused()
    page.keyboard.press("F6")
    expect(page.locator(".cm-content")).to_be_focused()
    page.keyboard.press("Shift+F6")
    expect(page.locator("[name=mode]:checked")).to_be_focused()


def test_tabs_move_by_arrows(bench: Workbench) -> None:
    page = bench.open().page
    page.locator("#tab-output").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-code")).to_be_focused()
    expect(page.locator("#panel-code")).to_be_visible()
    expect(page.locator("#panel-output")).to_be_hidden()
    page.keyboard.press("End")
    expect(page.locator("#tab-compare")).to_have_attribute("aria-selected", "true")


def test_escape_closes_a_menu_before_it_stops_a_run(bench: Workbench) -> None:
    bench.open().write("import time\nprint('on', flush=True)\nwhile True: time.sleep(0.01)\n").start()
    expect(bench.output).to_contain_text("on")
    menu = bench.page.locator("#view-menu")
    menu.locator("summary").click()
    bench.page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(bench.status).to_have_text("Running")
    bench.page.keyboard.press("Escape")
    expect(bench.status).to_have_attribute("data-kind", "stopped")


def test_the_editor_can_be_left_by_tab(bench: Workbench) -> None:
    page = bench.open().page
    page.locator(".cm-content").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator("#splitter")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#splitter")).to_have_attribute("aria-valuenow", "50")


def test_presentation_size_is_one_key_and_stays(bench: Workbench) -> None:
    page = bench.open().page
    size = "() => parseFloat(getComputedStyle(document.querySelector('.cm-scroller')).fontSize)"
    normal = page.evaluate(size)
    page.keyboard.press("Alt+p")
    assert page.evaluate(size) > 1.2 * normal
    page.reload()
    expect(page.locator(".cm-content")).to_be_visible()
    assert page.evaluate(size) > 1.2 * normal


def test_escape_stops_a_run_while_a_completion_is_only_thought_about(bench: Workbench) -> None:
    bench.open().write("import time\nprint('on', flush=True)\nwhile True: time.sleep(0.01)\n# ").start()
    expect(bench.output).to_contain_text("on")
    bench.page.keyboard.type("a")  # in a comment: what is asked for, nobody has, so that no list will ever show
    bench.page.keyboard.press("Escape")
    expect(bench.status).to_have_attribute("data-kind", "stopped")
