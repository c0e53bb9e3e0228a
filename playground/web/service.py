"""What this server says of itself."""

from pydantic import BaseModel, Field

from playground.contracts.request import MAX_SOURCE_BYTES, MAX_STDIN_BYTES, Device
from playground.contracts.wire import Description


class Service(BaseModel):
    """The answer of ``GET /api/v1/environment``."""

    version: str
    devices: tuple[Description, ...]
    unavailable: tuple[Device, ...] = Field(description="Devices whose worker does not answer at the moment.")
    max_source_bytes: int = MAX_SOURCE_BYTES
    max_stdin_bytes: int = MAX_STDIN_BYTES
