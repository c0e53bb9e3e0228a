"""The runner's own directory: the base of roots, a home for its helpers, and what runs write in the container tier.

A runner holds a lock on its directory as long as it lives; what a killed one left has none: the next one removes it.
"""

import fcntl
import os
import subprocess
import tempfile
from pathlib import Path

PREFIX = "playground-runner-"


class Scratch:
    """A new directory below ``parent``, ours alone until ``remove``."""

    def __init__(self, parent: Path) -> None:
        """Make it, after sweeping.

        Raises:
            OSError: ``parent`` can't be written to.
        """
        _sweep(parent)
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        self._lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.path.chmod(0o711)
        self.runs.mkdir(0o711)

    @property
    def runs(self) -> Path:
        """Where each run has its directory: passable for every user, readable for none."""
        return self.path / "runs"

    def remove(self) -> None:
        """Remove all of it."""
        remove(str(self.path))
        os.close(self._lock)


def remove(directory: str) -> None:
    """Remove a tree by rm(1): none is too deep for it, and a snippet's own permissions do not stop root."""
    subprocess.run(["/bin/rm", "-rf", "--one-file-system", "--", directory], check=False)  # noqa: S603 - our own path


def _sweep(parent: Path) -> None:
    for path in parent.glob(f"{PREFIX}*"):
        if path.is_symlink() or path.lstat().st_uid != os.geteuid():
            continue  # another user's, who may want us to remove something else
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            remove(str(path))
        finally:
            os.close(descriptor)
