"""What a device needs of the host: nodes under /dev, places to read and write, how many runs at a time, its name.

The fork server itself never touches CUDA: a context does not survive a fork. Sources: the NVIDIA container toolkit's
list of device nodes; torch.cuda notes ("Device-agnostic code": PYTORCH_NVML_BASED_CUDA_CHECK).
"""

import platform
from dataclasses import dataclass, field
from pathlib import Path

from playground.contracts.request import Device
from playground.sandbox.tiers import full


@dataclass(frozen=True)
class Hardware:
    """One kind of device as a runner sees it."""

    nodes: tuple[str, ...]
    """Names under ``/dev`` that a sandbox gets."""
    readable: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()
    at_a_time: int | None = None
    """Runs at a time, where the device sets a bound: GPU memory has no control group."""
    environment: dict[str, str] = field(default_factory=dict)


class NoSuchDevice(Exception):  # noqa: N818 - named for what happened
    """This machine has no such device; the text is for the operator."""


def find(device: Device) -> Hardware:
    """What a device needs.

    Raises:
        NoSuchDevice: it is not in this machine, or not visible here.
    """
    return _cuda() if device is Device.CUDA else Hardware(full.TIER.devices)


def name(device: Device) -> str:
    """What the device is called."""
    return _gpu_name() if device is Device.CUDA else processor_name()


def _cuda() -> Hardware:
    nodes = tuple(sorted(str(path.relative_to("/dev")) for path in Path("/dev").glob("nvidia*") if not path.is_dir()))
    if "nvidiactl" not in nodes:
        message = "No NVIDIA GPU is visible here: /dev/nvidiactl is missing. In Docker, add --gpus all."
        raise NoSuchDevice(message)
    return Hardware(
        nodes=(*full.TIER.devices, *nodes),
        readable=("/sys",),
        writable=("/proc",),  # cuInit names its threads in /proc/PID/task/*/comm
        at_a_time=1,
        environment={"PYTORCH_NVML_BASED_CUDA_CHECK": "1"},
    )


def _gpu_name() -> str:
    """From the driver's own listing, for asking CUDA would initialise it."""
    for path in sorted(Path("/proc/driver/nvidia/gpus").glob("*/information")):
        for line in path.read_text().splitlines():
            if line.startswith("Model:"):
                return line.partition(":")[2].strip()
    return "NVIDIA GPU"


def processor_name() -> str:
    """The processor's own name for itself."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
