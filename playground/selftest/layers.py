"""Names of what stops an attempt, and what several attempts have in common to meet."""

CAPABILITIES = "no capabilities"
CGROUP = "cgroup namespace"
COLLECTING = "collecting of files"
FORK_SERVER = "a fork of its own for each run"
IPC = "ipc namespace"
KERNEL = "the kernel's own check"
LANDLOCK = "landlock"
MESSAGES = "validation of messages"
MEMORY = "memory limit"
MOUNT = "mount namespace"
NET = "net namespace"
OUTPUT = "output limit"
PERMISSIONS = "file permissions"
PID = "pid namespace"
PROCESSES = "process limit"
RLIMIT = "resource limit"
RUNNER = "the runner"
SCRATCH = "size of the scratch space"
SECCOMP = "seccomp"
TIME = "time limit"
UTS = "uts namespace"
VALIDATION = "validation of the request"
WEB = "web tier"

IN_CONTAINER = {
    PID: "user per run",
    MOUNT: "nothing is there",
    NET: SECCOMP,
    IPC: SECCOMP,
    SCRATCH: "looking at the disk",
}
"""What does in the container tier what these do in the full tier."""

REFUSED = {"EPERM": SECCOMP, "ENOSYS": SECCOMP}
"""A call that is not on the list of seccomp's, or on that of the refused."""
UNSEEN = {"ENOENT": MOUNT, "EACCES": LANDLOCK, "EPERM": PERMISSIONS}
"""A file of the host's."""
UNREACHED = {"ENOENT": MOUNT, "EACCES": LANDLOCK, "EPERM": SECCOMP}
"""A socket of the host's with a path."""
UNWRITABLE = {"EROFS": MOUNT, "ENOENT": MOUNT, "EACCES": LANDLOCK, "EPERM": PERMISSIONS}
"""A place outside the run's own."""
