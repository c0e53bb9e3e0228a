"""``/api/v1/artifacts``: files that snippets left, to be saved, never shown: what is in them is the snippet's."""

from pathlib import Path

from flask import Flask, Response, send_file

from playground.contracts.errors import NotFound
from playground.dispatch.base import Dispatcher


class Artifacts:
    """The endpoint of files."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    def add_to(self, app: Flask) -> None:
        """Route to it."""
        app.add_url_rule("/api/v1/artifacts/<run_id>/<path:name>", "artifact", self.artifact)

    def artifact(self, run_id: str, name: str) -> Response:
        """Send one file."""
        file = self._dispatcher.fetch(run_id, name)
        try:
            return send_file(
                file.path,
                mimetype="application/octet-stream",
                as_attachment=True,
                download_name=Path(name).name,
                etag=file.sha256 or True,
                max_age=0,
            )
        except FileNotFoundError:
            message = f"The file {name!r} is no longer kept."
            raise NotFound(message) from None
