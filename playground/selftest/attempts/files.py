"""Against files: those of the host, and whoever collects what a run left behind."""

from playground.selftest.attempt import Attempt, Snippet
from playground.selftest.layers import (
    CAPABILITIES,
    COLLECTING,
    KERNEL,
    LANDLOCK,
    MOUNT,
    PERMISSIONS,
    RLIMIT,
    SCRATCH,
    UNSEEN,
    UNWRITABLE,
)

_FULL = {"disk_limit": SCRATCH, "ENOSPC": SCRATCH, "EFBIG": RLIMIT}
_KEPT = {"kept kept.txt": COLLECTING}

ATTEMPTS = (
    Attempt(
        "a symlink to a file of the host's is not followed into an artefact",
        Snippet(
            """
            open("kept.txt", "w").write("kept")
            for number, path in enumerate((planted["data file"], *planted["public files"], "/etc/passwd")):
                os.symlink(path, f"link{number}")
            """
        ),
        _KEPT,
    ),
    Attempt(
        "a symlink to a directory of the host's is not entered",
        Snippet(
            """
            open("kept.txt", "w").write("kept")
            places = (planted["public directory"], planted["data directory"], "/", "/proc/1/root")
            for number, path in enumerate(places):
                os.symlink(path, f"link{number}")
            """
        ),
        _KEPT,
    ),
    Attempt(
        "a hard link to a file of the host's cannot be made",
        Snippet(
            """
            for path in (planted["data file"], *planted["public files"]):
                attempt(os.link, path, "linked")
            """
        ),
        {**UNSEEN, "EXDEV": MOUNT},
    ),
    Attempt(
        "pipes, sockets and devices among the files hold nobody up",
        Snippet(
            """
            import socket
            open("kept.txt", "w").write("kept")
            os.mkfifo("pipe")
            socket.socket(socket.AF_UNIX).bind("socket")
            os.symlink("/dev/zero", "endless")
            os.symlink("loop", "loop")
            """
        ),
        _KEPT,
    ),
    Attempt(
        "no device can be made",
        Snippet(
            """
            import stat
            for name, kind, device in (("disk", stat.S_IFBLK, (8, 0)), ("memory", stat.S_IFCHR, (1, 1))):
                attempt(os.mknod, name, kind | 0o666, os.makedev(*device))
            """
        ),
        {"EPERM": CAPABILITIES, "EACCES": LANDLOCK},
    ),
    Attempt(
        "a sparse file of a terabyte is not collected",
        Snippet(
            """
            open("kept.txt", "w").write("kept")
            with open("sparse", "wb") as file:
                try: file.truncate(1 << 40)
                except OSError as error:
                    report(errno.errorcode[error.errno])
                    os.remove("sparse")
            """
        ),
        {**_KEPT, "EFBIG": RLIMIT},
    ),
    Attempt(
        "directories nested deeper than any path are left behind",
        Snippet(
            """
            open("kept.txt", "w").write("kept")
            for _ in range(1000):
                os.mkdir("d" * 200)
                os.chdir("d" * 200)
            open("deepest.txt", "w").write("lost")
            """
        ),
        {**_KEPT, "disk_limit": SCRATCH},
    ),
    Attempt(
        "of very many files a few are kept",
        Snippet("for number in range(5000): open(f'part{number}', 'w').write('x')"),
        {"kept part*": COLLECTING},
    ),
    Attempt(
        "files larger than may be kept are left behind",
        Snippet(
            """
            open("a", "w").write("small")
            with open("big", "wb") as file:
                for _ in range(40): file.write(bytes(1 << 20))
            """
        ),
        {"kept a": COLLECTING, "kept big": COLLECTING, "disk_limit": SCRATCH},
    ),
    Attempt(
        "names with control characters, or that are no text, are left behind",
        Snippet(
            """
            open("kept.txt", "w").write("kept")
            for name in ("new\\nline", "\\x1b[31mred", "back\\\\..\\\\slash", "right\\u202eto left", b"\\xff\\xfe"):
                with open(name, "wb") as file: file.write(b"x")
            """
        ),
        {**_KEPT, "kept back*slash": COLLECTING},
    ),
    Attempt(
        "a directory swapped for a link while it is collected is not followed",
        Snippet(
            """
            os.mkdir("swapped")
            open("swapped/inner.txt", "w").write("kept")
            open("kept.txt", "w").write("kept")
            if os.fork() == 0:
                while True:
                    os.rename("swapped", "aside")
                    os.symlink(planted["public directory"], "swapped")
                    os.remove("swapped")
                    os.rename("aside", "swapped")
            """
        ),
        {**_KEPT, "kept swapped/inner.txt": COLLECTING, "kept aside/inner.txt": COLLECTING},
    ),
    Attempt(
        "the home itself cannot be swapped for a link",
        Snippet(
            """
            home = os.getcwd()
            def swap():
                os.rename(home, home + "-aside")
                os.symlink(planted["public directory"], home)
            attempt(swap)
            """
        ),
        {"EROFS": MOUNT, "EBUSY": MOUNT, "EACCES": LANDLOCK, "EXDEV": LANDLOCK, "EPERM": PERMISSIONS},
    ),
    Attempt(
        "a home that nobody may read holds nobody up",
        Snippet(
            """
            os.mkdir("closed")
            open("closed/x", "w").write("x")
            os.chmod("closed", 0)
            os.chmod(".", 0)
            """
        ),
        {"ok": COLLECTING, "kept closed/x": COLLECTING},
    ),
    Attempt(
        "filling the disk ends at the limit",
        Snippet(
            """
            def fill():
                with open("big", "wb") as file:
                    while True: file.write(bytes(1 << 20))
            attempt(fill)
            os.remove("big")
            """
        ),
        _FULL,
    ),
    Attempt(
        "filling the disk through a file without a name ends at the limit",
        Snippet(
            """
            def fill():
                with open("nameless", "wb") as file:
                    os.remove("nameless")
                    while True: file.write(bytes(1 << 20))
            attempt(fill)
            """
        ),
        _FULL,
    ),
    Attempt(
        "reserving the disk without writing ends at the limit",
        Snippet(
            """
            with open("reserved", "wb") as file:
                attempt(os.posix_fallocate, file.fileno(), 0, 1 << 42)
            os.remove("reserved")
            """
        ),
        _FULL,
    ),
    Attempt(
        "using up the inodes ends at the limit",
        Snippet(
            """
            import itertools, tempfile
            there = tempfile.gettempdir()
            for number in itertools.count():
                os.mkdir(f"{there}/{number}")
            """
        ),
        _FULL,
    ),
    Attempt(
        "nothing can be written outside",
        Snippet(
            """
            places = ("/", "/etc", "/usr/bin", "/var/tmp", "/root", "/dev", "/proc", "/sys", "/proc/sys/kernel")
            for place in (*places, planted["data directory"], planted["public directory"]):
                attempt(open, f"{place}/planted", "w")
            for path in planted["public files"]:
                attempt(open, path, "a")
                attempt(os.truncate, path, 0)
                attempt(os.remove, path)
                attempt(os.chmod, path, 0)
            """
        ),
        UNWRITABLE,
    ),
    Attempt(
        "Python, its libraries and this program cannot be changed for later runs",
        Snippet(
            """
            import torch, playground
            for path in (os.__file__, torch.__file__, playground.__file__, sys.executable, "/bin/sh"):
                attempt(open, path, "r+b")
                attempt(os.rename, path, path + "-aside")
                attempt(open, os.path.dirname(path) + "/planted.py", "w")
            """
        ),
        UNWRITABLE,
    ),
    Attempt(
        "settings of the kernel cannot be written",
        Snippet(
            """
            for path in ("sys/kernel/core_pattern", "sys/kernel/modprobe", "sys/vm/drop_caches", "sysrq-trigger"):
                attempt(open, f"/proc/{path}", "w")
            """
        ),
        UNWRITABLE,
    ),
    Attempt(
        "climbing above the root leads nowhere",
        Snippet("attempt(read, '/' + '../' * 50 + planted['public files'][0].lstrip('/'))"),
        UNSEEN,
    ),
    Attempt(
        "no descriptor leads outside",
        Snippet(
            """
            import stat, tempfile
            own = (os.getcwd(), tempfile.gettempdir(), "/dev/null", "/memfd:", "pipe:", "socket:", "/proc/")
            for number in map(int, os.listdir("/proc/self/fd")):
                try: target = os.readlink(f"/proc/self/fd/{number}")
                except OSError: continue
                if not target.startswith(own):
                    report(f"reached {target}")
                attempt(os.open, "..", os.O_RDONLY, 0o600) if stat.S_ISDIR(os.fstat(number).st_mode) else None
            report("own")
            """
        ),
        {"own": KERNEL},
    ),
)
