"""What the page knows when it starts: embedded in it as JSON, read by the scripts and by the templates."""

from collections.abc import Sequence
from typing import Any

from playground.contracts.request import MAX_SOURCE_BYTES, Device, Mode
from playground.contracts.result import Result
from playground.contracts.wire import Description
from playground.examples import examples
from playground.store.base import Stored


def boot(devices: Sequence[Device], description: Description | None, lang: str) -> dict[str, Any]:
    """Say what there is to choose from."""
    about = description.model_dump(mode="json") if description else {"limits": [], "environment": None}
    return {
        "lang": lang,
        "modes": [mode.value for mode in Mode],
        "devices": [device.value for device in devices],
        "limits": about["limits"],
        "environment": about["environment"],
        "examples": [example.model_dump(mode="json") for example in examples()],
        "snippet": None,
        "recorded": None,
        "max_source_bytes": MAX_SOURCE_BYTES,
    }


def shared(stored: Stored, url: str, recorded: Result | None) -> dict[str, Any]:
    """Say what a link leads to."""
    snippet = {**stored.snippet.model_dump(mode="json"), "id": stored.id, "url": url}
    snippet["options"] = stored.snippet.options.model_dump(mode="json", exclude_none=True)
    return {
        "snippet": snippet,
        "recorded": recorded.model_dump(mode="json", serialize_as_any=True) if recorded else None,
    }
