"""The Dockerfile, as far as it can be checked without an engine: what it copies is there, what it names is real."""

import fnmatch
import re
import shlex
from pathlib import Path

import pytest

from playground.cli import main
from playground.settings import Settings


@pytest.fixture(scope="module")
def dockerfile(root: Path) -> str:
    return (root / "Dockerfile").read_text(encoding="utf-8")


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


def test_the_process_is_not_root(dockerfile: str) -> None:
    users = [words for name, words in final_stage(dockerfile) if name == "USER"]
    assert users == ["playground"]
    assert "useradd --system --uid 10001" in dockerfile


def test_it_starts_with_a_command_that_exists(dockerfile: str) -> None:
    (words,) = [words for name, words in final_stage(dockerfile) if name == "CMD"]
    program, command = re.findall(r'"([^"]+)"', words)
    assert program == "playground"
    assert command in main.commands


def test_every_variable_it_sets_is_a_setting(dockerfile: str) -> None:
    (words,) = [words for name, words in final_stage(dockerfile) if name == "ENV"]
    variables = dict(word.split("=", 1) for word in shlex.split(words))
    settings = {f"PLAYGROUND_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in variables if name.startswith("PLAYGROUND_")} <= settings
    assert variables["PLAYGROUND_PORT"] == str(Settings.model_fields["port"].default)


def test_it_exposes_and_checks_the_port_it_serves_on(dockerfile: str) -> None:
    port = str(Settings.model_fields["port"].default)
    assert ("EXPOSE", port) in final_stage(dockerfile)
    (check,) = [words for name, words in final_stage(dockerfile) if name == "HEALTHCHECK"]
    assert f"127.0.0.1:{port}/healthz" in check


def test_the_data_directory_is_a_volume_that_the_user_owns(dockerfile: str) -> None:
    stage = final_stage(dockerfile)
    volume = stage.index(("VOLUME", "/var/lib/playground/data"))
    assert stage.index(("USER", "playground")) < stage.index(("RUN", "mkdir data")) < volume


def test_it_has_what_a_sandbox_and_a_compiler_need(dockerfile: str) -> None:
    installs = " ".join(words for name, words in final_stage(dockerfile) if name == "RUN").split()
    assert {"g++", "libseccomp2", "python3-dev"} <= set(installs)


def test_its_torch_is_the_one_that_is_tested(dockerfile: str, root: Path) -> None:
    pinned = re.findall(r"torch==[\d.]+", (root / "pyproject.toml").read_text(encoding="utf-8"))
    makefile = re.findall(r"torch==[\d.]+", (root / "Makefile").read_text(encoding="utf-8"))
    assert re.findall(r"torch==[\d.]+", dockerfile) == makefile == pinned


def test_the_readme_builds_and_runs_it(dockerfile: str, root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    declared = {words.split("=")[0] for name, words in instructions(dockerfile) if name == "ARG"}
    assert set(re.findall(r"--build-arg (\w+)", readme)) <= declared
    assert "docker build --tag torch-playground" in readme
    assert re.search(r"--publish 8000:8000 --volume playground:/var/lib/playground/data", readme)
