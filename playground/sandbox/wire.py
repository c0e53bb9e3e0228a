"""Messages with descriptors between the runner, the warden and the fork server: ``SOCK_SEQPACKET``, JSON, SCM_RIGHTS.

All three are ours; nothing that a snippet wrote passes here. Light enough for the warden.
"""

import json
import socket
from typing import Any

MAX_MESSAGE = 65_536
MAX_DESCRIPTORS = 16


def send(to: socket.socket, message: dict[str, Any], descriptors: list[int] | None = None) -> None:
    """Send one message and, with it, descriptors; ours stay open here."""
    socket.send_fds(to, [json.dumps(message).encode()], descriptors or [])


def receive(source: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Receive one message and its descriptors (close-on-exec).

    Raises:
        EOFError: the other side is gone.
        BlockingIOError: a non-blocking socket has nothing.
    """
    try:
        data, descriptors, _, _ = socket.recv_fds(source, MAX_MESSAGE, MAX_DESCRIPTORS)
    except ConnectionResetError:  # it ended with an answer of ours unread
        raise EOFError from None
    if not data:
        raise EOFError
    return json.loads(data), descriptors
