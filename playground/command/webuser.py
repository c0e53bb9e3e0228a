"""The web server's own user, where root serves: strangers talk to it, and it needs no privilege.

The data directory stays root's. Its group, the user's, keeps the database and the key in it, and passes through to the
runners' sockets and to what runs left; for the sticky bit it can't put others in the place of these.
"""

import os
import pwd
from pathlib import Path

from playground.sandbox import kernel
from playground.settings import Settings


def prepare(settings: Settings) -> None:
    """Make the directories that the web server and the runners meet in."""
    user = _user(settings)
    for place in (settings.runner_socket("").parent, settings.artifacts):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        _open_to(user, place, 0o710)
    _open_to(user, settings.data_dir, 0o1770)


def become(settings: Settings) -> None:
    """Be the web server's user from now on, without a way back."""
    if user := _user(settings):
        os.setgroups([])
        os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
        os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)


def _open_to(user: pwd.struct_passwd | None, path: Path, mode: int) -> None:
    """To the user's group, that is; nobody else enters."""
    if user:
        os.chown(path, 0, user.pw_gid)
        path.chmod(mode)


def _user(settings: Settings) -> pwd.struct_passwd | None:
    """None where there is none to become: nobody is named, or we are not root."""
    return pwd.getpwnam(settings.web_user) if settings.web_user and os.geteuid() == 0 else None
