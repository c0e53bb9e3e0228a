"""What this server is: its devices, versions and limits, its examples, and the description of its API."""

from functools import cached_property

from flask import Flask, Response
from pydantic import TypeAdapter

from playground import __version__
from playground.contracts.errors import PlaygroundError
from playground.contracts.request import Device
from playground.contracts.wire import Description
from playground.dispatch.base import Dispatcher
from playground.examples import Example, examples
from playground.web.openapi import document
from playground.web.service import Service

EXAMPLES: TypeAdapter[tuple[Example, ...]] = TypeAdapter(tuple[Example, ...])
JSON = "application/json"


def described(dispatcher: Dispatcher, device: Device) -> Description | None:
    """Describe a device; nothing while its worker does not answer."""
    try:
        return dispatcher.describe(device)
    except PlaygroundError:
        return None


class About:
    """The endpoints that describe."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    def add_to(self, app: Flask) -> None:
        """Route to them."""
        app.add_url_rule("/api/v1/environment", "environment", self.environment)
        app.add_url_rule("/api/v1/examples", "examples", self.examples)
        app.add_url_rule("/api/v1/openapi.json", "openapi", self.openapi)

    def environment(self) -> Response:
        """Say what is served, and within which limits."""
        found = {device: described(self._dispatcher, device) for device in self._dispatcher.devices()}
        service = Service(
            version=__version__,
            devices=tuple(description for description in found.values() if description),
            unavailable=tuple(device for device, description in found.items() if not description),
        )
        return Response(service.model_dump_json(), mimetype=JSON)

    def examples(self) -> Response:
        """Give the built-in snippets."""
        return Response(EXAMPLES.dump_json(examples()), mimetype=JSON)

    def openapi(self) -> Response:
        """Describe the API."""
        return Response(self._document, mimetype=JSON)

    @cached_property
    def _document(self) -> str:
        return document()
