"""The page in the hands of a reader."""

from collections.abc import Callable

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

expect.set_options(timeout=30_000)


class Workbench:
    """One page, and what the browser complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        # What the browser says of an answer that is not 2xx; a test that asks for one looks at it itself.
        # What its software renderer says of its own speed is no matter of ours either.
        harmless = ("Failed to load resource", "GL Driver Message")
        if message.type in {"error", "warning"} and not any(text in message.text for text in harmless):
            self.complaints.append(message.text)

    def open(self, path: str = "/") -> "Workbench":
        self.page.goto(path)
        expect(self.page.locator(".cm-content")).to_be_visible()
        return self

    def write(self, source: str) -> "Workbench":
        """Replace the program."""
        self.page.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)
        return self

    def start(self) -> "Workbench":
        self.page.keyboard.press("Control+Enter")
        return self

    def run(self, kind: str = "good") -> "Workbench":
        """Run, and wait for an end of that kind."""
        self.start()
        expect(self.status).to_have_attribute("data-kind", kind)
        return self

    def tab(self, name: str) -> "Workbench":
        self.page.locator(f"#tab-{name}").click()
        return self

    @property
    def status(self) -> Locator:
        return self.page.locator("pg-status .words")

    @property
    def output(self) -> Locator:
        return self.page.locator("pg-output")

    @property
    def source(self) -> str:
        lines = self.page.locator(".cm-content .cm-line").all_inner_texts()
        return "\n".join(line.replace("\n", "") for line in lines)


BenchWith = Callable[..., Workbench]
"""Opens a page in a browser set up otherwise: ``bench_with(color_scheme="dark")``."""
