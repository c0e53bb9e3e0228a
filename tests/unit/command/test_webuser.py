"""The web server's own user: what it may enter, and that there is no way back."""

import os
import pwd
from collections.abc import Callable
from pathlib import Path

import pytest

from playground.command import webuser
from playground.settings import Settings

NOBODY = pwd.getpwnam("nobody")
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", web_user="nobody")


def in_a_child(action: Callable[[], bool]) -> bool:
    """Do something irrevocable; whether it was true."""
    pid = os.fork()
    if pid == 0:
        done = False
        try:
            done = action()
        finally:
            os._exit(not done)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def refused(action: Callable[[], object]) -> bool:
    try:
        action()
    except PermissionError:
        return True
    return False


def test_a_user_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no such user here"):
        Settings(web_user="nobody-of-that-name")


@root_only
def test_it_becomes_the_user_for_good(settings: Settings) -> None:
    def action() -> bool:
        webuser.become(settings)
        ids = {*os.getresuid(), *os.getresgid(), *os.getgroups()}
        return ids <= {NOBODY.pw_uid, NOBODY.pw_gid} and refused(lambda: os.setuid(0))

    assert in_a_child(action)


@root_only
def test_it_writes_beside_the_runners_places_but_cannot_replace_them(settings: Settings) -> None:
    webuser.prepare(settings)
    directory = os.open(settings.data_dir, os.O_PATH)
    (settings.data_dir / "run" / "cpu.sock").touch()
    (settings.data_dir / "artifacts" / "left.txt").touch()

    def action() -> bool:
        webuser.become(settings)
        os.close(os.open("playground.db", os.O_CREAT | os.O_WRONLY, dir_fd=directory))
        os.stat("run/cpu.sock", dir_fd=directory)
        os.close(os.open("artifacts/left.txt", os.O_RDONLY, dir_fd=directory))
        return (
            refused(lambda: os.rename("run", "gone", src_dir_fd=directory, dst_dir_fd=directory))
            and refused(lambda: os.unlink("run/cpu.sock", dir_fd=directory))
            and refused(lambda: os.mkdir("artifacts/own", dir_fd=directory))
        )

    assert in_a_child(action)
    os.close(directory)


@root_only
def test_nobody_else_enters(settings: Settings) -> None:
    webuser.prepare(settings)
    for path in (settings.data_dir, settings.data_dir / "run", settings.artifacts):
        status = path.stat()
        assert (status.st_uid, status.st_gid, status.st_mode & 0o007) == (0, NOBODY.pw_gid, 0)


def test_without_a_user_nothing_changes(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    webuser.prepare(Settings(data_dir=tmp_path))
    assert tmp_path.stat().st_mode & 0o7777 == 0o755
    assert {(tmp_path / name).stat().st_mode & 0o7777 for name in ("run", "artifacts")} == {0o700}
