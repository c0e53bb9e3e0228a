"""A reader of Chinese is told in Chinese why something was not done; the program's own names stay as they are."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.workbench import BenchWith, Workbench

PROGRAM = '''prog = """
def double(x):
    return x + x
print(double(21))
double = abs
"""
'''
ENGLISH = "`double` is not inlined: it may be rebound on line 5"
CHINESE = "`double` 没有内联：它可能在第 5 行被重新绑定"
WAY_OUT = "给另一个值换一个名字。"


def _run(bench: Workbench, lang: str) -> Workbench:
    bench.open(f"/?lang={lang}").write(PROGRAM)
    bench.page.keyboard.press("Alt+2")
    return bench.run()


def test_a_refusal_is_told_in_chinese(bench: Workbench) -> None:
    finding = _run(bench, "zh-Hans").output.locator(".finding.rewrite_refused")
    expect(finding).to_contain_text(CHINESE)
    expect(finding).to_contain_text(WAY_OUT)
    expect(bench.output).not_to_contain_text("is not inlined")


def test_what_was_recorded_is_told_in_the_language_of_who_opens_the_link(
    bench: Workbench, bench_with: BenchWith
) -> None:
    expect(_run(bench, "en").output).to_contain_text(ENGLISH)
    bench.page.locator("#share").click()
    field = bench.page.locator("#share-dialog .share-row input").first
    expect(field).not_to_have_value("")
    other = bench_with(locale="zh-CN").open(field.input_value())
    expect(other.output).to_contain_text(CHINESE)


def test_without_scripts_it_is_told_in_chinese_too(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/?lang=zh-Hans")
    page.locator("#source").fill(PROGRAM)
    page.locator("[name=mode][value=symbolic]").check(force=True)
    page.locator("#run").click()
    expect(page.locator("#results")).to_contain_text(CHINESE)
    expect(page.locator("#results")).to_contain_text(WAY_OUT)
