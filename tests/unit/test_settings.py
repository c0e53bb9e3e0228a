"""Settings: read once from the environment, checked, frozen."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from playground.settings import Settings


def test_a_setting_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_TIMEOUT_S", "2.5")
    monkeypatch.setenv("PLAYGROUND_RATE_LIMIT", "")
    settings = Settings()
    assert (settings.timeout_s, settings.rate_limit) == (2.5, "")


@pytest.mark.parametrize(
    ("text", "devices"), [("cpu", ("cpu",)), ("cpu,cuda", ("cpu", "cuda")), (" cuda , cpu,", ("cuda", "cpu"))]
)
def test_devices_are_a_list_with_commas(monkeypatch: pytest.MonkeyPatch, text: str, devices: tuple[str, ...]) -> None:
    monkeypatch.setenv("PLAYGROUND_DEVICES", text)
    assert Settings().devices == devices


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEVICES", "tpu"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("TIMEOUT_S", "0"),
        ("TIMEOUT_S", "nan"),
        ("MEMORY_MB", "1"),
        ("CONCURRENCY", "0"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_cannot_be_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PLAYGROUND_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_settings_do_not_change() -> None:
    settings = Settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1  # type: ignore[misc]


def test_the_data_directory_is_absolute_wherever_the_command_was_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLAYGROUND_DATA_DIR", "data")
    settings = Settings()
    assert settings.data_dir == tmp_path / "data"
    assert settings.runner_socket("cpu").is_relative_to(settings.data_dir)
    assert settings.database == f"sqlite:///{tmp_path}/data/playground.db"


def test_the_data_directory_follows_the_desktop_standard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Settings().data_dir == tmp_path / "torch-playground"


def test_a_database_that_is_named_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_DATABASE_URL", "postgresql://db/playground")
    assert Settings().database == "postgresql://db/playground"


def test_the_secret_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_SECRET_KEY", "hush")
    settings = Settings()
    assert "hush" not in repr(settings)
    assert settings.secret_key.get_secret_value() == "hush"
