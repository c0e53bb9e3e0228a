"""What a client may ask for, and what is refused before anything else sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from playground.contracts.request import (
    MAX_SOURCE_BYTES,
    MAX_STDIN_BYTES,
    Compiler,
    Device,
    Level,
    Mode,
    RunOptions,
    RunRequest,
    Shared,
)

EXPRESSIONS = st.sampled_from(["net", "net.forward", "(x,)", "[torch.ones(2), 3]", "lambda: 1", "a if b else c"])
OPTIONS = st.builds(
    RunOptions,
    target=EXPRESSIONS,
    inputs=st.none() | EXPRESSIONS,
    compilers=st.none() | st.lists(st.sampled_from(Compiler), min_size=1, max_size=5).map(tuple),
    levels=st.none() | st.lists(st.sampled_from(Level), max_size=4).map(tuple),
    timeout_s=st.none() | st.floats(0.001, 3600),
    threads=st.none() | st.integers(1, 64),
    min_run_ms=st.none() | st.integers(1, 10_000),
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=200)
REQUESTS = st.builds(
    RunRequest,
    source=TEXT,
    mode=st.sampled_from(Mode),
    device=st.sampled_from(Device),
    stdin=st.none() | TEXT,
    options=OPTIONS,
)


@given(REQUESTS)
def test_a_request_survives_the_wire(request_: RunRequest) -> None:
    assert RunRequest.model_validate_json(request_.model_dump_json()) == request_


def test_only_source_and_mode_are_needed() -> None:
    request = RunRequest.model_validate_json('{"source": "print(10)", "mode": "imperative"}')
    assert (request.device, request.stdin, request.options) == (Device.CPU, None, RunOptions())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"mode": "quantum"}, ("mode",)),
        ({"device": "tpu"}, ("device",)),
        ({"source": 10}, ("source",)),
        ({"source": None}, ("source",)),
        ({"user": "root"}, ("user",)),
        ({"options": {"network": True}}, ("options", "network")),
        ({"options": {"timeout_s": 0}}, ("options", "timeout_s")),
        ({"options": {"timeout_s": 3601}}, ("options", "timeout_s")),
        ({"options": {"timeout_s": float("nan")}}, ("options", "timeout_s")),
        ({"options": {"threads": 0}}, ("options", "threads")),
        ({"options": {"min_run_ms": 10_001}}, ("options", "min_run_ms")),
        ({"options": {"compilers": []}}, ("options", "compilers")),
        ({"options": {"compilers": ["gcc"]}}, ("options", "compilers", 0)),
        ({"options": {"levels": ["llvm"]}}, ("options", "levels", 0)),
    ],
)
def test_a_wrong_field_is_refused_by_name(change: dict[str, object], field: tuple[str | int, ...]) -> None:
    with pytest.raises(ValidationError) as refusal:
        RunRequest.model_validate({"source": "", "mode": "imperative", **change})
    assert field in [error["loc"][: len(field)] for error in refusal.value.errors()]


@pytest.mark.parametrize("field", ["source", "stdin"])
def test_the_limit_counts_bytes_of_utf_8_and_is_inclusive(field: str) -> None:
    limit = {"source": MAX_SOURCE_BYTES, "stdin": MAX_STDIN_BYTES}[field]
    two_bytes_each = "é" * (limit // 2)
    body = {"source": "", "mode": "imperative"}
    assert getattr(RunRequest.model_validate({**body, field: two_bytes_each}), field) == two_bytes_each
    with pytest.raises(ValidationError, match=f"{limit + 1:,} bytes of UTF-8; the limit is {limit:,}"):
        RunRequest.model_validate({**body, field: two_bytes_each + "."})


def test_a_lone_surrogate_is_refused_not_a_crash() -> None:
    with pytest.raises(ValidationError):
        RunRequest.model_validate({"source": "\ud800", "mode": "imperative"})


@pytest.mark.parametrize("text", ["", " ", "x = 1", "import os", "f(", "a; b", "(" * 999, "x" * 1001, "\x00"])
def test_an_expression_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        RunOptions(target=text)


def test_an_expression_is_stripped() -> None:
    assert RunOptions(target="  net.forward \n").target == "net.forward"


def test_modes_of_inductor_are_for_inductor() -> None:
    for options in ({"compile_mode": "max-autotune"}, {"compile_mode": "default", "backend": "eager"}):
        assert RunOptions.model_validate(options).compile_mode == options["compile_mode"]
    with pytest.raises(ValidationError, match="is a mode of the backend inductor; aot_eager has none"):
        RunOptions.model_validate({"compile_mode": "reduce-overhead", "backend": "aot_eager"})


def test_inputs_without_a_target_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"options\.inputs needs options\.target"):
        RunRequest(source="", mode=Mode.COMPARE, options=RunOptions(inputs="(1,)"))


@given(REQUESTS)
def test_a_request_cannot_be_changed(request_: RunRequest) -> None:
    for field in Shared.model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(request_, field, getattr(request_, field))
