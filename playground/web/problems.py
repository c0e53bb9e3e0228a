"""Every error: ``problem+json`` (RFC 9457) for programs, a page for people. Our own faults never leak their text."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, render_template, request
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.exceptions import HTTPException

from playground.contracts.errors import (
    DeviceUnavailable,
    InvalidRequest,
    NoCapacity,
    NotFound,
    PlaygroundError,
    Starting,
    TooLarge,
    Unavailable,
)

log = structlog.get_logger()
MIME = "application/problem+json"
TYPES = "/api/v1/openapi.json#/components/responses/"
"""A problem's type is where it is documented."""
COME_BACK_S = 2
"""A runner is back in about this time."""


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="Dotted path, such as `options.target`.")
    message: str


class Problem(BaseModel):
    """An error, as RFC 9457 has it."""

    model_config = ConfigDict(frozen=True)

    type: str = Field("about:blank", description="What kind of problem: where it is documented.")
    title: str
    status: int
    detail: str = ""
    errors: tuple[FieldProblem, ...] | None = Field(None, description="With InvalidRequest: field by field.")
    devices: tuple[str, ...] | None = Field(None, description="With DeviceUnavailable: the devices there are.")
    step: str | None = Field(None, description="With Starting: what the runner is doing.")
    since_s: int | None = Field(None, description="With Starting: for how long it has been starting, in seconds.")


STATUS: Mapping[type[PlaygroundError], tuple[HTTPStatus, str]] = {
    InvalidRequest: (HTTPStatus.UNPROCESSABLE_ENTITY, "The request is not valid"),
    TooLarge: (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large"),
    NotFound: (HTTPStatus.NOT_FOUND, "Not found"),
    DeviceUnavailable: (HTTPStatus.CONFLICT, "No worker serves this device"),
    NoCapacity: (HTTPStatus.TOO_MANY_REQUESTS, "No capacity at the moment"),
    Unavailable: (HTTPStatus.SERVICE_UNAVAILABLE, "Not available at the moment"),
    Starting: (HTTPStatus.SERVICE_UNAVAILABLE, "The service is starting"),
}


def describe(error: Exception) -> tuple[Problem, dict[str, str]]:
    """Say an error as a problem, with the headers that belong to it."""
    match error:
        case PlaygroundError():
            return _ours(error), _retry(error)
        case HTTPException(code=int(code)):
            return _http(error, code), _kept(error)
        case _:
            return Problem(title="Internal error", status=500, detail="Something failed on our side."), {}


def _ours(error: PlaygroundError) -> Problem:
    status, title = STATUS[type(error)]
    more: dict[str, Any] = {}
    if isinstance(error, InvalidRequest):
        more["errors"] = tuple(FieldProblem(field=one.field, message=one.message) for one in error.errors)
    if isinstance(error, DeviceUnavailable):
        more["devices"] = error.available
    if isinstance(error, Starting):
        more |= {"step": error.step, "since_s": error.since_s}
    return Problem(type=TYPES + type(error).__name__, title=title, status=status, detail=str(error), **more)


def _retry(error: PlaygroundError) -> dict[str, str]:
    match error:
        case NoCapacity(retry_after_s=seconds):
            return {"Retry-After": str(seconds)}
        case Unavailable():
            return {"Retry-After": str(COME_BACK_S)}
        case _:
            return {}


def _http(error: HTTPException, code: int) -> Problem:
    return Problem(title=error.name, status=code, detail=error.description or "")


def _kept(error: HTTPException) -> dict[str, str]:
    """Keep what the standard asks for with some errors, such as ``Allow``."""
    return {name: value for name, value in error.get_headers() if name not in {"Content-Type", "Content-Length"}}


def answer(error: Exception) -> Response:
    """Answer with an error."""
    problem, headers = describe(error)
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request_failed", method=request.method, path=request.path, exc_info=error)
    if for_people():
        page = render_template("error.html", title=problem.title, status=problem.status, detail=problem.detail)
        return Response(page, problem.status, headers)
    return Response(problem.model_dump_json(exclude_none=True), problem.status, headers, mimetype=MIME)


def for_people() -> bool:
    """Whether a page is wanted: outside the API, by something that reads HTML."""
    return not request.path.startswith("/api/") and request.accept_mimetypes.accept_html


def handle(app: Flask) -> None:
    """Answer every error of an application so."""
    app.register_error_handler(Exception, answer)
