"""The API described by itself: OpenAPI 3.1, its schemas generated from the types that are used."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from playground import __version__
from playground.contracts.errors import PlaygroundError
from playground.contracts.events import AnyEvent
from playground.contracts.request import RunRequest
from playground.contracts.result import Result
from playground.contracts.snippet import Link, Snippet, SnippetRequest
from playground.examples import Example
from playground.views.highlight import HighlightedCode
from playground.web.problems import MIME, STATUS, FieldProblem, Problem
from playground.web.service import Service

Schema = dict[str, Any]
EVENTS: tuple[type[BaseModel], ...] = AnyEvent.__args__
MODELS = (RunRequest, Result, SnippetRequest, Snippet, Link, Service, Example, Problem, FieldProblem, *EVENTS)
_HTML = {
    "name": "html",
    "in": "query",
    "description": "`1`: each code has `html`, too, a list of highlighted lines. Anything else: as without it.",
    "schema": {"type": "string", "examples": ["1"]},
}
_LANG = {
    "name": "lang",
    "in": "query",
    "description": "`zh-Hans`: what the pipeline says, reasons for example, is in Chinese. Without it, in English.",
    "schema": {"type": "string", "examples": ["zh-Hans"]},
}


def ref(model: type[BaseModel]) -> Schema:
    """Point to the schema of a type."""
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def path(name: str) -> Schema:
    """Describe a part of an address."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def media(mime: str, schema: Schema) -> Schema:
    """Describe a body of one type."""
    return {mime: {"schema": schema}}


def json_of(schema: Schema) -> Schema:
    """Describe a JSON body."""
    return media("application/json", schema)


@dataclass(frozen=True)
class Operation:
    """One endpoint: its answers by status, and what it may refuse."""

    name: str
    method: str
    path: str
    summary: str
    answers: Mapping[int, Schema]
    refuses: Sequence[str] = ()
    parameters: Sequence[Schema] = ()
    body: type[BaseModel] | None = None
    headers: Mapping[str, Schema] = field(default_factory=dict)

    def describe(self) -> Schema:
        """Write it as OpenAPI."""
        responses = {str(status): self._answer(status, content) for status, content in self.answers.items()}
        for name in (*self.refuses, *(("InvalidRequest", "TooLarge") if self.body else ())):
            responses[_status(name)] = {"$ref": f"#/components/responses/{name}"}
        responses["default"] = {"$ref": "#/components/responses/Problem"}
        said: Schema = {"operationId": self.name, "summary": self.summary, "responses": responses}
        if self.parameters:
            said["parameters"] = list(self.parameters)
        if self.body:
            said["requestBody"] = {"required": True, "content": json_of(ref(self.body))}
        return said

    def _answer(self, status: int, content: Schema) -> Schema:
        return {"description": HTTPStatus(status).phrase, **({"content": content} if content else {})}


MESSAGE = {
    "type": "object",
    "description": "One message of the stream: an `Event` as JSON in its data, its id and its type beside it.",
    "properties": {
        "id": {"type": "string"},
        "event": {"type": "string"},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {"$ref": "#/components/schemas/Event"},
        },
    },
    "required": ["id", "event", "data"],
}
STREAM = media("text/event-stream", MESSAGE)
RUN_REFUSALS = ("DeviceUnavailable", "NoCapacity", "Unavailable")
OPERATIONS = (
    Operation(
        "run",
        "post",
        "/api/v1/runs",
        "Run a snippet; `Accept` decides between its events as they happen and the whole result.",
        {200: json_of(ref(Result)) | STREAM},
        RUN_REFUSALS,
        (_HTML, _LANG),
        RunRequest,
    ),
    Operation(
        "resume",
        "get",
        "/api/v1/runs/{run_id}/events",
        "Go on with a stream that broke.",
        {200: STREAM},
        ("InvalidRequest", "NotFound", "NoCapacity", "Unavailable"),
        (
            path("run_id"),
            _HTML,
            _LANG,
            {"name": "Last-Event-ID", "in": "header", "schema": {"type": "integer", "minimum": 0}},
            {"name": "after", "in": "query", "schema": {"type": "integer", "minimum": 0}},
        ),
    ),
    Operation(
        "cancel",
        "delete",
        "/api/v1/runs/{run_id}",
        "Stop a run; what it has produced stays.",
        {204: {}},
        ("NotFound", "Unavailable"),
        (path("run_id"),),
    ),
    Operation(
        "artifact",
        "get",
        "/api/v1/artifacts/{run_id}/{name}",
        "A file that a run has left.",
        {200: media("application/octet-stream", {"type": "string", "contentEncoding": "binary"})},
        ("NotFound", "Unavailable"),
        (path("run_id"), path("name")),
    ),
    Operation(
        "share",
        "post",
        "/api/v1/snippets",
        "Make a link; the same content has the same one.",
        {201: json_of(ref(Link)), 200: json_of(ref(Link))},
        ("NoCapacity", "Unavailable"),
        (),
        SnippetRequest,
    ),
    Operation(
        "shared",
        "get",
        "/api/v1/snippets/{snippet_id}",
        "What a link leads to.",
        {200: json_of(ref(Snippet))},
        ("NotFound", "Unavailable"),
        (path("snippet_id"),),
    ),
    Operation("environment", "get", "/api/v1/environment", "Versions, devices, limits.", {200: json_of(ref(Service))}),
    Operation(
        "examples",
        "get",
        "/api/v1/examples",
        "The built-in snippets.",
        {200: json_of({"type": "array", "items": ref(Example)})},
    ),
    Operation("openapi", "get", "/api/v1/openapi.json", "This document.", {200: json_of({"type": "object"})}),
)


def document() -> str:
    """Write the document."""
    paths: dict[str, Schema] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = operation.describe()
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Torch Playground",
                "version": __version__,
                "license": {"name": "MIT", "identifier": "MIT"},
            },
            "paths": paths,
            "components": {"schemas": _schemas(), "responses": _responses()},
        }
    )


def _schemas() -> Schema:
    modes = [(model, "validation" if model in {RunRequest, SnippetRequest} else "serialization") for model in MODELS]
    _, schemas = models_json_schema(modes, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    tagged = {model.model_fields["type"].default: f"#/components/schemas/{model.__name__}" for model in EVENTS}
    event = {"oneOf": [ref(model) for model in EVENTS], "discriminator": {"propertyName": "type", "mapping": tagged}}
    return {**schemas["$defs"], "Event": event, "Code": _with_html(schemas["$defs"]["Code"])}


def _with_html(code: Schema) -> Schema:
    """Allow what comes with ``html=1``."""
    html = HighlightedCode.model_json_schema()["properties"]["html"]
    return {**code, "properties": {**code["properties"], "html": html}}


def _responses() -> Schema:
    content = media(MIME, ref(Problem))
    found = {error.__name__: {"description": title, "content": content} for error, (_, title) in STATUS.items()}
    for name in ("NoCapacity", "Unavailable", "Starting"):
        found[name]["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return {**found, "Problem": {"description": "Anything else that goes wrong", "content": content}}


def _status(name: str) -> str:
    found: dict[str, type[PlaygroundError]] = {error.__name__: error for error in STATUS}
    return str(STATUS[found[name]][0].value)
