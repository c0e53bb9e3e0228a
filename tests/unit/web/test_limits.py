"""So often and no more, by address."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from limits import parse

from playground.dispatch.memory import MemoryDispatcher
from playground.web.limits import MAX_ADDRESSES, Meter, home_of, limit

Client = Callable[..., FlaskClient]
TEN = {"source": "print(10)", "mode": "imperative"}


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_beyond_the_rate_the_wait_is_told_and_counts_down() -> None:
    clock = Clock()
    meter = Meter(parse("2 per minute"), clock)
    assert [meter.hit("a"), meter.hit("a"), meter.hit("a")] == [0, 0, 60]
    clock.now += 59
    assert meter.hit("a") == 1
    clock.now += 1
    assert meter.hit("a") == 0


def test_each_address_counts_for_itself() -> None:
    meter = Meter(parse("1 per minute"), Clock())
    assert [meter.hit("a"), meter.hit("b"), meter.hit("a") > 0] == [0, 0, True]


def test_addresses_whose_time_is_over_are_forgotten() -> None:
    clock = Clock()
    meter = Meter(parse("1 per minute"), clock)
    for number in range(MAX_ADDRESSES):
        meter.hit(str(number))
    clock.now += 60
    meter.hit("one more")
    assert list(meter._counts) == ["one more"]


@pytest.mark.parametrize(
    ("address", "home"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("", "")],
)
def test_a_home_has_many_addresses_of_the_new_kind(address: str, home: str) -> None:
    assert home_of(address) == home


def test_runs_and_shares_are_limited_together(client_of: Client) -> None:
    client = client_of(MemoryDispatcher(), rate_limit="2 per hour")
    assert client.post("/api/v1/runs", json=TEN).status_code == 200
    assert client.post("/api/v1/snippets", json=TEN).status_code == 201
    for path in ("/api/v1/runs", "/api/v1/snippets"):
        refused = client.post(path, json=TEN)
        assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
        assert 3_590 < int(refused.headers["Retry-After"]) <= 3_600
    assert client.post("/", data=TEN).status_code == 429


def test_reading_is_never_limited(client_of: Client) -> None:
    client = client_of(MemoryDispatcher(), rate_limit="1 per hour")
    assert {client.get("/").status_code for _ in range(3)} == {200}


def test_other_addresses_are_not_held_up(client_of: Client) -> None:
    client = client_of(MemoryDispatcher(), rate_limit="1 per hour")
    answers = [
        client.post("/api/v1/runs", json=TEN, environ_base={"REMOTE_ADDR": address}).status_code
        for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")
    ]
    assert answers == [200, 200, 429]


def test_a_rate_that_cannot_be_read_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="often"):
        limit("quite often")
