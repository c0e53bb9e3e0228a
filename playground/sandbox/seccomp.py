"""The system calls of a tier, compiled to BPF once at start by libseccomp.

An allow-list: what is not named answers ENOSYS, so that libraries fall back; what is named as refused answers EPERM.
"""

import errno
import tempfile
from functools import cache

import pyseccomp

from playground.sandbox.tiers import Tier

_NAMESPACE_FLAGS = 0x7E020000
_AF_UNIX = 1
_STREAM, _SEQPACKET, _KIND = 1, 5, 0xF
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C


@cache
def programs(tier: Tier, *, counting: bool) -> tuple[bytes, ...]:
    """The BPF programs (``struct sock_filter[]``) of a tier for this machine; the strictest answer holds.

    With ``counting`` a control group counts the memory of a run, whatever it is in.
    """
    return _export(_calls(tier, counting=counting)), _export(_terminals())


def _calls(tier: Tier, *, counting: bool) -> pyseccomp.SyscallFilter:
    """Which calls; clone without namespaces, Unix sockets only. clone3 hides its flags from us: ENOSYS."""
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.ENOSYS))
    rules.set_attr(pyseccomp.Attr.CTL_OPTIMIZE, 2)  # a binary tree: the filter is passed at every call
    for name in tier.allowed + (tier.counted if counting else ()):
        _rule(rules, pyseccomp.ALLOW, name)
    for name in tier.refused + (() if counting else tier.counted):
        _rule(rules, pyseccomp.ERRNO(errno.EPERM), name)
    rules.add_rule(pyseccomp.ALLOW, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _NAMESPACE_FLAGS, 0))
    local = pyseccomp.Arg(0, pyseccomp.EQ, _AF_UNIX)
    if "connect" in tier.allowed:
        rules.add_rule(pyseccomp.ALLOW, "socket", local)
    else:  # a datagram can be sent to an address without connecting
        for kind in (_STREAM, _SEQPACKET):
            undirected = pyseccomp.Arg(1, pyseccomp.MASKED_EQ, _KIND, kind)
            rules.add_rule(pyseccomp.ALLOW, "socket", local, undirected)
            rules.add_rule(pyseccomp.ALLOW, "socketpair", local, undirected)
    return rules


def _terminals() -> pyseccomp.SyscallFilter:
    """No typing into terminals. A filter of its own: libseccomp can't say "all but these" in the other one.

    Only the lower 32 bits count, as for the kernel: comparing all 64 is how CVE-2019-7303 got past.
    """
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for request in (_TIOCSTI, _TIOCLINUX):
        same = pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, request)
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "ioctl", same)
    return rules


def _rule(rules: pyseccomp.SyscallFilter, action: int, name: str) -> None:
    """Add a rule, unless this libseccomp or this architecture does not know the call: the default holds then."""
    if pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) >= 0:
        rules.add_rule(action, name)


def _export(rules: pyseccomp.SyscallFilter) -> bytes:
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()
