"""Reads a request's body as one of our types; what is wrong with it is said by field."""

from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from playground.contracts.errors import FieldError, InvalidRequest

MAX_BYTES = 2 << 20
"""Source and input at their limits, each character escaped, and room for the rest."""
WHOLE = "request"
"""The field of an error that is about several."""
_M = TypeVar("_M", bound=BaseModel)


def json_body(model: type[_M]) -> _M:
    """Read the request's JSON.

    Other types are refused: ``application/json`` is what another site's form cannot send.

    Raises:
        InvalidRequest: one or more fields are wrong.
    """
    if request.mimetype != "application/json":
        message = "Send it as application/json."
        raise UnsupportedMediaType(message)
    try:
        return model.model_validate_json(request.get_data(cache=False), strict=True)
    except ValidationError as error:
        raise refusal(error) from None


def valid(model: type[_M], fields: dict[str, Any]) -> _M:
    """Read fields that came as text, as those of a form or an address do.

    Raises:
        InvalidRequest: one or more fields are wrong.
    """
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise refusal(error) from None


def refusal(error: ValidationError) -> InvalidRequest | BadRequest:
    """Say what is wrong in our terms."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        return BadRequest(f"The body is not JSON: {found[0]['msg'].removeprefix('Invalid JSON: ')}.")
    return InvalidRequest([FieldError(_path(one["loc"]), one["msg"].removeprefix("Value error, ")) for one in found])


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or WHOLE
