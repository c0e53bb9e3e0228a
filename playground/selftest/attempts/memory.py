"""Against memory: more than a run may have, in places where it might not be counted."""

from playground.selftest.attempt import Attempt, Snippet
from playground.selftest.layers import KERNEL, LANDLOCK, MEMORY, REFUSED, RLIMIT, SCRATCH

_ENDS = {"memory_limit": MEMORY}

ATTEMPTS = (
    Attempt(
        "hoarding ends at the limit",
        Snippet(
            """
            def hoard():
                kept = []
                while True: kept.append(bytearray(10_000_000))
            attempt(hoard)
            """
        ),
        {**_ENDS, "MemoryError": RLIMIT},
    ),
    Attempt(
        "one object larger than the machine is refused",
        Snippet("attempt(lambda: len(bytearray(1 << 50)))"),
        {"MemoryError": KERNEL},
    ),
    Attempt(
        "what children hoard is counted together",
        Snippet(
            """
            share = planted["limits"]["memory"] // 3
            for _ in range(4):
                if os.fork() == 0:
                    hoard = bytearray(os.urandom(1)) * share
                    os.read(os.pipe()[0], 1)
            ended, status = os.wait()
            report(f"child ended with {os.waitstatus_to_exitcode(status)}")
            """
        ),
        {**_ENDS, "child ended with -9": MEMORY, "child ended with 1": MEMORY},
    ),
    Attempt(
        "shared anonymous memory is counted",
        Snippet(
            """
            import mmap
            size = 2 * planted["limits"]["memory"]
            shared = mmap.mmap(-1, size)
            for start in range(0, size, mmap.PAGESIZE):
                shared[start] = 1
            """
        ),
        _ENDS,
    ),
    Attempt(
        "files in memory that have no name are counted",
        Snippet(
            """
            def fill():
                for _ in range(64):
                    file = os.memfd_create("hoard")
                    for _ in range(planted["limits"]["memory"] // (32 << 20)):
                        os.write(file, bytes(1 << 20))
            attempt(fill)
            """
        ),
        {**_ENDS, **REFUSED},
    ),
    Attempt(
        "files in shared memory are counted",
        Snippet(
            """
            def fill():
                with open("/dev/shm/hoard", "wb") as file:
                    while True: file.write(bytes(1 << 20))
            attempt(fill)
            """
        ),
        {**_ENDS, "ENOSPC": SCRATCH, "EACCES": LANDLOCK},
    ),
    Attempt(
        "segments of System V are counted",
        Snippet(
            """
            libc.shmat.restype = ctypes.c_void_p
            size = planted["limits"]["memory"] // 4
            for _ in range(8):
                segment = libc.shmget(0, ctypes.c_size_t(size), 0o1600)
                if segment < 0:
                    report(errno.errorcode[ctypes.get_errno()])
                    break
                ctypes.memset(libc.shmat(segment, None, 0), 1, size)
            """
        ),
        {**_ENDS, **REFUSED, "ENOSPC": KERNEL, "killed": MEMORY},
    ),
    Attempt(
        "what lies in pipes is bounded",
        Snippet(
            """
            import fcntl
            def fill():
                while True:
                    _, end = os.pipe()
                    os.set_blocking(end, False)
                    fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, 1 << 20)
                    os.write(end, bytes(1 << 20))
            attempt(fill)
            """
        ),
        {**_ENDS, "EPERM": KERNEL, "EMFILE": RLIMIT, "EBUSY": KERNEL},
    ),
    Attempt(
        "locking memory is bounded",
        Snippet(
            """
            locked = ctypes.create_string_buffer(1 << 24)
            report("reached" if libc.mlock(locked, len(locked)) == 0 else errno.errorcode[ctypes.get_errno()])
            """
        ),
        {"ENOMEM": RLIMIT, "EPERM": RLIMIT, "EAGAIN": RLIMIT},
    ),
    Attempt(
        "open files are bounded",
        Snippet("attempt(lambda: [os.open('/dev/null', os.O_RDONLY) for _ in range(100_000)])"),
        {"EMFILE": RLIMIT},
    ),
    Attempt(
        "a limit cannot be raised",
        Snippet(
            """
            import resource
            for kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_MEMLOCK, resource.RLIMIT_CORE):
                attempt(resource.setrlimit, kind, (1 << 30, 1 << 30))
            """
        ),
        {"ValueError": RLIMIT, "EPERM": RLIMIT},
    ),
)
