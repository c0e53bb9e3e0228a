"""Text as it may travel, and lines as Python counts them."""


def clean(text: str, limit: int | None = None) -> str:
    """A plain string that UTF-8 can hold: a snippet's ``str`` may be a subclass, and hold half of a character.

    Args:
        text: what a snippet made.
        limit: characters kept of it.
    """
    return str.encode(text[:limit] if type(text) is str else text, "utf-8", "backslashreplace").decode()[:limit]


def lines_of(source: str) -> list[str]:
    """The lines as the compiler counts them; ``splitlines`` also ends one at a form feed and other rare characters."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]
