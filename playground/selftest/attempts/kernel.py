"""Against the kernel: the calls through which others have left their sandboxes."""

from playground.selftest.attempt import Attempt, Snippet
from playground.selftest.layers import REFUSED, SECCOMP

ATTEMPTS = (
    Attempt(
        "no namespace can be made or joined",
        Snippet(
            """
            new_user, new_mount, new_pid, child = 0x10000000, 0x20000, 0x20000000, 17
            for flags in (new_user, new_user | new_mount, new_pid):
                call("unshare", flags)
                call("clone", flags | child, 0, 0, 0, 0)
            call("clone3", (ctypes.c_uint64 * 11)(new_user), 88)
            call("setns", os.open("/proc/self/ns/user", os.O_RDONLY), 0)
            """
        ),
        REFUSED,
    ),
    Attempt(
        "nothing can be mounted, and the root cannot be changed",
        Snippet(
            """
            path = os.getcwd().encode()
            call("mount", b"none", path, b"tmpfs", 0, 0)
            call("umount2", b"/proc", 2)
            call("pivot_root", path, path)
            call("chroot", path)
            call("open_tree", -100, b"/", 1)
            call("fsopen", b"tmpfs", 0)
            call("move_mount", -1, b"", -1, path, 4)
            call("mount_setattr", -100, b"/", 0, 0, 0)
            """
        ),
        REFUSED,
    ),
    Attempt(
        "files cannot be opened by their handles, past every path",
        Snippet(
            """
            handle = ctypes.create_string_buffer(b"\\x08\\0\\0\\0\\x01\\0\\0\\0\\x02" + bytes(120))
            call("name_to_handle_at", -100, b"/", handle, ctypes.byref(ctypes.c_int()), 0)
            call("open_by_handle_at", os.open(os.getcwd(), os.O_RDONLY), handle, 0)
            """
        ),
        REFUSED,
    ),
    Attempt(
        "programs and rings of the kernel's cannot be had",
        Snippet(
            """
            call("bpf", 0, 0, 0)
            call("io_uring_setup", 8, ctypes.create_string_buffer(120))
            call("userfaultfd", 0)
            call("perf_event_open", ctypes.create_string_buffer(120), 0, -1, -1, 0)
            call("fanotify_init", 0, 0)
            call("memfd_secret", 0)
            call("personality", 0x0400000)
            """
        ),
        REFUSED,
    ),
    Attempt(
        "keyrings, which no namespace parts, cannot be reached",
        Snippet(
            """
            call("keyctl", 0, -5, 0, 0, 0)
            call("add_key", b"user", b"canary", b"x", 1, -5)
            """
        ),
        REFUSED,
    ),
    Attempt(
        "the kernel cannot be replaced, extended or restarted",
        Snippet(
            """
            call("init_module", b"", 0, b"")
            call("finit_module", -1, b"", 0)
            call("kexec_load", 0, 0, 0, 0)
            call("reboot", 0xFEE1DEAD, 672274793, 0x4321FEDC, 0)
            call("swapon", b"/dev/null", 0)
            call("acct", b"/dev/null")
            """
        ),
        REFUSED,
    ),
    Attempt(
        "clocks and names of the machine cannot be set",
        Snippet(
            """
            call("clock_settime", 0, (ctypes.c_long * 2)(0, 0))
            call("settimeofday", (ctypes.c_long * 2)(0, 0), 0)
            call("sethostname", b"canary", 6)
            call("setdomainname", b"canary", 6)
            """
        ),
        REFUSED,
    ),
    Attempt(
        "nothing can be typed into a terminal, nor with bits set that are ignored",
        Snippet(
            """
            type_into, linux_console = 0x5412, 0x541C
            for request in (type_into, linux_console, type_into | 1 << 32):
                if libc.ioctl(0, ctypes.c_ulong(request), ctypes.c_char_p(b"x")) == -1:
                    report(errno.errorcode[ctypes.get_errno()])
                else:
                    report("reached")
            """
        ),
        REFUSED,
    ),
    Attempt(
        "calls by the numbers of another architecture do not get past",
        Snippet(
            """
            import mmap, platform
            x32 = 0x40000000
            int_0x80 = bytes.fromhex("b814000000 cd80 c3".replace(" ", ""))  # mov eax, getpid; int 0x80; ret
            def by_x32():
                os._exit(libc.syscall(x32 | 272, 0x10000000) == 0)
            def by_interrupt():
                page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
                page.write(int_0x80)
                address = ctypes.addressof(ctypes.c_char.from_buffer(page))
                os._exit(ctypes.CFUNCTYPE(ctypes.c_int)(address)() > 0)
            for action in (by_x32, by_interrupt) if platform.machine() == "x86_64" else ():
                if os.fork() == 0:
                    action()
                code = os.waitstatus_to_exitcode(os.wait()[1])
                report("reached" if code == 1 else f"ended with {code}")
            report("tried")
            """
        ),
        {"ended with 0": SECCOMP, "ended with -31": SECCOMP, "tried": SECCOMP},
    ),
)
