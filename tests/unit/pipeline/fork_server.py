"""The fork server of these tests: reads a request per line, runs it in a child, writes what it says as lines.

With an argument, the place of prepared compilers, it compiles as quickly as the real one.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from playground import pipeline
from playground.contracts.events import SaidInside
from playground.contracts.request import RunRequest
from playground.contracts.wire import Done
from playground.sandbox import policy


class LineReporter:
    """Writes findings to a pipe, a line each, whole."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def event(self, *events: SaidInside) -> None:
        for event in events:
            self.say("event", event.model_dump_json())

    def output(self, stream: str, data: bytes) -> None:
        self.say(stream, json.dumps(data.decode(errors="replace")))

    def done(self, done: Done, *events: SaidInside) -> None:
        self.event(*events)
        self.say("done", done.model_dump_json())

    def say(self, what: str, text: str) -> None:
        data = f"{what} {text}\n".encode()
        while data:
            data = data[os.write(self._descriptor, data) :]


def child(order: dict[str, object], reporter: LineReporter) -> None:
    os.environ.update(policy.directories(str(order["home"]), str(order["temporary"])))
    os.chdir(str(order["home"]))
    request = RunRequest.model_validate(order["request"])
    with tempfile.TemporaryFile() as file:
        file.write((request.stdin or "").encode())
        file.flush()
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        os.dup2(file.fileno(), 0)
    pipeline.get_ready(reporter)
    pipeline.run(request, reporter)
    os._exit(0)


def main() -> None:
    os.environ.update(policy.environment())
    problem = pipeline.prepare(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    assert not problem, problem
    out = os.dup(1)
    os.dup2(2, 1)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            child(json.loads(line), LineReporter(out))
        _, status = os.waitpid(pid, 0)
        LineReporter(out).say("exit", str(status))


main()
