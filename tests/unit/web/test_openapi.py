"""The description of the API is true: every endpoint is in it, every reference leads somewhere, answers fit it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from playground.contracts.request import RunRequest
from playground.web.problems import TYPES


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/v1/openapi.json")
    assert answer.mimetype == "application/json"
    read: dict[str, Any] = answer.get_json()
    return read


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_it_is_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["info"]["version"]


def test_every_endpoint_is_described_and_no_other(client: FlaskClient, document: dict[str, Any]) -> None:
    there = {
        (method.lower(), re.sub(r"<(?:path:)?(\w+)>", r"{\1}", rule.rule))
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert there == {(method, path) for path, methods in document["paths"].items() for method in methods}


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in set(references(document)):
        part: Any = document
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]
        assert part


def test_every_part_of_an_address_is_described(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            named = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))


def test_a_problem_says_where_it_is_documented(client: FlaskClient, document: dict[str, Any]) -> None:
    kind = client.post("/api/v1/runs", json={}).get_json()["type"]
    assert kind.startswith(TYPES)
    assert kind.removeprefix(TYPES) in document["components"]["responses"]


def test_a_request_is_described_as_it_is_read(document: dict[str, Any]) -> None:
    schema = document["components"]["schemas"]["RunRequest"]
    assert set(schema["properties"]) == set(RunRequest.model_fields)
    assert schema["required"] == ["source", "mode"]
    assert schema["additionalProperties"] is False


def test_every_event_has_its_type(document: dict[str, Any]) -> None:
    mapping = document["components"]["schemas"]["Event"]["discriminator"]["mapping"]
    assert {"accepted", "output", "code", "finished"} <= set(mapping)


def test_the_environment_is_described(client: FlaskClient) -> None:
    answer = client.get("/api/v1/environment").get_json()
    assert [device["device"] for device in answer["devices"]] == ["cpu"]
    assert answer["devices"][0]["libraries"] == {"torch": "2"}
    assert answer["devices"][0]["limits"]
    assert answer["max_source_bytes"] == 65_536


def test_the_examples_are_listed(client: FlaskClient) -> None:
    answer = client.get("/api/v1/examples").get_json()
    assert [set(example) for example in answer] == [{"slug", "titles", "mode", "source"}] * len(answer)
