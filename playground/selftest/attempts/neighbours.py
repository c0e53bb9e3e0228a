"""Against the network and the neighbours: listeners of the host's, other runs, the way out."""

from playground.selftest.attempt import Attempt, Snippet
from playground.selftest.layers import IPC, LANDLOCK, MOUNT, NET, PID, REFUSED, SECCOMP, UNREACHED, UNSEEN

_NO_SOCKET = {**REFUSED, "EACCES": SECCOMP, "EAFNOSUPPORT": SECCOMP}
_NO_SEGMENT = {**REFUSED, "ENOENT": IPC, "EINVAL": IPC, "EIDRM": IPC}

ATTEMPTS = (
    Attempt(
        "no listener on the loopback is reached by TCP",
        Snippet(
            """
            import socket
            attempt(socket.create_connection, ("127.0.0.1", planted["tcp"]), 1)
            attempt(socket.create_connection, ("::1", planted["tcp6"]), 1)
            attempt(socket.create_connection, ("localhost", planted["tcp"]), 1)
            """
        ),
        {**_NO_SOCKET, "gaierror": NET},
    ),
    Attempt(
        "nothing is sent by UDP",
        Snippet(
            """
            import socket
            def send(family, address):
                with socket.socket(family, socket.SOCK_DGRAM) as one:
                    one.sendto(b"here", (address, planted["udp"]))
            attempt(send, socket.AF_INET, "127.0.0.1")
            attempt(send, socket.AF_INET6, "::1")
            """
        ),
        _NO_SOCKET,
    ),
    Attempt(
        "no other socket can be made: raw, packet, netlink, vsock, AF_ALG",
        Snippet(
            """
            import socket
            attempt(socket.socket, socket.AF_INET, socket.SOCK_RAW, 1)
            for family in range(2, 50):
                attempt(socket.socket, family, socket.SOCK_RAW)
                attempt(socket.socket, family, socket.SOCK_DGRAM)
            """
        ),
        _NO_SOCKET,
    ),
    Attempt(
        "no name is resolved",
        Snippet(
            """
            import socket
            attempt(socket.getaddrinfo, "example.com", 80)
            attempt(socket.gethostbyname, "metadata.google.internal")
            """
        ),
        {"gaierror": NET, "EPERM": SECCOMP, "ENOSYS": SECCOMP, "EAI_*": NET, "ENOENT": NET},
    ),
    Attempt(
        "the metadata service of a cloud is not reached",
        Snippet(
            """
            import socket, urllib.request
            attempt(socket.create_connection, ("169.254.169.254", 80), 1)
            attempt(urllib.request.urlopen, "http://169.254.169.254/latest/meta-data/", None, 1)
            """
        ),
        {**_NO_SOCKET, "URLError": SECCOMP},
    ),
    Attempt(
        "an abstract socket of the host's is not reached",
        Snippet(
            """
            import socket
            attempt(socket.socket(socket.AF_UNIX).connect, "\\0" + planted["abstract socket"])
            """
        ),
        {"ECONNREFUSED": NET, "EPERM": LANDLOCK},
    ),
    Attempt(
        "a socket of the host's that anyone may open is not reached by its path",
        Snippet(
            """
            import socket
            attempt(socket.socket(socket.AF_UNIX).connect, planted["unix socket"])
            """
        ),
        UNREACHED,
    ),
    Attempt(
        "the runner's own socket is not reached",
        Snippet(
            """
            import socket
            attempt(socket.socket(socket.AF_UNIX).connect, planted["runner socket"])
            """
        ),
        UNSEEN,
    ),
    Attempt(
        "the sockets of container engines and of the system are not reached",
        Snippet(
            """
            import socket
            paths = ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/dev/log")
            for path in (*paths, "/run/podman/podman.sock", "/run/dbus/system_bus_socket", "/run/systemd/private"):
                attempt(socket.socket(socket.AF_UNIX).connect, path)
            """
        ),
        UNSEEN,
    ),
    Attempt(
        "files of a run beside it are not reached",
        Snippet(
            """
            for path in neighbour:
                attempt(read, path)
            """,
            beside="""
            import tempfile, time
            names = [f"{place}/left-by-a-neighbour" for place in (os.getcwd(), tempfile.gettempdir())]
            for name in names:
                with open(name, "w") as file: file.write("canary")
            print(json.dumps(names), flush=True)
            time.sleep(1000)
            """,
        ),
        UNSEEN,
    ),
    Attempt(
        "processes of a run beside it are not seen or reached",
        Snippet(
            """
            import signal
            there = {int(name) for name in os.listdir("/proc") if name.isdigit()}
            report(f"{len(there)} processes" if len(there) > 2 else "own processes")
            for pid in {*there, *range(3, 1000)} - {1, os.getpid()}:
                try: os.kill(pid, signal.SIGKILL)
                except OSError: continue
                report("reached")
            """,
            beside="""
            import time
            for _ in range(5):
                if os.fork() == 0: time.sleep(1000)
            print(json.dumps(os.getpid()), flush=True)
            time.sleep(1000)
            """,
        ),
        {"own processes": PID},
        weaker={"* processes": "names of processes are visible"},
    ),
    Attempt(
        "an abstract socket of a run beside it is not reached",
        Snippet(
            """
            import socket
            attempt(socket.socket(socket.AF_UNIX).connect, neighbour)
            """,
            beside="""
            import socket, time
            with socket.socket(socket.AF_UNIX) as one:
                one.bind("\\0neighbour")
                one.listen()
                print(json.dumps("\\0neighbour"), flush=True)
                time.sleep(1000)
            """,
        ),
        {"ECONNREFUSED": NET, "EPERM": LANDLOCK},
    ),
    Attempt(
        "shared memory, semaphores and queues of a run beside it are not reached",
        Snippet(
            """
            def met(result):
                report("reached" if result >= 0 else errno.errorcode[ctypes.get_errno()])
            met(libc.shmget(neighbour, 4096, 0))
            met(libc.semget(neighbour, 1, 0))
            met(libc.msgget(neighbour, 0))
            met(libc.mq_open(b"/neighbour", 0))
            attempt(read, "/dev/shm/neighbour")
            """,
            beside="""
            import time
            key, create = 4711, 0o1666
            libc.shmget(key, 4096, create)
            libc.semget(key, 1, create)
            libc.msgget(key, create)
            libc.mq_open(b"/neighbour", 0o102, 0o666, None)
            try:
                with open("/dev/shm/neighbour", "w") as file: file.write("canary")
            except OSError: pass
            print(json.dumps(key), flush=True)
            time.sleep(1000)
            """,
        ),
        {**_NO_SEGMENT, **UNSEEN},
    ),
    Attempt(
        "shared memory of the host's is not reached",
        Snippet(
            """
            where = planted["shared memory"]
            libc.shmat.restype = ctypes.c_void_p
            segment = libc.shmget(where["key"], 4096, 0)
            report("reached" if segment >= 0 else errno.errorcode[ctypes.get_errno()])
            for identifier in (where["id"], *range(100)):
                address = libc.shmat(identifier, None, 0)
                if address in (None, ctypes.c_void_p(-1).value):
                    report(errno.errorcode[ctypes.get_errno()])
                else:
                    print(ctypes.string_at(address, 100))
                    report("reached")
            """
        ),
        _NO_SEGMENT,
    ),
    Attempt(
        "files in the host's shared memory are not reached",
        Snippet(
            """
            for path in planted["public files"]:
                if path.startswith("/dev/shm"):
                    attempt(read, path)
            report(f"{len(names('/dev/shm'))} files")
            """
        ),
        {**UNSEEN, "0 files": MOUNT},
    ),
)
