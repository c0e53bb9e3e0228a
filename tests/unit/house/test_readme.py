"""The README says what is: every setting with its default and meaning, every command, nothing that is gone."""

import re
from pathlib import Path

import click
import pytest
from pydantic import SecretStr

from playground.cli import main
from playground.settings import Settings

DEPENDS_ON_THE_MACHINE = {
    "data_dir": "`~/.local/share/torch-playground`",
    "threads": "2, or the cores if fewer",
    "concurrency": "the cores",
    "ready_sandboxes": "the cores, at least 2",
}


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def default(name: str) -> str:
    if name in DEPENDS_ON_THE_MACHINE:
        return DEPENDS_ON_THE_MACHINE[name]
    value = Settings.model_fields[name].default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    text = ",".join(value) if isinstance(value, tuple) else str(value)
    return f"`{text}`" if text else "empty"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default_and_meaning(readme: str, name: str) -> None:
    row = f"| `PLAYGROUND_{name.upper()}` | {default(name)} | {Settings.model_fields[name].description} |"
    assert row in readme.splitlines()


def test_only_settings_that_exist_are_documented(readme: str) -> None:
    named = set(re.findall(r"PLAYGROUND_(\w+)", readme))
    assert named <= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", ["serve", "run", "settings", "doctor", "selftest"])
def test_every_first_command_is_mentioned(readme: str, name: str) -> None:
    assert name in main.commands
    assert f"playground {name}" in readme


def test_every_option_in_the_readme_exists(readme: str) -> None:
    shown = re.findall(r"^\$ .*?playground (\w+) (.*)$", readme, re.MULTILINE)
    for command, words in shown:
        known = {name for parameter in main.commands[command].params for name in parameter.opts}
        assert set(re.findall(r"--\w+", words)) <= known


def test_every_make_target_in_the_readme_exists(readme: str, root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make (\w+)", "".join(re.findall(r"`+[^`]*`+", readme))):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_folders_that_the_readme_draws_exist(readme: str, root: Path) -> None:
    drawing = readme.split("## How it works")[1].split("```")[1]
    for folder in re.findall(r"(\w+)/(?:\s|\w)", drawing):
        assert (root / "playground" / folder).is_dir(), folder


def test_every_command_explains_itself() -> None:
    def walk(command: click.Command) -> list[click.Command]:
        below = command.commands.values() if isinstance(command, click.Group) else []
        return [command, *(found for child in below for found in walk(child))]

    assert all(command.help for command in walk(main))
    assert all(p.help for command in walk(main) for p in command.params if isinstance(p, click.Option))
