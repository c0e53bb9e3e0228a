"""What is shared by a link: a program, how it is run, how it is shown, and, if wanted, the record of one run of it."""

from typing import Annotated

from pydantic import Field

from playground.contracts.request import Frozen, Shared

LayoutValue = Annotated[str, Field(max_length=200)] | int | bool | None
Layout = Annotated[dict[Annotated[str, Field(max_length=40)], LayoutValue], Field(max_length=32)]
"""How the page was arranged; the page's own affair, kept as it came."""


class SnippetRequest(Shared):
    """``POST /api/v1/snippets``."""

    layout: Layout | None = None
    run_id: str | None = Field(None, max_length=200, description="Keep the server's own record of this run beside it.")


class Link(Frozen):
    """The answer: where it is now."""

    id: str
    url: str


class Snippet(Shared):
    """``GET /api/v1/snippets/<id>``."""

    id: str
    url: str
    layout: Layout | None = None
