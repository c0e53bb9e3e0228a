"""What the sandbox refused, in words: the kernel's answer alone ("Function not implemented") would be a mystery."""

import errno
import socket
import traceback
from multiprocessing import shared_memory, synchronize

from playground.contracts.sentences import say

NO_SHARED_MEMORY = say(
    "This sandbox has no shared memory, which multiprocessing's locks and queues and DataLoader's workers need. "
    "Threads do without, and so does num_workers=0."
)
NO_NETWORK = say("There is no network in this sandbox.")
_SHARING = {synchronize.__file__, shared_memory.__file__}
_REFUSED = {errno.ENOSYS, errno.EPERM, errno.EACCES}


def explain(exception: BaseException) -> str | None:
    """A sentence for an exception that a wall of the sandbox caused; None for all others."""
    kind = type(exception)  # isinstance() would also ask the snippet's own code
    if issubclass(kind, OSError) and vars(OSError)["errno"].__get__(exception) in _REFUSED:
        passed = {frame.f_code.co_filename for frame, _ in traceback.walk_tb(exception.__traceback__)}
        if passed & _SHARING:
            return NO_SHARED_MEMORY
        return NO_NETWORK if socket.__file__ in passed else None
    if kind is RuntimeError and "shared memory" in (text := str(exception)) and _denied(text):
        return NO_SHARED_MEMORY
    return None


def _denied(text: str) -> bool:
    return any(f"({number})" in text for number in _REFUSED)
