"""An attempt counts as stopped only where what it met was expected and no canary was touched."""

import pytest

from playground.contracts import events as ev
from playground.selftest.attempt import Attempt, Outcome, Snippet
from playground.selftest.judge import ALONE, judge, met
from playground.selftest.layers import PID
from playground.settings import Settings

ATTEMPT = Attempt(
    "it is refused",
    Snippet("pass"),
    {"EPERM": "seccomp", "kept part*": "collecting"},
    container={"EACCES": "landlock"},
    weaker={"visible": "names are visible"},
)
SETTINGS = Settings(artifact_files=2, artifact_mb=1)


@pytest.mark.parametrize(
    ("tier", "words", "touched", "outcome", "layers"),
    [
        ("full", ["EPERM"], [], Outcome.STOPPED, ("seccomp",)),
        ("full", ["kept part1", "kept part2"], [], Outcome.STOPPED, ("collecting",)),
        ("full", ["EPERM", "reached"], [], Outcome.ESCAPED, ("seccomp",)),
        ("full", ["EPERM"], ["a file"], Outcome.ESCAPED, ("seccomp",)),
        ("full", [], ["a file"], Outcome.ESCAPED, ()),
        ("full", [], [], Outcome.UNCLEAR, ()),
        ("full", ["EPERM", "ENOENT"], [], Outcome.UNCLEAR, ("seccomp",)),
        ("full", ["EACCES"], [], Outcome.UNCLEAR, ()),
        ("full", ["visible"], [], Outcome.UNCLEAR, ()),
        ("container", ["EACCES"], [], Outcome.STOPPED, ("landlock",)),
        ("container", ["EPERM", "visible"], [], Outcome.WEAKER, ("seccomp", "names are visible")),
        ("container", ["visible"], ["a file"], Outcome.ESCAPED, ("names are visible",)),
    ],
)
def test_the_outcome_follows_from_what_was_met(
    tier: str, words: list[str], touched: list[str], outcome: Outcome, layers: tuple[str, ...]
) -> None:
    assert judge(ATTEMPT, tier, words, touched) == (outcome, layers)


@pytest.mark.parametrize(("tier", "layer"), [("full", "pid namespace"), ("container", "user per run")])
def test_the_layer_is_one_that_the_tier_has(tier: str, layer: str) -> None:
    attempt = Attempt("it does not outlive the run", Snippet("pass"), {"left behind": PID})
    assert judge(attempt, tier, ["left behind"], []) == (Outcome.STOPPED, (layer,))


def test_what_is_expected_can_be_reached_without_being_an_escape() -> None:
    attempt = Attempt("it reaches itself alone", Snippet("pass"), {"reached": PID})
    assert judge(attempt, "full", ["reached"], []) == (Outcome.STOPPED, (PID,))


@pytest.mark.parametrize("tier", ["full", "container"])
def test_nothing_can_be_done_to_a_neighbour_where_there_is_none(tier: str) -> None:
    assert judge(ATTEMPT, tier, [ALONE], []) == (Outcome.STOPPED, ("one run at a time",))


def finished_run(*between: ev.AnyEvent, **finished: object) -> list[ev.AnyEvent]:
    environment = ev.Environment(
        python="3", torch="2", device="cpu", device_name="memory", threads=1, isolation=("seccomp",)
    )
    first: list[ev.AnyEvent] = [ev.Accepted(run_id="run", position=0), ev.Started(environment=environment)]
    last = ev.Finished.model_validate({"status": "ok", **finished})
    every: list[ev.AnyEvent] = [*first, *between, last]
    return [event.model_copy(update={"id": number}) for number, event in enumerate(every, 1)]


def output(text: str) -> ev.Output:
    return ev.Output(stream="stdout", text=text)


def artifact(name: str, size_bytes: int = 1, run_id: str = "run") -> ev.Artifact:
    return ev.Artifact(name=name, size_bytes=size_bytes, sha256="", url=f"/api/v1/artifacts/{run_id}/{name}")


def test_reports_are_read_wherever_they_stand() -> None:
    said = output('...{"met": "EPERM"}\n..{"met": "a \\"b\\""}')
    assert [*met(finished_run(said), SETTINGS)] == ["EPERM", 'a "b"']


def test_an_end_that_is_not_ok_is_met_too() -> None:
    said = output('{"met": "EPERM"}\n')
    assert [*met(finished_run(said, status="timeout"), SETTINGS)] == ["EPERM", "timeout"]


def test_where_nothing_is_reported_the_end_is_what_was_met() -> None:
    assert [*met(finished_run(), SETTINGS)] == ["ok"]


@pytest.mark.parametrize(
    ("events", "word"),
    [
        (finished_run(ev.Accepted(run_id="other", position=0)), "forged: Accepted"),
        (finished_run(ev.Finished(status=ev.Status.OK)), "forged: Finished"),
        (finished_run(artifact("x", run_id="other")), "forged: address of a file"),
        (finished_run(artifact("x"), artifact("y"), artifact("z")), "too many files"),
        (finished_run(artifact("x", 2 << 20)), "too many files"),
        ([*finished_run()[:2], finished_run()[2].model_copy(update={"id": 9})], "forged: numbers"),
    ],
)
def test_what_only_the_runner_may_say_is_noticed_when_it_was_forged(events: list[ev.AnyEvent], word: str) -> None:
    assert word in met(events, SETTINGS)
