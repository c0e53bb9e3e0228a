from playwright.sync_api import expect

from tests.browser.workbench import Workbench


def test_a_reload_brings_back_what_was_typed(bench: Workbench) -> None:
    bench.open().write("print('mine')")
    bench.page.keyboard.press("Alt+2")
    bench.page.reload()
    expect(bench.page.locator(".cm-content")).to_have_text("print('mine')")
    expect(bench.page.locator("[name=mode][value=symbolic]")).to_be_checked()


def test_a_new_tab_starts_with_it_and_does_not_write_over_it(bench: Workbench) -> None:
    bench.open().write("print('first tab')")
    bench.page.evaluate("dispatchEvent(new Event('pagehide'))")
    other = type(bench)(bench.page.context.new_page()).open()
    assert other.source == "print('first tab')"
    other.write("print('second tab')")
    other.page.close(run_before_unload=True)
    bench.page.reload()
    expect(bench.page.locator(".cm-content")).to_have_text("print('first tab')")


def test_changing_the_mode_keeps_the_program(bench: Workbench) -> None:
    bench.open().write("print('kept')")
    for mode in ("symbolic", "hybrid", "compare", "imperative"):
        bench.page.locator(f"[name=mode][value={mode}]").check()
        assert bench.source == "print('kept')"


def test_an_example_can_be_undone(bench: Workbench) -> None:
    bench.open().write("print('kept')")
    bench.page.keyboard.press("Alt+e")
    assert bench.source != "print('kept')"
    bench.page.keyboard.press("Control+z")
    assert bench.source == "print('kept')"
