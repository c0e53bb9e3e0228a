"""Against processes: more than there may be, some that outlive the run, signals to those of others."""

from playground.selftest.attempt import Attempt, Snippet
from playground.selftest.layers import CAPABILITIES, KERNEL, LANDLOCK, PERMISSIONS, PID, PROCESSES, REFUSED

_ENDS = {"process_limit": PROCESSES}
_UNREACHED = {"ESRCH": PID, "EPERM": LANDLOCK}

ATTEMPTS = (
    Attempt(
        "a fork bomb ends at the limit",
        Snippet(
            """
            while True:
                try: os.fork()
                except OSError: pass
            """,
            timeout_s=2,
        ),
        {**_ENDS, "timeout": PROCESSES},
    ),
    Attempt(
        "threads without end are refused",
        Snippet(
            """
            import threading, time
            while True:
                threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
            """
        ),
        _ENDS,
    ),
    Attempt(
        "a daemon forked twice, in a session of its own, does not outlive the run",
        Snippet(
            """
            import subprocess
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.execvp("sleep", [planted["marker"], "1000"])
                os._exit(0)
            os.wait()
            report("left behind")
            """
        ),
        {"left behind": PID},
    ),
    Attempt(
        "processes that ignore every signal do not outlive the run",
        Snippet(
            """
            import signal
            for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
                signal.signal(number, signal.SIG_IGN)
            for _ in range(5):
                if os.fork() == 0:
                    os.setpgid(0, 0)
                    os.execvp("sleep", [planted["marker"], "1000"])
            report("left behind")
            """
        ),
        {"left behind": PID},
    ),
    Attempt(
        "a process that adopts its grandchildren does not outlive the run",
        Snippet(
            """
            set_child_subreaper = 36
            libc.prctl(set_child_subreaper, 1, 0, 0, 0)
            if os.fork() == 0:
                for _ in range(3):
                    if os.fork() == 0:
                        os.execvp("sleep", [planted["marker"], "1000"])
                while True: os.read(os.pipe()[0], 1)
            report("left behind")
            os._exit(0)
            """
        ),
        {"left behind": PID},
    ),
    Attempt(
        "a process with a death signal of its own choice does not outlive the run",
        Snippet(
            """
            import signal
            set_death_signal = 1
            if os.fork() == 0:
                libc.prctl(set_death_signal, signal.SIGCONT, 0, 0, 0)
                os.execvp("sleep", [planted["marker"], "1000"])
            report("left behind")
            os.abort()
            """
        ),
        {"left behind": PID, "killed": PID},
    ),
    Attempt(
        "killing everything in reach reaches nothing of others",
        Snippet(
            """
            import signal
            for pid in (-1, *range(1, 5000)):
                if pid != os.getpid():
                    try: os.kill(pid, signal.SIGKILL)
                    except OSError: pass
            report("alive")
            """
        ),
        {"alive": PID},
    ),
    Attempt(
        "a process of the host's cannot be sent a signal",
        Snippet(
            """
            import signal
            for number in (0, signal.SIGSTOP, signal.SIGKILL):
                attempt(os.kill, planted["process"], number)
            attempt(os.pidfd_open, planted["process"])
            """
        ),
        _UNREACHED | {"EINVAL": PID},
        container={"reached": LANDLOCK},
    ),
    Attempt(
        "the first process of the run cannot be stopped or killed",
        Snippet(
            """
            import signal
            for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
                attempt(os.kill, 1, number)
            """
        ),
        _UNREACHED,
    ),
    Attempt(
        "no process can be traced",
        Snippet(
            """
            attach, seize = 16, 0x4206
            for pid in (1, os.getppid(), planted["process"]):
                call("ptrace", attach, pid, 0, 0)
                call("ptrace", seize, pid, 0, 0)
            """
        ),
        REFUSED,
    ),
    Attempt(
        "the memory of another process cannot be read or written",
        Snippet(
            """
            for pid in (1, os.getppid(), planted["process"]):
                call("process_vm_readv", pid, 0, 0, 0, 0, 0)
                call("process_vm_writev", pid, 0, 0, 0, 0, 0)
                attempt(open, f"/proc/{pid}/mem", "r+b")
            """
        ),
        {**REFUSED, "EACCES": LANDLOCK, "ENOENT": PID},
    ),
    Attempt(
        "descriptors of another process cannot be taken",
        Snippet(
            """
            own = os.pidfd_open(os.getpid())
            call("pidfd_getfd", own, 0, 0)
            attempt(os.listdir, "/proc/1/fd")
            attempt(os.listdir, f"/proc/{planted['process']}/fd")
            """
        ),
        {**REFUSED, "EACCES": PERMISSIONS, "ENOENT": PID},
    ),
    Attempt(
        "no priority above the others' can be had",
        Snippet(
            """
            attempt(os.nice, -20)
            attempt(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(50))
            attempt(lambda: open("/proc/self/oom_score_adj", "w").write("-1000"))
            """
        ),
        {"EPERM": CAPABILITIES, "EACCES": LANDLOCK, "EINVAL": KERNEL},
    ),
    Attempt(
        "nobody becomes root",
        Snippet(
            """
            for action in (os.setuid, os.setgid, os.seteuid):
                attempt(action, 0)
            attempt(os.setgroups, [0])
            attempt(os.setresuid, 0, 0, 0)
            """
        ),
        {"EPERM": CAPABILITIES},
    ),
    Attempt(
        "no capability can be gained",
        Snippet(
            """
            version_3, administrator = 0x20080522, 1 << 21
            header = (ctypes.c_uint32 * 2)(version_3, 0)
            call("capset", header, (ctypes.c_uint32 * 6)(administrator, administrator, administrator))
            ambient, raise_one = 47, 2
            if libc.prctl(ambient, raise_one, 21, 0, 0) == -1:
                report(errno.errorcode[ctypes.get_errno()])
            """
        ),
        {"EPERM": CAPABILITIES, "ENOSYS": "seccomp"},
    ),
    Attempt(
        "a program that is set-uid root is run as nobody special",
        Snippet(
            """
            import glob, stat, subprocess
            found = [path for path in glob.glob("/usr/bin/*") if os.stat(path).st_mode & stat.S_ISUID]
            show = "import os; print(os.geteuid())"
            copied = "copied"
            with open("/usr/bin/env", "rb") as source, open(copied, "wb") as target:
                target.write(source.read())
            os.chmod(copied, 0o6755)
            uid = subprocess.check_output([f"./{copied}", sys.executable, "-c", show], text=True).strip()
            report("reached" if uid == "0" else "no root")
            with open("/proc/self/status") as file:
                rows = dict(line.split(":", 1) for line in file)
            report(f"no_new_privs {rows['NoNewPrivs'].strip()}")
            os.remove(copied)
            """
        ),
        {"no root": CAPABILITIES, "no_new_privs 1": CAPABILITIES},
    ),
)
