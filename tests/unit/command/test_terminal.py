"""A run in a terminal: text as it comes, the end in words, the exit code a shell can use."""

import pytest

from playground.command import terminal
from playground.contracts import events as ev
from playground.contracts.events import Status


def finished(status: Status, **more: object) -> ev.Finished:
    return ev.Finished.model_validate({"status": status, **more})


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (finished(Status.OK, exit_code=0), 0),
        (finished(Status.ERROR, exit_code=1), 1),
        (finished(Status.ERROR, exit_code=7), 7),
        (finished(Status.ERROR, exit_code=-1), 255),
        (finished(Status.ERROR, exit_code=None), 1),
        (finished(Status.ERROR, exit_code=256), 1),
        (finished(Status.KILLED, signal="SIGSEGV"), 139),
        (finished(Status.KILLED, signal="SIGWHAT"), 1),
        (finished(Status.TIMEOUT, signal="SIGKILL"), 124),
        (finished(Status.MEMORY_LIMIT), 1),
        (finished(Status.CANCELLED), 1),
        (finished(Status.INTERNAL), 1),
    ],
)
def test_the_exit_code_is_that_of_a_process_that_ended_so(end: ev.Finished, code: int) -> None:
    assert terminal.exit_code(end) == code


def test_streams_are_kept_apart_and_whole(capsys: pytest.CaptureFixture[str]) -> None:
    said: list[ev.AnyEvent] = [
        ev.Output(stream="stdout", text="a"),
        ev.Output(stream="stderr", text="warned\n"),
        ev.Output(stream="stdout", text="b\n"),
        ev.Display(mime="text/plain", data="tensor(1)"),
        finished(Status.OK, exit_code=0),
    ]
    assert terminal.follow(said) == 0
    assert capsys.readouterr() == ("ab\ntensor(1)\n", "warned\n")


def test_an_error_reads_as_python_writes_it(capsys: pytest.CaptureFixture[str]) -> None:
    frames = (
        ev.Frame(file="<snippet>", line=4, function="<module>", text="f(0)"),
        ev.Frame(file="<snippet>", line=2, function="f", text="    return 1 / x"),
    )
    error = ev.Error(error_type="ZeroDivisionError", message="division by zero", line=2, frames=frames)
    assert terminal.follow([error, finished(Status.ERROR, exit_code=1)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "Traceback (most recent call last):",
        '  File "<snippet>", line 4, in <module>',
        "    f(0)",
        '  File "<snippet>", line 2, in f',
        "    return 1 / x",
        "ZeroDivisionError: division by zero",
    ]


def test_an_error_without_frames_names_its_line() -> None:
    error = ev.Error(error_type="SyntaxError", message="invalid syntax", line=3)
    assert terminal.traceback(error) == "SyntaxError: invalid syntax (line 3)\n"
    assert terminal.traceback(ev.Error(error_type="KeyboardInterrupt", message="")) == "KeyboardInterrupt\n"


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (
            finished(Status.TIMEOUT, limit={"name": "timeout", "value": 20, "unit": "s"}),
            "Stopped: timeout limit, 20 s",
        ),
        (
            finished(Status.MEMORY_LIMIT, limit={"name": "memory", "value": 1073741824, "unit": "bytes"}),
            "Stopped: memory limit, 1,073,741,824 bytes",
        ),
        (finished(Status.KILLED, signal="SIGSEGV"), "Killed by SIGSEGV"),
        (finished(Status.INTERNAL), "Ended: internal"),
    ],
)
def test_an_end_that_was_not_the_snippets_own_is_said(
    capsys: pytest.CaptureFixture[str], end: ev.Finished, words: str
) -> None:
    terminal.follow([end])
    assert capsys.readouterr().err == words + "\n"


def test_a_picture_is_named_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show(ev.Display(mime="image/png", data="iVBORw0KGgo="))
    assert capsys.readouterr() == ("", "[image/png; --json gives it]\n")
