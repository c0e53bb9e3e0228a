"""Files that snippets left: received from a run's PID 1, kept under the data directory while the run is remembered."""

import asyncio
import contextlib
import hashlib
import shutil
import socket
import unicodedata
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from playground.contracts.events import Artifact, Diagnostic
from playground.contracts.sentences import say

log = structlog.get_logger()
COLLECT_TIMEOUT_S = 5
_MESSAGE = 70_000
_MAX_NAME = 200
NOT_KEPT = Diagnostic(
    kind="fallback",
    message=say("Not all files that the snippet left were kept."),
    reason=say("The server could not write them to its disk."),
    hint=say("Run it again later if the files matter; all else of this run is complete."),
)


@dataclass(frozen=True)
class Bounds:
    """How much is kept of a run."""

    files: int
    bytes: int


class _Header(BaseModel):
    """What announces a file, or the end."""

    model_config = ConfigDict(extra="ignore")
    name: str = Field("", max_length=4096)
    size_bytes: int = Field(0, ge=0)
    end: bool = False


class Files:
    """The artefacts of all remembered runs."""

    def __init__(self, directory: Path, bounds: Bounds) -> None:
        self._directory = directory
        self._bounds = bounds
        shutil.rmtree(directory, ignore_errors=True)  # of a runner that was before; nobody can ask for them any more
        directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.mkdir()
        self._kept: dict[str, dict[str, tuple[Path, Artifact]]] = {}

    async def collect(self, run_id: str, control: socket.socket) -> list[Artifact | Diagnostic]:
        """Ask PID 1 for the files and keep them; what comes late, too long or malformed ends the collecting.

        That our own disk does not take them is said.
        """
        if not self._bounds.files:
            return []
        kept = self._kept.setdefault(run_id, {})
        try:
            async with asyncio.timeout(COLLECT_TIMEOUT_S):
                async for artifact, path in self._receive(run_id, control):
                    kept[artifact.name] = (path, artifact)
        except (TimeoutError, ConnectionError, ValidationError, EOFError):
            pass  # PID 1 is gone or was tampered with: what came whole is kept, the rest was the snippet's to lose
        except OSError as error:
            log.warning("files_not_kept", run_id=run_id, error=str(error))
            return [*_artifacts(kept), NOT_KEPT]
        return [*_artifacts(kept)]

    def find(self, run_id: str, name: str) -> tuple[Path, Artifact] | None:
        """A kept file."""
        return self._kept.get(run_id, {}).get(name)

    def forget(self, run_id: str) -> None:
        """Delete a run's files."""
        if self._kept.pop(run_id, None) is not None:  # there may be files of which none could be kept
            shutil.rmtree(self._directory / run_id, ignore_errors=True)

    async def _receive(self, run_id: str, control: socket.socket) -> AsyncIterator[tuple[Artifact, Path]]:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(control, f'{{"files": {self._bounds.files}, "bytes": {self._bounds.bytes}}}'.encode())
        left = self._bounds.bytes
        for index in range(self._bounds.files + 1):
            header = _Header.model_validate_json(await loop.sock_recv(control, _MESSAGE))
            if header.end or index == self._bounds.files or header.size_bytes > left:
                return
            left -= header.size_bytes
            path = self._directory / run_id / str(index)
            with _whole(path) as file:
                digest = await _copy(control, file, header.size_bytes)
            if is_plain(header.name):
                url = f"/api/v1/artifacts/{run_id}/{quote(header.name)}"
                yield Artifact(name=header.name, size_bytes=header.size_bytes, sha256=digest, url=url), path


def _artifacts(kept: dict[str, tuple[Path, Artifact]]) -> list[Artifact]:
    return [artifact for _, artifact in kept.values()]


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """A new file, removed if it does not come whole: half of one is of no use, and may be what fills the disk."""
    path.parent.mkdir(exist_ok=True)
    try:
        with path.open("xb") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


async def _copy(control: socket.socket, file: BinaryIO, size: int) -> str:
    digest = hashlib.sha256()
    while size > 0:
        piece = await asyncio.get_running_loop().sock_recv(control, _MESSAGE)
        if not piece:
            raise EOFError
        digest.update(piece[:size])
        file.write(piece[:size])
        size -= len(piece)
    return digest.hexdigest()


def is_plain(name: str) -> bool:
    """Whether a name can be shown and put into a URL: relative, printable, nothing that climbs."""
    parts = name.split("/")
    printable = not any(unicodedata.category(character).startswith("C") for character in name)
    return 0 < len(name) <= _MAX_NAME and printable and not {"", ".", ".."} & set(parts)
