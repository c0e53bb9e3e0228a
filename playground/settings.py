"""Every setting, read once from ``PLAYGROUND_*`` in the environment, then frozen. Imports nothing else of ours."""

import os
import pwd
import tempfile
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

CORES = len(os.sched_getaffinity(0))


def _data_home() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "torch-playground"


def _split(value: object) -> object:
    """Accept ``cpu,cuda`` as well as a sequence."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _known_user(name: str) -> str:
    try:
        return name and pwd.getpwnam(name).pw_name
    except KeyError:
        message = "there is no such user here"
        raise ValueError(message) from None


Devices = Annotated[tuple[Literal["cpu", "cuda"], ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """All there is to set. Each field is ``PLAYGROUND_<FIELD>`` in the environment."""

    model_config = SettingsConfigDict(env_prefix="PLAYGROUND_", frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    data_dir: Annotated[Path, AfterValidator(Path.absolute)] = Field(
        default_factory=_data_home, description="Database, artefacts, sockets."
    )
    cache_dir: str = Field("", description="What is compiled once for all runs; empty: under the data directory.")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite under the data directory.")
    secret_key: SecretStr = Field(SecretStr(""), description="Signs cookies; empty: made once, kept under data_dir.")
    public_url: str = Field("", description="Address that readers see, for links; empty: that of the request.")
    rate_limit: str = Field("30 per minute", description="Runs and shares per address; empty: none.")
    devices: Devices = Field(("cpu",), description="Devices to start runners for.")
    web_workers: int = Field(1, ge=1, le=64, description="gunicorn worker processes.")
    web_threads: int = Field(256, ge=4, le=4096, description="Threads per worker; each live stream holds one.")
    web_user: Annotated[str, AfterValidator(_known_user)] = Field(
        "", description="User that the web server becomes where root serves; empty: none."
    )
    max_streams: int = Field(192, ge=1, description="Live streams per worker, below its threads; beyond it 429.")

    timeout_s: float = Field(20, gt=0, le=3600, description="Wall clock of a run, in seconds.")
    memory_mb: int = Field(1024, ge=64, description="Memory of a run, its temporary files included, in MiB.")
    disk_mb: int = Field(256, ge=1, description="Files of a run, in MiB.")
    inodes: int = Field(16_384, ge=64, description="Files and directories of a run.")
    output_kb: int = Field(1024, ge=1, description="Printed output of a run, in KiB.")
    processes: int = Field(256, ge=8, description="Processes and threads of a run.")
    threads: int = Field(min(2, CORES), ge=1, description="Threads torch uses in a run.")
    artifact_mb: int = Field(32, ge=0, description="Files kept of a run, in MiB together.")
    artifact_files: int = Field(32, ge=0, description="Files kept of a run.")
    keep_runs_s: int = Field(600, ge=1, description="How long a finished run can be re-read, in seconds.")

    sandbox: Literal["auto", "full", "container"] = Field(
        "auto", description="Which walls: the strongest that this machine allows, or exactly these."
    )
    run_snippets_without_walls: bool = Field(
        default=False, description="Serve even where snippets can take over the server. Never for strangers."
    )
    scratch_dir: Annotated[Path, AfterValidator(Path.absolute)] = Field(
        Path(tempfile.gettempdir()), description="Where runs keep their files while they run, in the container tier."
    )
    concurrency: int = Field(CORES, ge=1, description="Runs at a time, per device.")
    queue_size: int = Field(32, ge=0, description="Runs that may wait, per device.")
    ready_sandboxes: int = Field(max(2, CORES), ge=1, description="Sandboxes kept ready, per device.")
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$", description="How much is logged.")

    @property
    def database(self) -> str:
        """The effective SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{self.data_dir / 'playground.db'}"

    @property
    def artifacts(self) -> Path:
        """Where the files of runs are kept, by device."""
        return self.data_dir / "artifacts"

    @property
    def workshops(self) -> Path:
        """Where what is compiled once for all runs is kept, a directory for each combination of versions."""
        return Path(self.cache_dir).absolute() if self.cache_dir else self.data_dir / "compilers"

    def runner_socket(self, device: str) -> Path:
        """Where the runner of a device listens."""
        return self.data_dir / "run" / f"{device}.sock"
