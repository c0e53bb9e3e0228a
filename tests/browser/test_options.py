"""The options form: what each mode uses, what is kept, and what is wrong said where it was written."""

import re

from playwright.sync_api import Page, expect

from tests.browser.workbench import BenchWith, Workbench

USED = {
    "imperative": {"threads", "timeout_s", "stdin"},
    "hybrid": {"target", "inputs", "compilers", "backend", "compile_mode", "dynamic", "fullgraph", "strict"},
    "compare": {"sweep", "min_run_ms", "profile"},
}
USED["symbolic"] = USED["imperative"]
USED["hybrid"] |= USED["imperative"]
USED["compare"] |= USED["hybrid"]
ALL = USED["compare"]


def _open(bench: Workbench, mode: str) -> Page:
    bench.open().page.locator(f"[name=mode][value={mode}]").check()
    bench.page.locator("#options-menu summary").click()
    return bench.page


def test_only_what_the_mode_uses_is_shown(bench: Workbench) -> None:
    page = _open(bench, "imperative")
    for number, mode in enumerate(("imperative", "symbolic", "hybrid", "compare"), start=1):
        page.keyboard.press(f"Alt+{number}")
        shown = {name for name in ALL if page.locator(f"[name={name}]").first.is_visible()}
        assert shown == USED[mode], mode


def test_what_is_set_is_counted_sent_and_kept_over_a_reload(bench: Workbench) -> None:
    page = _open(bench, "hybrid")
    page.locator("[name=backend]").select_option("aot_eager")
    page.locator("[name=dynamic]").select_option("false")
    page.locator("[name=fullgraph]").check()
    expect(page.locator("#options-menu summary .count")).to_have_text("3")
    bench.write("print(1)")
    with page.expect_request(re.compile(r"/api/v1/runs\?")) as asked:
        bench.run()
    sent = asked.value.post_data_json
    assert sent is not None
    assert sent["options"] == {"backend": "aot_eager", "dynamic": False, "fullgraph": True}
    page.reload()
    expect(page.locator("[name=backend]")).to_have_value("aot_eager")
    expect(page.locator("[name=dynamic]")).to_have_value("false")
    expect(page.locator("[name=fullgraph]")).to_be_checked()
    page.keyboard.press("Alt+1")
    expect(page.locator("#options-menu summary .count")).to_have_text("")


def test_what_was_refused_is_said_at_its_field_until_it_is_right(bench: Workbench) -> None:
    page = _open(bench, "compare")
    field = page.locator("[name=sweep]")
    field.fill("batch")
    page.keyboard.press("Escape")
    bench.run("bad")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#wrong-sweep")).to_contain_text("gives batch no values")
    expect(field).to_have_accessible_description(re.compile("gives batch no values"))
    field.fill("")
    page.keyboard.press("Escape")
    bench.write("print(1)")
    page.keyboard.press("Alt+1")
    bench.run()
    expect(page.locator("#wrong-sweep")).to_be_empty()
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_a_refusal_leads_to_its_field_in_a_mode_that_does_not_show_it(bench: Workbench) -> None:
    page = _open(bench, "hybrid")
    page.locator("[name=target]").fill("1 +")
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+1")
    bench.run("bad")
    expect(page.locator("[name=target]")).to_be_focused()
    expect(page.locator("#wrong-target")).to_contain_text("is not a Python expression")


def test_they_fit_on_a_phone(bench_with: BenchWith) -> None:
    bench = bench_with(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    page = _open(bench, "compare")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    popover = page.locator(".popover.options")
    assert popover.evaluate("one => one.scrollWidth <= one.clientWidth")
    page.locator("[name=stdin]").scroll_into_view_if_needed()
    expect(page.locator("[name=stdin]")).to_be_in_viewport()
