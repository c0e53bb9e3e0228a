import re

from playwright.sync_api import Route, expect

from tests.browser.workbench import Workbench

LOOP = "import time\nprint('first', flush=True)\nwhile True:\n    time.sleep(0.01)\n"


def test_a_program_runs_and_prints(bench: Workbench) -> None:
    bench.open().write("def add(a, b):\n    return a + b\n\nprint(add(1, 2) + 7)\n").run()
    expect(bench.output.locator(".stdout pre")).to_have_text("10\n")
    expect(bench.status).to_have_text(re.compile(r"^ok in [\d.]+ (µs|ms|s)$"))


def test_every_example_runs(bench: Workbench) -> None:
    bench.open()
    menu = bench.page.locator("#examples-menu")
    slugs = [link.get_attribute("data-example") for link in menu.locator("[data-example]").all()]
    assert len(slugs) >= 4
    for slug in slugs:
        menu.locator("summary").click()
        menu.locator(f"[data-example='{slug}']").click()
        bench.run("bad" if slug == "error" else "good")
        expect(bench.page.locator("#tab-time .count")).not_to_be_empty()


def test_output_appears_while_the_program_runs_and_stop_ends_it(bench: Workbench) -> None:
    bench.open().write(LOOP).start()
    expect(bench.output).to_contain_text("first")
    expect(bench.status).to_have_text("Running")
    button = bench.page.locator("#run")
    expect(button).to_have_text("Stop")
    button.click()
    expect(bench.status).to_have_attribute("data-kind", "stopped")
    expect(button).to_have_text("Run")
    expect(bench.output).to_contain_text("first")


def test_a_run_can_follow_one_that_was_stopped(bench: Workbench) -> None:
    bench.open().write(LOOP).start()
    expect(bench.output).to_contain_text("first")
    bench.page.keyboard.press("Escape")
    expect(bench.status).to_have_attribute("data-kind", "stopped")
    bench.write("print('second')").run()
    expect(bench.output).to_have_text("second\n", use_inner_text=False)


def test_a_limit_is_named_and_what_was_printed_stays(bench: Workbench) -> None:
    bench.open().write(LOOP)
    bench.page.locator("#options-menu summary").click()
    bench.page.locator("[name=timeout_s]").fill("1")
    bench.run("bad")
    expect(bench.status).to_have_text(re.compile("^stopped: out of time"))
    expect(bench.output).to_contain_text("first")


def test_an_error_leads_to_its_line(bench: Workbench) -> None:
    bench.open().write("x = 1\n\ndef f():\n    return x / 0\n\nf()\n").run("bad")
    expect(bench.status).to_have_text("ZeroDivisionError on line 4")
    expect(bench.page.locator("#tab-output .count")).to_have_text("1")
    bench.output.locator(".failure").get_by_role("button", name="line 4").click()
    expect(bench.page.locator(".cm-activeLine")).to_have_text("    return x / 0")
    expect(bench.page.locator(".cm-content")).to_be_focused()
    expect(bench.page.locator(".cm-lint-marker-error")).to_be_visible()


def test_stderr_is_told_from_stdout_in_words(bench: Workbench) -> None:
    bench.open().write("import sys\nprint('out')\nprint('err', file=sys.stderr)\n").run()
    expect(bench.output.locator(".stdout")).to_have_text("out\n")
    expect(bench.output.locator(".stderr .stream")).to_have_text("stderr")
    expect(bench.output.locator(".stderr pre")).to_have_text("err\n")


def test_terminal_colors_and_rewritten_lines_are_shown(bench: Workbench) -> None:
    bench.open().write("print('\\x1b[31mred\\x1b[0m')\nprint('10%\\r100%')\n").run()
    expect(bench.output.locator(".fg-red")).to_have_text("red")
    expect(bench.output.locator("pre")).to_have_text("red\n100%\n")


def test_a_last_expression_and_a_figure_are_shown(bench: Workbench) -> None:
    source = "import matplotlib.pyplot as plt\nimport torch\nplt.plot([1, 2, 3])\nplt.show()\ntorch.ones(2)\n"
    bench.open().write(source).run()
    expect(bench.output.locator("img.figure")).to_be_visible()
    assert bench.page.locator("img.figure").evaluate("image => image.naturalWidth") > 100
    expect(bench.output.locator(".shown")).to_have_text("tensor([1., 1.])")


def test_input_reads_what_was_given(bench: Workbench) -> None:
    bench.open().write("print(input()[::-1])")
    bench.page.locator("#options-menu summary").click()
    bench.page.locator("[name=stdin]").fill("olleh")
    bench.run()
    expect(bench.output).to_contain_text("hello")


def test_a_file_can_be_downloaded(bench: Workbench) -> None:
    bench.open().write("open('notes.txt', 'w').write('kept')\n").run()
    with bench.page.expect_download() as download:
        bench.output.locator(".files a").click()
    assert download.value.path().read_text() == "kept"


def test_a_lost_connection_is_taken_up_where_it_broke(bench: Workbench) -> None:
    def cut(route: Route) -> None:
        whole = route.fetch()
        frames = whole.text().split("\n\n")
        route.fulfill(response=whole, body="\n\n".join(frames[:2]) + "\n\n")

    bench.open().page.route(re.compile(r"/api/v1/runs\?"), cut)
    with bench.page.expect_request(re.compile("/events")) as resumed:
        bench.write("print('once')").run()
    assert resumed.value.headers["last-event-id"] == "2"
    expect(bench.output.locator("pre")).to_have_text("once\n")


def test_a_server_out_of_reach_is_said_and_nothing_is_lost(bench: Workbench) -> None:
    bench.open().page.route(re.compile(r"/api/v1/runs\?"), lambda route: route.abort())
    bench.write("print('kept')").run("bad")
    expect(bench.status).to_contain_text("cannot be reached")
    assert bench.source == "print('kept')"


def test_a_full_house_says_when_to_come_back(bench: Workbench) -> None:
    problem = {"title": "Too Many Requests", "status": 429, "detail": "full"}
    answer = {"status": 429, "headers": {"Retry-After": "7"}, "content_type": "application/problem+json"}
    bench.open().page.route(re.compile(r"/api/v1/runs\?"), lambda route: route.fulfill(json=problem, **answer))
    bench.write("print('kept')").run("bad")
    expect(bench.status).to_contain_text("Try again in 7 s")


def test_a_wrong_option_is_said_with_its_field(bench: Workbench) -> None:
    bench.open().write("print(1)")
    bench.page.keyboard.press("Alt+3")  # the imperative mode has no target
    bench.page.locator("#options-menu summary").click()
    bench.page.locator("[name=target]").fill("not an expression")
    bench.run("bad")
    expect(bench.status).to_contain_text("options.target")


def test_a_program_never_becomes_a_part_of_the_page(bench: Workbench) -> None:
    evil = "<img src=x onerror=document.title='gone'>"
    bench.open().write(f"print({evil!r})\n{evil!r}\nraise ValueError({evil!r})\n").run("bad")
    expect(bench.output).to_contain_text("onerror")
    bench.tab("code").tab("graph").tab("time").tab("output")
    assert bench.page.locator("pg-tabs img[src=x]").count() == 0
    assert "gone" not in bench.page.title()
