"""The container tier: a user of its own for every run, inside the root of the container that the server runs in.

For a plain ``docker run``, whose default profile refuses namespaces and mounts. The container is the outer wall; these
keep runs from each other and from the server.
"""

from playground.sandbox.tiers import calls, full
from playground.sandbox.tiers.base import Bound, Tier

_FULL = {bound.name: bound for bound in full.TIER.bounds}

TIER = Tier(
    name="container",
    walls=("user per run", "landlock", "seccomp", "readable interpreter"),
    extras=("memory cgroup", "pids cgroup", "cpu cgroup"),
    directories=full.TIER.directories,
    files=(*full.TIER.files, "/etc/passwd", "/etc/group", "/etc/nsswitch.conf"),
    home="{run}/home",
    temporary="{run}/tmp",
    shared="",
    devices=full.TIER.devices,
    allowed=(*calls.FILES, *calls.MEMORY, *calls.WAITING, *calls.PROCESSES, *calls.SOCKETS),
    refused=(*calls.DANGEROUS, *calls.MOUNTS, *calls.IDENTITY, *calls.SHARED, "connect"),
    bounds=(
        _FULL["time"],
        _FULL["memory"],
        _FULL["processes"],
        _FULL["cores"],
        Bound("disk", "MiB", ("looking five times a second",), "disk_mb"),
        Bound("inodes", "files", ("looking five times a second",), "inodes"),
        Bound("file size", "MiB", ("RLIMIT_FSIZE",), "disk_mb"),
        _FULL["output"],
        _FULL["events"],
        _FULL["artifacts"],
        _FULL["artifact bytes"],
        _FULL["open files"],
        _FULL["locked memory"],
        _FULL["message queues"],
        _FULL["core dumps"],
    ),
    weaker=(
        "Names and command lines of all processes in the container can be read; their memory and environment cannot.",
        "Names and sizes of files, and places of volumes, can be looked up; what is in them can't be read.",
        "Memory is counted five times a second, not by the kernel: a fast hoarder passes the limit for a moment.",
        "Disk is counted five times a second: a tmpfs with size and nr_inodes as scratch directory is an exact limit.",
        "There is no shared memory: multiprocessing's locks and queues, and DataLoader workers, fail with a message.",
        "Unix sockets come in pairs only: no other can be connected to, not even the snippet's own.",
        "The network is refused by seccomp and Landlock, not absent: the container's interfaces can be listed.",
        "The host name and the time zone are the container's.",
    ),
)
