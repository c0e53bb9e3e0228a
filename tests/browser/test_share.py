import re

from playwright.sync_api import Request, expect

from tests.browser.workbench import BenchWith, Workbench

LINK = re.compile(r"/s/[1-9A-HJ-NP-Za-km-z]{11,}$")


def _share(bench: Workbench) -> str:
    bench.page.keyboard.press("Control+s")
    field = bench.page.locator("#share-dialog .share-row input").first
    expect(field).to_have_value(LINK)
    link = str(field.input_value())
    bench.page.keyboard.press("Escape")
    return link


def test_a_link_shows_the_recorded_run_without_running_it(bench: Workbench, bench_with: BenchWith) -> None:
    bench.open().write("import os\nprint('seen', os.getpid())\n").run().tab("code")
    printed = bench.output.text_content()
    link = _share(bench)
    assert bench.page.url == link

    other = bench_with()
    asked: list[Request] = []
    other.page.on("request", lambda request: asked.append(request) if request.method != "GET" else None)
    other.open(link)
    expect(other.status).to_have_text(re.compile("^recorded: ok in"))
    assert other.output.text_content() == printed
    expect(other.page.locator("#tab-code")).to_have_attribute("aria-selected", "true")
    expect(other.page.locator("[data-notice=recordedNotice]")).to_be_visible()
    assert other.source.startswith("import os")
    assert asked == []


def test_the_same_program_has_the_same_link(bench: Workbench) -> None:
    bench.open().write("print('same')")
    first = _share(bench)
    bench.open().write("print('same')")
    assert _share(bench) == first


def test_a_run_of_another_program_is_not_shared_with_this_one(bench: Workbench, bench_with: BenchWith) -> None:
    bench.open().write("print('old')").run()
    bench.write("print('new')")
    other = bench_with().open(_share(bench))
    assert other.source == "print('new')"
    expect(other.status).to_have_text("Ready")
    expect(other.output).not_to_contain_text("old")


def test_changes_since_the_link_was_made_are_said_and_can_be_undone(bench: Workbench, bench_with: BenchWith) -> None:
    link = _share(bench.open().write("print('shared')"))
    other = bench_with().open(link)
    notice = other.page.locator("[data-notice=changedNotice]")
    expect(notice).to_have_count(0)
    other.write("print('changed')")
    expect(notice).to_be_visible()
    notice.get_by_role("button").click()
    assert other.source == "print('shared')"
    expect(notice).to_have_count(0)


def test_how_it_is_run_is_shared_too(bench: Workbench, bench_with: BenchWith) -> None:
    bench.open().write("print(input())")
    bench.page.keyboard.press("Alt+3")
    bench.page.locator("#options-menu summary").click()
    bench.page.locator("[name=stdin]").fill("hello")
    bench.page.locator("[name=compilers][value=trace]").check()
    other = bench_with().open(_share(bench)).page
    expect(other.locator("[name=mode][value=hybrid]")).to_be_checked()
    expect(other.locator("[name=stdin]")).to_have_value("hello")
    expect(other.locator("[name=compilers][value=trace]")).to_be_checked()
