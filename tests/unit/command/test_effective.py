"""The settings in force: where each came from, and nothing that is secret."""

import pytest

from playground.command.effective import effective
from playground.settings import Settings


def test_each_says_where_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_PORT", "81")
    monkeypatch.setenv("playground_queue_size", "5")
    rows = {row.variable: (row.value, row.source) for row in effective(Settings())}
    assert rows["PLAYGROUND_PORT"] == ("81", "environment")
    assert rows["PLAYGROUND_QUEUE_SIZE"] == ("5", "environment")
    assert rows["PLAYGROUND_HOST"] == ("127.0.0.1", "default")
    assert len(rows) == len(Settings.model_fields)


def test_secrets_and_passwords_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_SECRET_KEY", "hush")
    monkeypatch.setenv("PLAYGROUND_DATABASE_URL", "postgresql://me:hush@db/playground")
    text = repr(list(effective(Settings())))
    assert "hush" not in text
    assert "postgresql://me:***@db/playground" in text


def test_a_list_is_written_as_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_DEVICES", "cpu, cuda")
    assert ("PLAYGROUND_DEVICES", "cpu,cuda") in {row[:2] for row in effective(Settings())}
