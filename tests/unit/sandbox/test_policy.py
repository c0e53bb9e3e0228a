import errno
import os
import sys
from pathlib import Path

from playground.sandbox import policy, seccomp
from playground.sandbox.policy import Policy


def test_a_policy_survives_the_way_to_warden_and_fork_server() -> None:
    there = Policy(("/a", "/b"), ("/sys",), (), ("null",), 1, 2, 3, 4, ("memory",), -1)
    assert Policy.from_json(there.to_json()) == there


def test_nothing_of_the_servers_environment_reaches_a_snippet() -> None:
    os.environ["SECRET_OF_THE_SERVER"] = "canary"
    try:
        assert "canary" not in " ".join(policy.environment().values())
        assert "PLAYGROUND_SECRET_KEY" not in policy.environment()
    finally:
        del os.environ["SECRET_OF_THE_SERVER"]


def test_what_python_needs_is_visible_once() -> None:
    visible = policy.python_paths()
    shown = (*visible, *policy.SYSTEM)
    for path in (sys.prefix, sys.base_prefix, str(Path(policy.__file__).parent)):
        assert any(path == parent or path.startswith(parent + "/") for parent in shown)
    assert not [path for path in visible for other in visible if path.startswith(other + "/")]


def test_no_call_is_both_allowed_and_refused() -> None:
    assert not set(seccomp.ALLOWED) & set(seccomp.REFUSED)
    assert len(set(seccomp.ALLOWED)) == len(seccomp.ALLOWED)
    assert len(set(seccomp.REFUSED)) == len(seccomp.REFUSED)


def test_the_calls_that_open_namespaces_and_kernels_are_refused() -> None:
    dangerous = {"unshare", "setns", "mount", "ptrace", "bpf", "io_uring_setup", "keyctl", "userfaultfd", "setuid"}
    assert dangerous <= set(seccomp.REFUSED)
    assert "clone3" not in seccomp.ALLOWED


def test_the_filters_are_whole_bpf_programs() -> None:
    calls, terminals = seccomp.programs()
    assert len(calls) % 8 == len(terminals) % 8 == 0
    assert len(calls) > 8 * 250
    assert errno.EPERM == 1
