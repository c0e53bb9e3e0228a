"""Dockerfile and compose.yaml, as far as they can be checked without an engine: what they name is real."""

import fnmatch
import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from playground.cli import main
from playground.settings import Settings
from tests.support import engine


@pytest.fixture(scope="module")
def dockerfile(root: Path) -> str:
    return (root / "Dockerfile").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def compose(root: Path) -> str:
    return (root / "compose.yaml").read_text(encoding="utf-8")


def listed(compose: str, key: str) -> list[str]:
    """A list in brackets."""
    (words,) = re.findall(rf"^    {key}: \[(.*)\]$", compose, re.MULTILINE)
    return [word.strip().strip('"') for word in words.split(", ")]


def given(option: str) -> list[str]:
    """What the README gives an option of the hardened container."""
    words = engine.options("hardened")
    return [value for name, value in pairwise(words) if name == option]


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    lines = [line for line in dockerfile.splitlines() if line and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(line.split()[0], line.partition(" ")[2]) for line in joined.splitlines()]


def final_stage(dockerfile: str) -> list[tuple[str, str]]:
    every = instructions(dockerfile)
    last = max(index for index, (name, _) in enumerate(every) if name == "FROM")
    return every[last:]


def sources(dockerfile: str) -> list[str]:
    copies = [words.split() for name, words in instructions(dockerfile) if name == "COPY" and "--from" not in words]
    return [source for words in copies for source in words[:-1]]


def test_everything_that_is_copied_exists_and_is_sent_to_the_engine(dockerfile: str, root: Path) -> None:
    sent = (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for source in sources(dockerfile):
        assert (root / source).exists(), source
        assert f"!{source}" in sent, source


def test_only_what_is_copied_is_sent_to_the_engine(dockerfile: str, root: Path) -> None:
    lines = (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == set(sources(dockerfile))


def test_the_wheel_can_be_built_from_what_is_copied(dockerfile: str, root: Path) -> None:
    pyproject = (root / "pyproject.toml").read_text(encoding="utf-8")
    needed = re.findall(r'^(?:readme|license-files|path|packages|"[\w/]+") = \[?"([\w/.]+)"', pyproject, re.MULTILINE)
    for path in {"playground", "templates", "static", "README.md", "LICENSE"} | {p.split("/")[0] for p in needed[:3]}:
        assert any(fnmatch.fnmatch(path, source) for source in sources(dockerfile)), path


def test_the_web_server_has_a_user_of_its_own(dockerfile: str) -> None:
    assert "USER" not in {name for name, _ in final_stage(dockerfile)}
    assert re.search(r"useradd --uid 10001 .* playground \\$", dockerfile, re.MULTILINE)
    assert variables(dockerfile)["PLAYGROUND_WEB_USER"] == "playground"


def test_it_starts_with_a_command_that_exists(dockerfile: str) -> None:
    (words,) = [words for name, words in final_stage(dockerfile) if name == "CMD"]
    program, command = re.findall(r'"([^"]+)"', words)
    assert program == "playground"
    assert command in main.commands


def variables(dockerfile: str) -> dict[str, str]:
    (words,) = [words for name, words in final_stage(dockerfile) if name == "ENV"]
    return dict(word.split("=", 1) for word in shlex.split(words))


def test_every_variable_it_sets_is_a_setting(dockerfile: str) -> None:
    found = variables(dockerfile)
    settings = {f"PLAYGROUND_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in found if name.startswith("PLAYGROUND_")} <= settings
    assert found["PLAYGROUND_PORT"] == str(Settings.model_fields["port"].default)


def test_it_exposes_and_checks_the_port_it_serves_on(dockerfile: str) -> None:
    port = str(Settings.model_fields["port"].default)
    assert ("EXPOSE", port) in final_stage(dockerfile)
    (check,) = [words for name, words in final_stage(dockerfile) if name == "HEALTHCHECK"]
    assert f"127.0.0.1:{port}/healthz" in check


def test_the_data_directory_is_a_volume(dockerfile: str) -> None:
    assert ("VOLUME", variables(dockerfile)["PLAYGROUND_DATA_DIR"]) in final_stage(dockerfile)


def test_it_has_what_a_sandbox_and_a_compiler_need(dockerfile: str) -> None:
    installs = " ".join(words for name, words in final_stage(dockerfile) if name == "RUN").split()
    assert {"binutils", "g++", "libseccomp2", "openssl", "python3-dev"} <= set(installs)


def test_what_is_compiled_once_is_in_the_image_and_not_in_the_volume(dockerfile: str) -> None:
    found = variables(dockerfile)
    assert not found["PLAYGROUND_CACHE_DIR"].startswith(found["PLAYGROUND_DATA_DIR"])
    assert [words for name, words in final_stage(dockerfile) if name == "RUN" and "playground prepare" in words]


def test_its_torch_is_the_one_that_is_tested(dockerfile: str, root: Path) -> None:
    pinned = re.findall(r"torch==[\d.]+", (root / "pyproject.toml").read_text(encoding="utf-8"))
    makefile = re.findall(r"torch==[\d.]+", (root / "Makefile").read_text(encoding="utf-8"))
    assert re.findall(r"torch==[\d.]+", dockerfile) == makefile == pinned


def test_the_readme_builds_and_runs_it(dockerfile: str, root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    declared = {words.split("=")[0] for name, words in instructions(dockerfile) if name == "ARG"}
    assert set(re.findall(r"--build-arg (\w+)", readme)) <= declared
    assert "docker build --tag torch-playground" in readme
    assert engine.options("plain") == []


def test_compose_starts_what_the_readme_calls_hardened(compose: str) -> None:
    assert re.search(r"^    read_only: true$", compose, re.MULTILINE)
    assert "--read-only" in engine.options("hardened")
    for key in ("tmpfs", "security_opt", "cap_drop", "cap_add"):
        assert listed(compose, key) == given("--" + key.replace("_", "-"))


def test_compose_keeps_the_data_and_serves_the_port(dockerfile: str, compose: str) -> None:
    assert listed(compose, "volumes") == [f"playground:{variables(dockerfile)['PLAYGROUND_DATA_DIR']}"]
    assert listed(compose, "ports") == [f"8000:{variables(dockerfile)['PLAYGROUND_PORT']}"]
