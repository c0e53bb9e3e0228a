"""A runner per device: what this machine lacks is refused in words, before anything starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from playground.contracts.request import Device
from playground.runner import hardware
from playground.runner.hardware import NoSuchDevice

HAS_GPU = Path("/dev/nvidiactl").exists()


def test_the_processor_is_always_there_and_has_a_name() -> None:
    assert "null" in hardware.find(Device.CPU).nodes
    assert hardware.name(Device.CPU)


@pytest.mark.skipif(HAS_GPU, reason="there is a GPU")
def test_a_gpu_that_is_not_there_is_refused_and_the_reason_given(tmp_path: Path) -> None:
    with pytest.raises(NoSuchDevice, match="nvidiactl"):
        hardware.find(Device.CUDA)
    environment = {**os.environ, "PLAYGROUND_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "playground.runner", "--device", "cuda"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    assert "No NVIDIA GPU is visible here" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(not HAS_GPU, reason="needs an NVIDIA GPU")
def test_a_gpu_brings_its_nodes_and_takes_one_run_at_a_time() -> None:
    found = hardware.find(Device.CUDA)
    assert "nvidiactl" in found.nodes
    assert found.at_a_time == 1
