"""What is wrong with a request is said by field, and is never our fault."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.contracts.request import MAX_SOURCE_BYTES, RunRequest
from playground.web.body import MAX_BYTES

RUNS = "/api/v1/runs"
TEN: dict[str, Any] = {"source": "print(10)", "mode": "imperative"}
Client = Callable[..., FlaskClient]
ONE_CLIENT_FOR_ALL = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
fields = st.dictionaries(st.sampled_from([*RunRequest.model_fields, "other", "run_id", "layout"]), json_values)
options = st.dictionaries(
    st.sampled_from(["target", "inputs", "compilers", "levels", "timeout_s", "threads", "min_run_ms", "x"]), json_values
)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"mode": "quantum"}, "mode"),
        ({"mode": None}, "mode"),
        ({"source": 1}, "source"),
        ({"source": "x" * (MAX_SOURCE_BYTES + 1)}, "source"),
        ({"source": "\u4e00" * (MAX_SOURCE_BYTES // 3 + 1)}, "source"),
        ({"device": "tpu"}, "device"),
        ({"stdin": 1}, "stdin"),
        ({"surprise": 1}, "surprise"),
        ({"options": []}, "options"),
        ({"options": {"target": "1 +"}}, "options.target"),
        ({"options": {"target": "import os"}}, "options.target"),
        ({"options": {"target": "x" * 1_001}}, "options.target"),
        ({"options": {"target": "(" * 900}}, "options.target"),
        ({"options": {"threads": "2"}}, "options.threads"),
        ({"options": {"threads": 0}}, "options.threads"),
        ({"options": {"timeout_s": -1}}, "options.timeout_s"),
        ({"options": {"compilers": ["gcc"]}}, "options.compilers.0"),
        ({"options": {"compilers": []}}, "options.compilers"),
        ({"options": {"levels": ["ast", "none"]}}, "options.levels.1"),
        ({"options": {"inputs": "(1,)"}}, "request"),
        ({"options": {"surprise": 1}}, "options.surprise"),
        ({"options": {"backend": "llvm"}}, "options.backend"),
        ({"options": {"backend": "eager", "compile_mode": "max-autotune"}}, "options.compile_mode"),
        ({"options": {"dynamic": "often"}}, "options.dynamic"),
        ({"options": {"fullgraph": 1}}, "options.fullgraph"),
        ({"options": {"strict": "yes"}}, "options.strict"),
    ],
)
def test_a_wrong_field_is_named(client: FlaskClient, wrong: dict[str, Any], field: str) -> None:
    answer = client.post(RUNS, json=TEN | wrong)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    problem = answer.get_json()
    assert problem["errors"][0]["field"] == field
    assert problem["errors"][0]["message"]
    assert problem["status"] == 422


def test_all_wrong_fields_are_named_at_once(client: FlaskClient) -> None:
    problem = client.post(RUNS, json={"mode": "x", "options": {"threads": 0}}).get_json()
    assert {error["field"] for error in problem["errors"]} == {"source", "mode", "options.threads"}


def test_a_lone_half_of_a_character_is_refused(client: FlaskClient) -> None:
    answer = client.post(RUNS, data=rb'{"source": "\ud800", "mode": "imperative"}', content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("mime", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_form_of_another_site_can_send_is_refused(client: FlaskClient, mime: str) -> None:
    answer = client.post(RUNS, data=json.dumps(TEN), content_type=mime)
    assert (answer.status_code, answer.mimetype) == (415, "application/problem+json")


@pytest.mark.parametrize("path", [RUNS, "/api/v1/snippets"])
def test_a_body_over_the_limit_is_too_large(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data=b" " * (MAX_BYTES + 1), content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


def test_source_and_input_at_their_limits_fit_however_they_are_escaped(client: FlaskClient) -> None:
    body = {**TEN, "source": "\0" * MAX_SOURCE_BYTES, "stdin": "\1" * MAX_SOURCE_BYTES}
    assert client.post(RUNS, json=body).status_code == 200


@ONE_CLIENT_FOR_ALL
@given(body=st.binary())
def test_bytes_are_never_our_fault(client: FlaskClient, body: bytes) -> None:
    assert 400 <= client.post(RUNS, data=body, content_type="application/json").status_code < 500


@ONE_CLIENT_FOR_ALL
@given(body=json_values | fields, path=st.sampled_from([RUNS, "/api/v1/snippets"]))
def test_json_is_never_our_fault(client: FlaskClient, body: object, path: str) -> None:
    answer = client.post(path, data=json.dumps(body), content_type="application/json")
    assert 400 <= answer.status_code < 500
    assert answer.get_json()["status"] == answer.status_code


@ONE_CLIENT_FOR_ALL
@given(given=options, source=st.text())
def test_options_are_taken_or_named(client: FlaskClient, given: dict[str, Any], source: str) -> None:
    answer = client.post(
        RUNS, data=json.dumps({**TEN, "source": source, "options": given}), content_type="application/json"
    )
    assert answer.status_code in {200, 400, 422}
    if answer.status_code == 422:
        assert all(error["field"] == "request" or "options" in error["field"] for error in answer.get_json()["errors"])


@ONE_CLIENT_FOR_ALL
@given(
    form=st.dictionaries(st.sampled_from(["source", "mode", "device", "stdin", "threads", "target", "x"]), st.text())
)
def test_a_form_is_never_our_fault(client: FlaskClient, form: dict[str, str]) -> None:
    assert client.post("/", data=form).status_code in {200, 422}


@ONE_CLIENT_FOR_ALL
@given(name=st.text(min_size=1), after=st.text())
def test_addresses_are_never_our_fault(client: FlaskClient, name: str, after: str) -> None:
    quoted = quote(name, errors="surrogatepass")
    for path in (f"/s/{quoted}", f"/api/v1/snippets/{quoted}", f"/api/v1/artifacts/x/{quoted}", f"/static/{quoted}"):
        assert client.get(path, query_string={"after": after, "lang": after, "html": after}).status_code < 500
