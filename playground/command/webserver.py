"""The web tier's process: gunicorn on the socket that ``serve`` has opened and names by its descriptor."""

import gc
import os
import sys
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from playground.app import create_app
from playground.command import children, webuser
from playground.logs import configure
from playground.settings import Settings

_GRACE_S = 5
_MEMORY_DIR = Path("/dev/shm")  # noqa: S108 - for gunicorn's unlinked heartbeat file, which must not wait for a disk


def options(settings: Settings, fd: int) -> dict[str, Any]:
    """Say how gunicorn is run; what is not named keeps its default."""
    return {
        "bind": f"fd://{fd}",
        "user": os.geteuid(),  # its default is whoever imported it
        "group": os.getegid(),
        "workers": settings.web_workers,
        "threads": settings.web_threads,
        "worker_class": "gthread",
        "graceful_timeout": _GRACE_S,
        "keepalive": 75,  # a reader's page keeps its connection between two runs
        "loglevel": "warning" if settings.log_level == "info" else settings.log_level,
        "worker_tmp_dir": str(_MEMORY_DIR) if _MEMORY_DIR.is_dir() else None,
        "control_socket_disable": True,
    }


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn is not annotated
    """gunicorn, serving our application without a configuration file of its own."""

    def __init__(self, settings: Settings, fd: int) -> None:
        self.settings = settings
        self.fd = fd
        super().__init__()

    def load_config(self) -> None:
        """Take our options; the command line and the environment are not gunicorn's here."""
        for name, value in options(self.settings, self.fd).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the application, in each worker."""
        configure(self.settings.log_level)
        app = create_app(self.settings)
        gc.collect()
        gc.freeze()  # what is there now stays: the collector need not look at it again while somebody waits
        return app


if __name__ == "__main__":
    given = Settings()
    webuser.become(given)
    children.die_with_parent()  # the kernel forgets that with the user who asked: prctl(2)
    Server(given, int(sys.argv[1])).run()
