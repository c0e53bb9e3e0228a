"""What ``playground serve`` does before and beside its children."""

import socket
from pathlib import Path

import pytest

from playground.command import serve, webserver
from playground.settings import Settings


def test_a_port_that_is_taken_is_said_plainly() -> None:
    with serve.listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(serve.FailedError, match=f"Cannot listen on 127.0.0.1, port {port}: Address already in use"):
            serve.listen("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_said_plainly() -> None:
    with pytest.raises(serve.FailedError, match=r"Cannot listen on 192\.0\.2\.1"):
        serve.listen("192.0.2.1", 0)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1")])
def test_the_address_shown_is_one_that_can_be_opened(host: str, shown: str) -> None:
    with serve.listen(host, 0) as listener:
        port = listener.getsockname()[1]
        assert serve.url(listener) == f"http://{shown}:{port}"
        socket.create_connection((shown, port), timeout=10).close()


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 on this machine")
def test_an_ipv6_address_is_shown_in_brackets() -> None:
    with serve.listen("::1", 0) as listener:
        assert serve.url(listener) == f"http://[::1]:{listener.getsockname()[1]}"


def test_two_servers_do_not_share_a_data_directory(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with serve.alone(settings), pytest.raises(serve.FailedError, match=str(tmp_path)), serve.alone(settings):
        pytest.fail("the second one got in")
    with serve.alone(settings):
        assert (tmp_path / "run").stat().st_mode & 0o077 == 0


def test_gunicorn_has_the_threads_that_were_asked_for_and_no_control_socket() -> None:
    server = webserver.Server(Settings(web_threads=9, web_workers=3), 5)
    assert (server.cfg.threads, server.cfg.workers, server.cfg.worker_class_str) == (9, 3, "gthread")
    assert server.cfg.address == [5] or server.cfg.bind == ["fd://5"]
    assert server.cfg.control_socket_disable is True
    assert server.cfg.accesslog is None
