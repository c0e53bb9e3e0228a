"""``python -m playground.runner.build PLACE NICENESS``: builds a workshop. Trusted code alone runs here, no snippet's.

What is at PLACE is whole: it is built beside it, by one builder at a time, and moved there. The server starts then;
what few runs want is added afterwards, with the niceness that is given.
"""

import contextlib
import fcntl
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog

from playground.logs import configure
from playground.pipeline import warming
from playground.runner import workshop
from playground.sandbox import policy
from playground.settings import Settings

log = structlog.get_logger()
_NAME = re.compile("[0-9a-f]{16}")
Step = Callable[[str], None]
KEPT_S = 60 * 86_400
"""How long a workshop of other versions stays after its last use."""


def main() -> None:
    """Build, if nobody has in the meantime."""
    place = Path(sys.argv[1])
    configure(Settings().log_level)
    _be_as_the_fork_server()
    place.parent.mkdir(parents=True, exist_ok=True)
    with _alone(place), _steps(place) as step:
        _clear(place)
        if not place.is_dir():
            _build(place, step)
        if not (place / warming.FINISHED).exists():
            _finish(place, int(sys.argv[2]), step)


def _build(place: Path, step: Step) -> None:
    beside = Path(tempfile.mkdtemp(prefix=f"{place.name}.", dir=place.parent))
    beside.chmod(0o755)
    with _said(beside):
        warming.build(beside, step)
    beside.rename(place)
    log.info("compilers_ready", place=str(place))


def _finish(place: Path, niceness: int, step: Step) -> None:
    os.nice(niceness)
    with _said():
        warming.finish(place, step)
    log.info("compilers_finished", place=str(place))


@contextlib.contextmanager
def _steps(place: Path) -> Iterator[Step]:
    """What says a step: in the log, and to whoever waits for the place."""
    file = workshop.step_file(place)

    def say(step: str) -> None:
        log.info("compilers", step=step)
        file.write_text(step, encoding="utf-8")

    try:
        yield say
    finally:
        file.unlink(missing_ok=True)


@contextlib.contextmanager
def _said(remove: Path | None = None) -> Iterator[None]:
    """End with what went wrong in one line, for torch's own frames say nothing to an operator."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever a compiler stumbles over
        if remove:
            shutil.rmtree(remove)
        sys.exit(f"The compilers could not be prepared: {type(error).__name__}: {error}")


def _be_as_the_fork_server() -> None:
    """What is built depends on these variables; files are for all to read and for us to write."""
    os.umask(0o022)
    os.environ.update(policy.environment())


@contextlib.contextmanager
def _alone(place: Path) -> Iterator[None]:
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _clear(place: Path) -> None:
    """Remove what builders left that were killed, and workshops that nobody has used for long; nothing else."""
    for other in place.parent.iterdir():
        name, _, unfinished = other.name.partition(".")
        if not _NAME.fullmatch(name) or not other.is_dir():
            continue
        if (name == place.name and unfinished) or other.stat().st_mtime < time.time() - KEPT_S:
            shutil.rmtree(other)


if __name__ == "__main__":
    main()
