import errno
import socket
from multiprocessing import synchronize

import pytest

from playground.pipeline.refusals import NO_NETWORK, NO_SHARED_MEMORY, explain


def raised_in(file: str, exception: BaseException) -> BaseException:
    code = compile("raise exception", file, "exec")
    with pytest.raises(type(exception)) as caught:
        exec(code, {"exception": exception})
    return caught.value


def test_a_lock_that_the_sandbox_refuses_is_explained() -> None:
    assert explain(raised_in(synchronize.__file__, PermissionError(errno.EACCES, "x"))) == NO_SHARED_MEMORY


def test_a_tensor_that_cannot_be_shared_is_explained() -> None:
    text = "unable to open shared memory object </torch_1> in read-write mode: Permission denied (13)"
    assert explain(RuntimeError(text)) == NO_SHARED_MEMORY


def test_a_socket_that_the_sandbox_refuses_is_explained() -> None:
    assert explain(raised_in(socket.__file__, OSError(errno.ENOSYS, "Function not implemented"))) == NO_NETWORK


@pytest.mark.parametrize(
    "exception",
    [
        PermissionError(errno.EACCES, "x", "/etc/shadow"),
        OSError("no number"),
        FileNotFoundError(errno.ENOENT, "x"),
        RuntimeError("shared memory is full"),
        ValueError("x"),
    ],
)
def test_other_exceptions_speak_for_themselves(exception: BaseException) -> None:
    assert explain(exception) is None
    assert explain(raised_in("<snippet>", exception)) is None
