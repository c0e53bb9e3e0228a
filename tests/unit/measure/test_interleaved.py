import gc

from playground.measure.interleaved import interleaved


def test_actions_take_turns_and_each_is_timed_for_as_long_as_asked() -> None:
    called: list[str] = []
    first, second = interleaved([lambda: called.append("a"), lambda: called.append("b")], 0.01)
    assert len(first.times_ns) == len(second.times_ns) >= 5
    assert sum(first.times_ns) * first.number >= 0.01 * 1e9
    assert sum(second.times_ns) * second.number >= 0.01 * 1e9
    timed = called[-(first.number + second.number) :]
    assert timed == ["a"] * first.number + ["b"] * second.number


def test_what_is_slow_is_still_run_a_few_times() -> None:
    calls: list[int] = []
    (turns,) = interleaved([lambda: calls.append(sum(range(200_000)))], 0.0001)
    assert (len(turns.times_ns), turns.number) == (5, 1)


def test_collecting_garbage_is_nobodys_to_pay_for_and_goes_on_afterwards() -> None:
    seen: set[bool] = set()
    interleaved([lambda: seen.add(gc.isenabled())], 0.001)
    assert seen == {False}
    assert gc.isenabled()
