"""Whether a client has gone is seen on its socket."""

import socket

from flask import Flask

from playground.web import peer


def test_a_client_that_hangs_up_is_seen_to_go() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Flask("x").test_request_context(environ_overrides={"gunicorn.socket": ours}):
        gone = peer.watch()
        assert not gone()
        theirs.sendall(b"the next request")
        assert not gone()
        theirs.close()
        assert gone()


def test_where_nobody_can_tell_the_client_is_there() -> None:
    with Flask("x").test_request_context():
        assert not peer.watch()()
