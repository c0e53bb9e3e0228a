from playground.contracts.events import Diagnostic
from playground.contracts.request import Mode, RunRequest
from playground.pipeline.session import Session
from playground.pipeline.testing import MemoryReporter


def session(**options: object) -> tuple[Session, MemoryReporter]:
    reporter = MemoryReporter()
    request = RunRequest.model_validate({"source": "1", "mode": Mode.SYMBOLIC, "options": options})
    return Session(request, reporter), reporter


def test_what_was_put_off_is_done_in_order_after_all_that_waits_was_said() -> None:
    run, reporter = session()
    said: list[int] = []
    run.afterwards(lambda: said.append(len(reporter.events)))
    run.afterwards(lambda: run.later(Diagnostic(kind="fallback", message="second")))
    run.later(Diagnostic(kind="fallback", message="first"))
    run.follow_up()
    assert said == [1]
    assert [event.message for event in reporter.of(Diagnostic)] == ["first", "second"]


def test_what_fails_after_the_answer_is_said_and_harms_nothing_else() -> None:
    run, reporter = session()
    done: list[str] = []
    run.afterwards(lambda: print(1 / 0))  # noqa: T201 - it never prints
    run.afterwards(lambda: done.append("next"))
    run.follow_up()
    (told,) = reporter.of(Diagnostic)
    assert (told.reason, done) == ("ZeroDivisionError: division by zero", ["next"])


def test_time_runs_out() -> None:
    run, _ = session(timeout_s=5)
    assert 0 < run.left_s <= 5
