from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect


@pytest.fixture
def plain(new_context: Callable[..., BrowserContext]) -> Page:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/")
    return page


def _run(page: Page, source: str, mode: str = "imperative") -> Locator:
    page.locator("#source").fill(source)
    page.locator(f"[name=mode][value={mode}]").check(force=True)
    page.locator("#run").click()
    return page.locator("#results")


def test_a_form_runs_the_program_and_shows_the_result(plain: Page) -> None:
    results = _run(plain, "print(6 * 7)\n'shown'")
    expect(results).to_contain_text("42")
    expect(results).to_contain_text("'shown'")
    expect(results).to_contain_text("Bytecode")
    expect(results.get_by_role("table")).to_contain_text("execute")
    expect(plain.locator("#source")).to_have_value("print(6 * 7)\n'shown'")


def test_an_error_names_its_line(plain: Page) -> None:
    results = _run(plain, "x = 1\nraise ValueError('no')")
    expect(results.locator(".failure")).to_contain_text("ValueError: no")
    expect(results.locator(".failure")).to_contain_text("line 2")


def test_the_mode_is_kept(plain: Page) -> None:
    expect(_run(plain, "prog = 'print(1 + 1)'\n", "symbolic")).to_contain_text("2")
    expect(plain.locator("[name=mode][value=symbolic]")).to_be_checked()


def test_options_are_taken(plain: Page) -> None:
    plain.locator("#options-menu summary").click()
    plain.locator("[name=stdin]").fill("olleh")
    plain.keyboard.press("Escape")
    plain.locator("#options-menu summary").click()
    expect(_run(plain, "print(input()[::-1])")).to_contain_text("hello")


def test_nothing_is_offered_that_needs_a_script(plain: Page) -> None:
    for hidden in ("#share", "#help", "[role=tablist]", "#splitter"):
        expect(plain.locator(hidden)).to_be_hidden()
