"""The attempts, a module for each category."""

from collections.abc import Mapping

from playground.selftest.attempt import Attempt, Category
from playground.selftest.attempts import (
    answers,
    channel,
    endless,
    files,
    information,
    kernel,
    memory,
    neighbours,
    output,
    processes,
    requests,
    tensors,
)

ATTEMPTS: Mapping[Category, tuple[Attempt, ...]] = {
    Category.TIME: endless.ATTEMPTS,
    Category.MEMORY: memory.ATTEMPTS,
    Category.PROCESSES: processes.ATTEMPTS,
    Category.KERNEL: kernel.ATTEMPTS,
    Category.OUTPUT: output.ATTEMPTS,
    Category.FILES: files.ATTEMPTS,
    Category.NETWORK: neighbours.ATTEMPTS,
    Category.INFORMATION: information.ATTEMPTS,
    Category.CHANNEL: channel.ATTEMPTS,
    Category.API: (*requests.ATTEMPTS, *answers.ATTEMPTS),
    Category.TORCH: tensors.ATTEMPTS,
}
