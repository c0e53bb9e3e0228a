"""Run a command as a plain ``docker run`` would: ``python -m tests.support.container COMMAND...``, as root.

Docker's default capabilities and no others, so that namespaces and mounts are refused; no control groups to write; and
an interpreter that every user may read, wherever the one of these tests lies.
"""

import os
import sys
from pathlib import Path

from playground.sandbox import kernel, policy
from playground.sandbox.kernel import Mount, Namespace

DEFAULT = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}
"""Docker's: CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT MKNOD
AUDIT_WRITE SETFCAP, by their numbers in capabilities(7)."""
HARDENED = {0, 1, 5, 6, 7}
"""What is left of them with ``--cap-drop ALL`` and the five that the container tier needs."""


def main() -> None:
    """Become the container, then the command."""
    kernel.unshare(Namespace.MOUNT)
    kernel.mount("none", "/", None, Mount.REC | Mount.PRIVATE)
    for path in {os.path.realpath(sys.executable), *policy.python_paths(), str(Path(__file__).parents[2])}:
        _open_the_way(Path(path))
    kernel.mount("none", "/sys/fs/cgroup", "tmpfs", Mount.RDONLY)
    keep = HARDENED if os.environ.get("HARDENED") else DEFAULT
    for capability in range(int(Path("/proc/sys/kernel/cap_last_cap").read_text()) + 1):
        if capability not in keep:
            kernel.prctl(kernel.PR_CAPBSET_DROP, capability)
    os.execvp(sys.argv[1], sys.argv[1:])


def _open_the_way(path: Path) -> None:
    """Cover the first directory that others may not pass; of what is in it only ``path`` is there again."""
    closed = next((step for step in reversed(path.parents) if not step.stat().st_mode & 0o001), None)
    if closed is None:
        return
    here = os.open(closed / path.relative_to(closed).parts[0], os.O_PATH | os.O_CLOEXEC)
    kernel.mount("none", str(closed), "tmpfs", 0, "mode=755")
    again = closed / path.relative_to(closed).parts[0]
    again.mkdir()
    kernel.mount(f"/proc/self/fd/{here}", str(again), None, Mount.BIND)


if __name__ == "__main__":
    main()
