"""The root that a snippet sees: built once by the warden, completed for each run by ``init``.

The base is a read-only tmpfs with binds of the system's and Python's directories. A run adds one tmpfs of limited size
and inodes, seen as ``/tmp``, the home and ``/dev/shm``, and a ``/proc`` of its own processes.
"""

import os

from playground.sandbox.kernel import Mount, become_root, mount
from playground.sandbox.policy import ETC, Policy

_READ_ONLY = Mount.BIND | Mount.REMOUNT | Mount.RDONLY | Mount.NOSUID
_SCRATCH = "/scratch"


def build_base(policy: Policy, at: str) -> None:
    """Build the base root on the directory ``at`` and make it this process's root.

    Raises:
        OSError: a mount is refused; the message names it.
    """
    mount("none", "/", None, Mount.REC | Mount.PRIVATE)
    mount("root", at, "tmpfs", Mount.NOSUID, "size=1m,nr_inodes=1k,mode=755")
    for path in (*policy.rules.directories, *policy.rules.files, *policy.visible, *policy.readable):
        _show(path, at)
    _etc(at)
    _devices(policy, at)
    for directory in ("/proc", _SCRATCH, *policy.rules.writable):
        os.makedirs(at + directory, exist_ok=True)
    if policy.base_uid < 0:
        # Without root outside, a new /proc may only be mounted where a whole one can be seen; a run's own covers it.
        mount("proc", at + "/proc", "proc", Mount.NOSUID | Mount.NODEV | Mount.NOEXEC)
    become_root(at)
    mount("none", "/", None, Mount.REMOUNT | Mount.RDONLY | Mount.NOSUID)


def complete(policy: Policy, uid: int) -> None:
    """Add what belongs to one run; ``uid`` owns it. Called in the run's own mount and PID namespaces."""
    size = f"size={policy.disk_bytes},nr_inodes={policy.inodes},mode=711"
    mount("scratch", _SCRATCH, "tmpfs", Mount.NOSUID | Mount.NODEV, size)
    for path in policy.rules.writable:
        private = _SCRATCH + "/" + os.path.basename(path)
        os.mkdir(private, 0o700)
        os.chown(private, uid, uid)
        _keep_visible(policy, path, private)
        mount(private, path, None, Mount.BIND | Mount.REC)
    mount("proc", "/proc", "proc", Mount.NOSUID | Mount.NODEV | Mount.NOEXEC)
    for path in policy.rules.masked:
        if os.path.exists(path):
            mount("/dev/null", path, None, Mount.BIND)


def _keep_visible(policy: Policy, covered: str, private: str) -> None:
    """An installation below ``/tmp`` or the home would be covered by the run's own: show it there again, read-only."""
    for path in (*policy.visible, *policy.readable):
        if path.startswith(covered + "/"):
            target = private + path.removeprefix(covered)
            os.makedirs(target, exist_ok=True)
            mount(path, target, None, Mount.BIND)


def _show(path: str, at: str) -> None:
    """Bind one path read-only; a symbolic link is made again, so that ``/bin -> usr/bin`` stays what it is."""
    if os.path.islink(path):
        os.symlink(os.readlink(path), at + path)
    elif os.path.isdir(path):
        os.makedirs(at + path, exist_ok=True)
        _bind(path, at + path, _READ_ONLY | Mount.NODEV)
    elif os.path.exists(path):
        _bind_file(path, at + path, _READ_ONLY | Mount.NODEV)


def _bind(path: str, target: str, flags: Mount) -> None:
    mount(path, target, None, Mount.BIND)
    mount("none", target, None, flags)


def _bind_file(path: str, target: str, flags: Mount) -> None:
    os.makedirs(os.path.dirname(target), exist_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    _bind(path, target, flags)


def _etc(at: str) -> None:
    for name, text in ETC.items():
        with open(f"{at}/etc/{name}", "x", encoding="ascii") as file:
            file.write(text)


def _devices(policy: Policy, at: str) -> None:
    os.mkdir(at + "/dev")
    for name in policy.devices:
        _bind_file(f"/dev/{name}", f"{at}/dev/{name}", Mount.BIND | Mount.REMOUNT | Mount.NOSUID | Mount.NOEXEC)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        os.symlink(f"/proc/self/fd/{number}", f"{at}/dev/{name}")
    os.symlink("/proc/self/fd", at + "/dev/fd")
