"""``settings``, ``doctor``, ``db upgrade``: what an operator asks."""

import json
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from playground import __version__
from playground.sandbox.doctor import examine
from playground.settings import Settings

Playground = Callable[..., "subprocess.CompletedProcess[str]"]
pytestmark = pytest.mark.sandbox


def test_settings_say_where_they_came_from(playground: Playground) -> None:
    done = playground("settings", PLAYGROUND_PORT="81", PLAYGROUND_SECRET_KEY="hush")
    lines = done.stdout.splitlines()
    assert "PLAYGROUND_PORT=81  # environment: Port to listen on." in lines
    assert "PLAYGROUND_HOST=127.0.0.1  # default: Address to listen on." in lines
    assert "hush" not in done.stdout


def test_settings_can_be_had_as_json(playground: Playground) -> None:
    rows = json.loads(playground("settings", "--json").stdout)
    assert [row["variable"] for row in rows] == [f"PLAYGROUND_{name.upper()}" for name in Settings.model_fields]
    assert {"variable", "value", "source", "meaning"} == set(rows[0])


def test_doctor_names_every_wall_and_exits_by_what_is_required(playground: Playground) -> None:
    report = examine(Settings())
    done = playground("doctor")
    assert all(f"{layer.name}: " in done.stdout for layer in report.layers)
    assert f"Snippets run in the {report.tier} tier." in done.stdout
    assert done.returncode == 0


def test_doctor_tells_scripts_the_same_as_json(playground: Playground) -> None:
    report = examine(Settings())
    said = json.loads(playground("doctor", "--json").stdout)
    assert said["tier"] == report.tier
    assert [layer["name"] for layer in said["layers"]] == [layer.name for layer in report.layers]
    assert tuple(said["active"]) == report.active


def test_the_database_is_made_and_made_again_without_harm(playground: Playground, tmp_path: Path) -> None:
    for _ in range(2):
        done = playground("db", "upgrade", PLAYGROUND_DATA_DIR=str(tmp_path / "new"))
        assert (done.stdout, done.returncode) == ("The database is up to date.\n", 0), done.stderr
    with sqlite3.connect(tmp_path / "new" / "playground.db") as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert "alembic_version" in tables
    assert len(tables) > 1


def test_selftest_says_what_stopped_each_attempt_and_exits_by_it(playground: Playground) -> None:
    done = playground("selftest", "--only", "kernel", "--only", "time", "--json")
    findings = json.loads(done.stdout)["findings"]
    assert {finding["category"] for finding in findings} == {"kernel", "time"}
    assert {finding["outcome"] for finding in findings} == {"stopped", "right"}
    assert done.returncode == 0


def test_selftest_knows_no_other_categories(playground: Playground) -> None:
    done = playground("selftest", "--only", "luck")
    assert done.returncode == 2
    assert "no category luck; there are time, memory, " in done.stderr


def test_the_version_is_that_of_the_package(playground: Playground) -> None:
    assert playground("--version").stdout == f"playground, version {__version__}\n"


def test_help_names_every_command(playground: Playground) -> None:
    said = playground("--help").stdout
    assert all(f"  {name} " in said for name in ("serve", "run", "settings", "doctor", "selftest", "db"))
