"""Whatever a client of the runner sends, it gets what can be read, and the runner serves the next one."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.contracts import wire
from playground.contracts.events import Accepted
from playground.contracts.request import Device, Mode, RunRequest
from playground.dispatch.memory import MemoryDispatcher
from playground.runner import service
from playground.runner.archive import Keeping
from playground.runner.engine import Capacity, Engine
from playground.runner.files import Bounds, Files
from playground.runner.outcome import Ceilings
from playground.runner.service import Connection
from playground.runner.standby import Standby
from playground.sandbox.cgroups import Hierarchies, Limits
from playground.sandbox.policy import Policy

T = TypeVar("T")
ONE_DIRECTORY_FOR_ALL = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
TEN = RunRequest(source="print(10)", mode=Mode.IMPERATIVE)
DESCRIBE, RUN, GATHERED, DETACHED = (
    command.model_dump_json().encode() + b"\n"
    for command in (
        wire.Describe(),
        wire.Run(request=TEN),
        wire.Run(request=TEN, gathered=True),
        wire.Run(request=TEN, detached=True),
    )
)
DESCRIPTION = MemoryDispatcher().describe(Device.CPU)


@dataclass(frozen=True)
class Open:
    """The front of a runner that serves."""

    there: Engine

    def engine(self) -> Engine:
        return self.there

    open_engine = engine

    def describe(self) -> wire.Description:
        return DESCRIPTION


class Host:
    """A runner whose sandboxes never get ready: its runs wait until they are stopped."""

    def __init__(self, directory: Path) -> None:
        policy = Policy("full", (), (), (), (), 1, 1, 1, 1, (), -1, "")
        standby = Standby(0, Hierarchies(0, {}), Limits(1, 1, 1), policy)
        ceilings = Ceilings(timeout_s=20, memory_bytes=1, output_bytes=1, processes=1, disk_bytes=1, inodes=1)
        self.engine = Engine(standby, Files(directory, Bounds(1, 1)), Capacity(1, 1, Keeping(600)), ceilings, 1)
        self.engine.environment = DESCRIPTION.environment
        self.faults: list[dict[str, object]] = []

    async def client(self) -> socket.socket:
        """Connect."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.connect_accepted_socket(lambda: Connection(Open(self.engine)), theirs)
        return ours

    async def say(self, *pieces: bytes) -> list[wire.Reply]:
        """Send, hang up, and read the answers to the end."""
        loop = asyncio.get_running_loop()
        with await self.client() as client:
            try:
                for piece in pieces:
                    await loop.sock_sendall(client, piece)
                client.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it has hung up already
            return await read(client)

    async def stop(self) -> None:
        """Stop what waits, and let it end."""
        for record in self.engine._archive:
            self.engine.stop(record)
        await self.engine.close()


async def flood(client: socket.socket) -> None:
    while True:
        await asyncio.get_running_loop().sock_sendall(client, DESCRIBE * 100)


async def read(client: socket.socket) -> list[wire.Reply]:
    received = b""
    try:
        while chunk := await asyncio.get_running_loop().sock_recv(client, 1 << 16):
            received += chunk
    except ConnectionResetError:
        pass  # hung up on with something unread
    *lines, rest = received.split(b"\n")
    assert not rest
    return [wire.REPLY.validate_json(line) for line in lines]


def host(directory: Path, play: Callable[[Host], Awaitable[T]]) -> T:
    """Play with a runner; a fault that asyncio has to log is a failure."""

    async def played() -> T:
        runner = Host(directory)
        asyncio.get_running_loop().set_exception_handler(lambda _, fault: runner.faults.append(fault))
        result = await play(runner)
        await runner.stop()
        assert runner.faults == []
        return result

    return asyncio.run(played())


def kinds(replies: list[wire.Reply]) -> list[str]:
    return [reply.type for reply in replies]


@pytest.mark.parametrize("pieces", [(DESCRIBE * 2,), (DESCRIBE[:5], DESCRIBE[5:] + DESCRIBE)])
def test_one_command_after_another_is_answered(tmp_path: Path, pieces: tuple[bytes, ...]) -> None:
    replies = host(tmp_path / "files", lambda runner: runner.say(*pieces))
    assert kinds(replies) == ["description", "description"]


@pytest.mark.parametrize("first", [RUN, GATHERED])
def test_whoever_asks_while_an_answer_goes_on_is_hung_up_on(tmp_path: Path, first: bytes) -> None:
    async def play(runner: Host) -> list[bool]:
        await runner.say(first + RUN)
        return [record.listened_to for record in runner.engine._archive]

    assert host(tmp_path / "files", play) == [False]


def test_whoever_does_not_read_is_hung_up_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_BACKLOG_BYTES", 1_000)

    async def play(runner: Host) -> list[wire.Reply]:
        with await runner.client() as client:
            with pytest.raises(OSError, match=r"Broken pipe|reset"):
                await flood(client)
            return await runner.say(DESCRIBE)

    assert kinds(host(tmp_path / "files", play)) == ["description"]


def test_a_command_without_an_end_is_hung_up_on(tmp_path: Path) -> None:
    endless = b"x" * (service.MAX_COMMAND_BYTES + 1)
    assert host(tmp_path / "files", lambda runner: runner.say(endless)) == []


THERE = "RUN_ID"
FIELDS: dict[str, st.SearchStrategy[object]] = {
    "run_id": st.just(THERE) | st.text(max_size=5),
    "after": st.integers() | st.just(10**4299),
    "name": st.text(max_size=5),
    "request": st.just(TEN.model_dump(mode="json")) | st.just({}),
    "detached": st.booleans(),
    "gathered": st.booleans(),
    "other": st.none(),
}
NEEDS = {
    "run": ["request"],
    "attach": ["run_id"],
    "cancel": ["run_id"],
    "fetch": ["run_id", "name"],
    "recall": ["run_id"],
}
RIGHT = st.sampled_from(sorted(NEEDS)).flatmap(
    lambda op: st.fixed_dictionaries({"op": st.just(op), **{name: FIELDS[name] for name in NEEDS[op]}})
)
WRONG = st.fixed_dictionaries({"op": st.sampled_from([*NEEDS, "describe", "x"])}, optional=FIELDS)
LINE = st.builds(lambda command: json.dumps(command).encode(), RIGHT | WRONG) | st.binary(max_size=40)


@ONE_DIRECTORY_FOR_ALL
@given(lines=st.lists(LINE, max_size=6), pieces=st.integers(1, 4), last=st.sampled_from([b"", b"\n"]))
def test_whatever_is_sent_the_next_client_is_served(
    tmp_path: Path, lines: list[bytes], pieces: int, last: bytes
) -> None:
    async def play(runner: Host) -> None:
        (accepted,) = await runner.say(DETACHED)
        assert isinstance(accepted, Accepted)
        sent = b"\n".join(lines).replace(THERE.encode(), accepted.run_id.encode()) + last
        size = len(sent) // pieces + 1
        replies = await runner.say(*(sent[start : start + size] for start in range(0, len(sent), size)))
        assert not [reply for reply in replies if isinstance(reply, wire.Refused) and reply.kind == "internal"]
        assert kinds(await runner.say(DESCRIBE)) == ["description"]
        assert not [record for record in runner.engine._archive if record.listened_to]

    host(tmp_path / "files", play)
