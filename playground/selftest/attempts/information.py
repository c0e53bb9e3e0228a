"""Against what nobody need know: secrets of the server, what the machine is, who else is there."""

from playground.selftest.attempt import Attempt, Snippet
from playground.selftest.layers import (
    CAPABILITIES,
    CGROUP,
    FORK_SERVER,
    MOUNT,
    NET,
    PERMISSIONS,
    PID,
    REFUSED,
    UNSEEN,
    UTS,
)

ATTEMPTS = (
    Attempt(
        "the data directory and the key in it cannot be read",
        Snippet(
            """
            for name in ("data file", "data directory", "secret key"):
                attempt(read, planted[name])
            attempt(read, planted["data directory"] + "/playground.db")
            """
        ),
        UNSEEN,
    ),
    Attempt(
        "files of the host's that anyone may read cannot be read",
        Snippet("for path in (*planted['public files'], planted['public directory']): attempt(read, path)"),
        UNSEEN,
    ),
    Attempt(
        "whether a file of the host's exists is not told",
        Snippet("for path in (*planted['public files'], planted['data file'], '/etc/shadow'): attempt(os.lstat, path)"),
        UNSEEN,
        weaker={"reached": "names and sizes of files are visible"},
    ),
    Attempt(
        "accounts and homes of the host's cannot be read",
        Snippet(
            """
            paths = ("/etc/shadow", "/etc/sudoers", "/etc/ssh", "/root", "/var/log", "/run/secrets")
            for path in (*paths, "/var/run/secrets/kubernetes.io/serviceaccount/token", "/boot", "/srv"):
                attempt(read, path)
            """
        ),
        UNSEEN,
    ),
    Attempt(
        "nothing of the server's environment is inherited",
        Snippet(
            """
            with open("/proc/self/environ") as file: first = file.read()
            names = [name for name in os.environ if name.startswith("PLAYGROUND_")]
            report("reached" if names or "PLAYGROUND_" in first else "nothing")
            """
        ),
        {"nothing": FORK_SERVER},
    ),
    Attempt(
        "environment, memory and maps of other processes cannot be read",
        Snippet(
            """
            for pid in (1, planted["process"]):
                for name in ("environ", "maps", "cwd", "root", "stack", "syscall", "auxv"):
                    path = f"/proc/{pid}/{name}"
                    attempt(os.readlink if name in {"cwd", "root"} else read, path)
            """
        ),
        {"EACCES": PERMISSIONS, "EPERM": PERMISSIONS, "ENOENT": PID},
    ),
    Attempt(
        "command lines of the server's processes cannot be read",
        Snippet(
            """
            for pid in (1, planted["process"]):
                try: report("server" if b"canary-" in read(f"/proc/{pid}/cmdline") else "no server")
                except OSError as error: report(errno.errorcode[error.errno])
            """
        ),
        {"no server": PID, "ENOENT": PID, "EACCES": PERMISSIONS},
        weaker={"server": "command lines of processes are visible"},
    ),
    Attempt(
        "no process of others is listed",
        Snippet(
            """
            there = [name for name in os.listdir("/proc") if name.isdigit()]
            report("own processes" if len(there) <= 2 else f"{len(there)} processes")
            """
        ),
        {"own processes": PID},
        weaker={"* processes": "names of processes are visible"},
    ),
    Attempt(
        "the machine's name is not told",
        Snippet(
            """
            import socket
            report("another name" if socket.gethostname() == "playground" else "reached")
            """
        ),
        {"another name": UTS},
        weaker={"reached": "the container's name is visible"},
    ),
    Attempt(
        "what identifies the machine cannot be read",
        Snippet(
            """
            for path in ("/etc/machine-id", "/var/lib/dbus/machine-id", "/sys/class/dmi/id/product_uuid", "/sys"):
                attempt(read, path)
            """
        ),
        UNSEEN,
    ),
    Attempt(
        "the kernel's log cannot be read",
        Snippet(
            """
            for path in ("/dev/kmsg", "/proc/kmsg"):
                attempt(read, path)
            call("syslog", 3, ctypes.create_string_buffer(100), 100)
            """
        ),
        {**UNSEEN, **REFUSED},
    ),
    Attempt(
        "addresses of the kernel are not told",
        Snippet(
            """
            import re
            def addresses(path):
                with open(path) as file:
                    found = re.findall(r"\\b(?:0x)?([0-9a-f]{16})\\b", file.read(1_000_000))
                report("zeros" if not any(int(one, 16) for one in found) else "addresses")
            for path in ("kallsyms", "modules", "iomem", "vmallocinfo", "timer_list", "self/stack", "kcore"):
                try: addresses(f"/proc/{path}")
                except OSError as error: report(errno.errorcode[error.errno])
            """
        ),
        {"zeros": CAPABILITIES, "EACCES": PERMISSIONS, "EPERM": PERMISSIONS, "ENOENT": PERMISSIONS},
    ),
    Attempt(
        "mounts say nothing of where the host keeps data",
        Snippet(
            """
            with open("/proc/self/mountinfo") as file: mounts = file.read()
            report("reached" if planted["data directory"] in mounts else "nothing")
            """
        ),
        {"nothing": MOUNT},
        weaker={"reached": "places of volumes are visible"},
    ),
    Attempt(
        "control groups say nothing of where the server stands",
        Snippet(
            """
            import re
            with open("/proc/self/cgroup") as file: paths = {line.split(":")[2].strip() for line in file}
            known = all(re.fullmatch(r"/(playground-\\d+/run-\\d+)?", path) for path in paths)
            report("its own group" if known else f"paths {sorted(paths)}")
            """
        ),
        {"its own group": CGROUP},
        weaker={"paths *": "paths of control groups are visible"},
    ),
    Attempt(
        "the host's connections and interfaces are not listed",
        Snippet(
            """
            import socket
            rows = 0
            for name in ("tcp", "tcp6", "udp", "udp6", "arp", "route"):
                try:
                    with open(f"/proc/net/{name}") as file: rows += max(0, len(file.readlines()) - 1)
                except OSError: continue
            report("none" if rows == 0 else f"{rows} connections")
            """
        ),
        {"none": NET},
        weaker={"* connections": "connections of the container are listed"},
    ),
    Attempt(
        "the memory of a run holds nothing of the run before it",
        Snippet(
            """
            import re
            wanted = re.compile(b"[l]eft-by-the-run-before")  # which is not what it finds
            met = "nothing"
            with open("/proc/self/maps") as file: rows = file.readlines()
            with open("/proc/self/mem", "rb", buffering=0) as memory:
                for row in rows:
                    span, rights, *_, name = [*row.split(), ""]
                    start, end = (int(part, 16) for part in span.split("-"))
                    if "rw" not in rights or "[v" in row or end - start > 1 << 28:
                        continue
                    try:
                        memory.seek(start)
                        if wanted.search(memory.read(end - start)): met = "reached"
                    except OSError: continue
            report(met)
            """,
            before="""
            import torch
            kept = [f"left-by-the-run-before {number}" for number in range(1000)]
            print(torch.tensor(list(kept[0].encode())).sum())
            """,
        ),
        {"nothing": FORK_SERVER},
    ),
    Attempt(
        "device nodes are those that everyone may have",
        Snippet(
            """
            harmless = {"null", "zero", "full", "random", "urandom", "fd", "stdin", "stdout", "stderr", "shm"}
            there = set(names("/dev")) - harmless
            gpu = {name for name in there if name.startswith("nvidia")}
            report("harmless" if not there - gpu else f"others {sorted(there - gpu)}")
            for name in ("mem", "kvm", "fuse", "sda", "vda", "nvme0n1", "tty", "ptmx", "vsock", "net/tun"):
                try: os.close(os.open(f"/dev/{name}", os.O_RDWR))
                except OSError as error: report(errno.errorcode[error.errno])
                else: report("reached")
            """
        ),
        {"harmless": MOUNT, **UNSEEN},
        weaker={"others *": "names of devices are visible"},
    ),
)
