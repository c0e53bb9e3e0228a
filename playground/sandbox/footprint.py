"""What a run uses where no control group counts it, added up over its processes and files.

PSS (proc(5), smaps_rollup) counts a page that several processes share in parts. What a run got from the fork server is
shared by all runs, and is nobody's: of shared memory, only what exceeds that counts. A run that shares memory among
processes of its own can thus hold so much more, once. A process that hides from this is counted whole.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK_NS = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
_MAX_DEPTH = 200
_BLOCK = 512


@dataclass(frozen=True)
class Footprint:
    """A moment's use."""

    private_bytes: int = 0
    """Of memory that no other process has."""
    shared_bytes: int = 0
    """Their parts of what others have too."""
    common_bytes: int = 0
    """The same, counted whole in each: what a run was born with, as long as it is one process."""
    cpu_ns: int = 0
    """Of the processes that live."""
    processes: int = 0
    """Threads counted."""
    disk_bytes: int = 0
    inodes: int = 0

    def memory_since(self, birth: "Footprint") -> int:
        """Bytes that a run uses and was not born with."""
        return self.private_bytes + max(0, self.shared_bytes - birth.common_bytes)


def of_processes(pids: Iterable[str]) -> Footprint:
    """Add up processes, and the files that they hold open and that have no name any more."""
    there = tuple(pids)
    statuses = [_stat(pid) for pid in there]
    memory = [_memory(pid) for pid in there]
    return Footprint(
        private_bytes=sum(private for private, _, _ in memory),
        shared_bytes=sum(shared for _, shared, _ in memory),
        common_bytes=sum(common for _, _, common in memory),
        cpu_ns=sum(ticks for ticks, _ in statuses) * _TICK_NS,
        processes=sum(threads for _, threads in statuses),
        disk_bytes=sum(_unlinked(pid) for pid in there),
    )


def of_directories(directories: Iterable[str], max_inodes: int) -> tuple[int, int]:
    """Bytes and inodes below directories; stops where ``max_inodes`` is passed. Links are not followed.

    What is nested too deep to be looked at counts as more than every inode there is.
    """
    blocks = inodes = 0
    for found in _entries(directories):
        if found is None:
            return blocks * _BLOCK, max_inodes + 1
        blocks += found.st_blocks
        inodes += 1
        if inodes > max_inodes:
            break
    return blocks * _BLOCK, inodes


def in_namespace_of(init: int) -> Iterator[str]:
    """The processes in the PID namespace of ``init``."""
    namespace = _namespace(str(init))
    return (pid for pid in processes() if namespace and _namespace(pid) == namespace)


def of_user(uid: int) -> Iterator[str]:
    """The living processes of a user."""
    return (pid for pid in processes() if living_uid(pid) == uid)


def processes() -> Iterator[str]:
    """The processes that /proc shows here."""
    return (name for name in os.listdir("/proc") if name.isdigit())


def _namespace(pid: str) -> int:
    """The inode that identifies a process's PID namespace; 0 when the process is gone."""
    try:
        return os.stat(f"/proc/{pid}/ns/pid").st_ino
    except OSError:
        return 0


def living_uid(pid: str) -> int:
    """The real uid of a process; -1 when it is dead. The owner of /proc/PID is root where it is not dumpable."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith("State:") and line.split()[1] in "ZX":
                    return -1
                if line.startswith("Uid:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return -1


def _stat(pid: str) -> tuple[int, int]:
    """Processor ticks and threads (proc(5), fields 14, 15 and 20); the name before them may hold anything."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return 0, 0
    return int(fields[11]) + int(fields[12]), int(fields[17])


def _memory(pid: str) -> tuple[int, int, int]:
    """Bytes of private pages, of a part of each shared page, and of all of the shared pages."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            rows = {words[0]: int(words[1]) * 1024 for words in map(str.split, file) if words[2:] == ["kB"]}
    except PermissionError:
        return _resident(pid), 0, 0
    except OSError:
        return 0, 0, 0
    private = rows.get("Private_Clean:", 0) + rows.get("Private_Dirty:", 0)
    return private, rows.get("Pss:", 0) - private, rows.get("Rss:", 0) - private


def _resident(pid: str) -> int:
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * _PAGE
    except OSError:
        return 0


def _entries(directories: Iterable[str]) -> Iterator[os.stat_result | None]:
    """Every entry below, by descriptors, for a path can be too long to be opened; None where it is too deep."""
    levels = [_scan(path) for path in directories]
    shallow = len(levels)
    try:
        while levels:
            descriptor, entries = levels[-1]
            entry = next(entries, None)
            if entry is None:
                os.close(levels.pop()[0])
                continue
            found = _lstat(entry)
            if found is None:
                continue
            yield found
            if stat.S_ISDIR(found.st_mode):
                if len(levels) - shallow > _MAX_DEPTH:
                    yield None
                    return
                levels.append(_scan(entry.name, descriptor))
    finally:
        for descriptor, _ in levels:
            os.close(descriptor)


def _scan(name: str, parent: int | None = None) -> tuple[int, Iterator["os.DirEntry[str]"]]:
    """An open directory and what is in it; nothing where it is gone, or closed to its own user."""
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    except OSError:
        return os.open("/", os.O_PATH | os.O_CLOEXEC), iter(())
    return descriptor, iter(os.scandir(descriptor))


def _lstat(entry: "os.DirEntry[str]") -> os.stat_result | None:
    try:
        return entry.stat(follow_symlinks=False)
    except OSError:
        return None


def _unlinked(pid: str) -> int:
    total = 0
    try:
        names = os.listdir(f"/proc/{pid}/fd")
    except OSError:
        return 0
    for name in names:
        try:
            found = os.stat(f"/proc/{pid}/fd/{name}")
        except OSError:
            continue
        if stat.S_ISREG(found.st_mode) and not found.st_nlink:
            total += found.st_blocks * _BLOCK
    return total
