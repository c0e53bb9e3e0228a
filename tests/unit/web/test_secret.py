"""The key that signs cookies stays the same, and is nobody else's."""

import stat
from pathlib import Path

from pydantic import SecretStr

from playground.settings import Settings
from playground.web.secret import FILE, secret_key


def test_a_key_that_is_given_is_used(tmp_path: Path) -> None:
    assert secret_key(Settings(data_dir=tmp_path, secret_key=SecretStr("given"))) == "given"
    assert not (tmp_path / FILE).exists()


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")
    made = secret_key(settings)
    assert len(made) >= 48
    assert secret_key(settings) == made
    path = tmp_path / "new" / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
