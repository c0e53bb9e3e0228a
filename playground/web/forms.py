"""The page's form without JavaScript: its fields as a request, and back."""

from typing import Any

from werkzeug.datastructures import MultiDict

from playground.contracts.request import RunOptions, Shared

Fields = dict[str, Any]
OPTIONS = tuple(name for name in RunOptions.model_fields if name not in {"compilers", "levels"})
"""Those that are one field each. Which levels are shown is chosen where they are shown."""
PROGRAM = ("mode", "device", "stdin")


def read(form: MultiDict[str, str]) -> Fields:
    """Read what was filled in. A form sends every field, and line ends of its own."""
    filled = {name: value.replace("\r\n", "\n") for name, value in form.items() if value.strip()}
    options: Fields = {name: filled[name] for name in OPTIONS if name in filled}
    if compilers := form.getlist("compilers"):
        options["compilers"] = compilers
    source = form.get("source", "").replace("\r\n", "\n")
    return {"source": source, **{name: filled[name] for name in PROGRAM if name in filled}, "options": options}


def refill(asked: Fields) -> Fields:
    """Give the fields back as they were filled in."""
    return {**asked, **asked["options"]}


def fill(program: Shared) -> Fields:
    """Give the fields of a program."""
    return refill(program.model_dump(mode="json", exclude_none=True))
