"""How to raise a wall that does not stand, by where the server runs: flags and settings to copy, not advice."""

import os
from pathlib import Path
from typing import Literal

Surroundings = Literal["docker", "podman", "kubernetes", "systemd", "host"]

_CAPABILITIES = " ".join(f"--cap-add {name}" for name in ("SETUID", "SETGID", "CHOWN", "KILL", "DAC_OVERRIDE"))
_NAMESPACES = {
    "docker": "docker run --cap-add SYS_ADMIN",
    "podman": "podman run --cap-add SYS_ADMIN --security-opt unmask=ALL",
    "kubernetes": "securityContext: {capabilities: {add: [SYS_ADMIN]}}",
    "systemd": "in the unit: User=root and RestrictNamespaces=no",
    "host": "run as root, or: sysctl -w user.max_user_namespaces=15000",
}
_USER = {
    "docker": f"docker run --user 0 {_CAPABILITIES}",
    "podman": f"podman run --user 0 {_CAPABILITIES}",
    "kubernetes": "securityContext: {runAsUser: 0, capabilities: {add: [SETUID, SETGID, CHOWN, KILL, DAC_OVERRIDE]}}",
    "systemd": "unit: User=root, CapabilityBoundingSet=CAP_SETUID CAP_SETGID CAP_CHOWN CAP_KILL CAP_DAC_OVERRIDE",
    "host": "run as root",
}
_GROUPS = {
    "docker": "none for a run alone; for all of them together: docker run --memory --pids-limit --cpus",
    "podman": "none for a run alone; for all of them together: podman run --memory --pids-limit --cpus",
    "kubernetes": "none for a run alone; for all of them together: resources.limits",
    "systemd": "in the unit: Delegate=yes",
    "host": "run as root, or with systemd-run --user --scope -p Delegate=yes",
}
_SCRATCH = {
    "docker": "docker run --tmpfs /tmp:exec,size=2g,nr_inodes=200k",
    "podman": "podman run --tmpfs /tmp:exec,size=2g,nr_inodes=200k",
    "kubernetes": "an emptyDir mounted at PLAYGROUND_SCRATCH_DIR",
}
_OTHER_SCRATCH = "mount the directory without noexec, or set PLAYGROUND_SCRATCH_DIR to another"
_COMPILERS = "install, as Debian names them, g++, binutils, openssl and the python3-dev of this Python"
_LANDLOCK = "a kernel of 5.13 or later with landlock in its lsm= list (cat /sys/kernel/security/lsm)"
_SECCOMP = "a kernel with CONFIG_SECCOMP_FILTER"
_SWITCHES = {
    "/proc/sys/kernel/unprivileged_userns_clone": ("0", "sysctl -w kernel.unprivileged_userns_clone=1"),
    "/proc/sys/user/max_user_namespaces": ("0", "sysctl -w user.max_user_namespaces=15000"),
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": (
        "1",
        "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
}
"""What distributions switch user namespaces off with: the value that does, and the command that undoes it."""


def surroundings() -> Surroundings:
    """Where this process runs."""
    if os.environ.get("KUBERNETES_SERVICE_HOST"):
        return "kubernetes"
    if Path("/.dockerenv").exists():
        return "docker"
    if Path("/run/.containerenv").exists():
        return "podman"
    return "systemd" if os.environ.get("INVOCATION_ID") else "host"


def remedy(layer: str, where: Surroundings, problem: str = "") -> str:
    """What would raise ``layer`` here; ``problem`` is what the attempt met."""
    if layer.endswith("namespace") or layer == "private root":
        return _namespaces(where)
    if layer.endswith("cgroup"):
        return _GROUPS[where]
    return {
        "user per run": _USER[where],
        "landlock": _LANDLOCK,
        "seccomp": _SECCOMP,
        "readable interpreter": f"install Python and this package where every user may read them, or: {problem}",
        "compilers": _COMPILERS,
        "executable scratch": _SCRATCH.get(where, _OTHER_SCRATCH),
    }[layer]


def _namespaces(where: Surroundings) -> str:
    if where in {"host", "systemd"} and os.geteuid() != 0 and (switches := _switched_off()):
        return "; ".join(switches)
    if where == "docker" and _confined_by_apparmor():
        return f"{_NAMESPACES[where]} --security-opt apparmor=unconfined"
    return _NAMESPACES[where]


def _switched_off() -> list[str]:
    files = {Path(path): switch for path, switch in _SWITCHES.items()}
    return [command for path, (off, command) in files.items() if path.exists() and path.read_text().strip() == off]


def _confined_by_apparmor() -> bool:
    try:
        return not Path("/proc/self/attr/current").read_text().startswith("unconfined")
    except OSError:
        return False  # no AppArmor in this kernel
