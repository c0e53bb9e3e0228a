"""Sustained throughput: so many clients, each asking again as soon as it is answered."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.subjects import Forks, Playground

PROCESSES = 2


@dataclass(frozen=True)
class Throughput:
    """Per second: runs of the playground, and what fork and exit alone allow."""

    clients: int
    runs: int
    runs_per_s: float
    forks_per_s: float

    @property
    def share(self) -> float:
        """How much of the bound is reached."""
        return self.runs_per_s / self.forks_per_s


def measure(address: str, forks: list[Forks], clients: int, runs: int) -> Throughput:
    """Measure the playground and the bound, in two halves each, one after the other."""
    half = runs // 2
    took_s = forked_s = 0.0
    for _ in range(2):
        took_s += _runs(address, clients, half)
        forked_s += _forks(forks, half)
    return Throughput(clients, 2 * half, 2 * half / took_s, 2 * (half // PROCESSES) * PROCESSES / forked_s)


def _runs(address: str, clients: int, runs: int) -> float:
    def client(number: int) -> None:
        playground = Playground(address)
        for _ in range(runs // clients + (number < runs % clients)):
            playground.ask("print(10)")

    with ThreadPoolExecutor(clients) as pool:
        began = time.perf_counter()
        for done in [pool.submit(client, number) for number in range(clients)]:
            done.result()
    return time.perf_counter() - began


def _forks(forks: list[Forks], number: int) -> float:
    began = time.perf_counter()
    for process in forks:
        process.begin(number // len(forks))
    for process in forks:
        process.end()
    return time.perf_counter() - began
