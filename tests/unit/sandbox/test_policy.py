"""The tiers' reviewed data, and what is made of it for this machine."""

import os
import sys
from pathlib import Path

import pytest

from playground.sandbox import policy, seccomp
from playground.sandbox.policy import Policy
from playground.sandbox.tiers import TIERS, Tier, full
from playground.settings import Settings


def test_a_policy_survives_the_way_to_warden_and_fork_server() -> None:
    there = Policy("full", ("/a", "/b"), ("/sys",), (), ("null",), 1, 2, 3, 4, ("memory cgroup",), -1, "")
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
    shown = (*visible, *full.TIER.directories)
    for path in (sys.prefix, sys.base_prefix, str(Path(policy.__file__).parent)):
        assert any(path == parent or path.startswith(parent + "/") for parent in shown)
    assert not [path for path in visible for other in visible if path.startswith(other + "/")]


@pytest.mark.parametrize("tier", TIERS.values(), ids=TIERS)
def test_no_call_is_both_allowed_and_refused(tier: Tier) -> None:
    named = (*tier.allowed, *tier.refused, *tier.counted)
    assert len(set(named)) == len(named)


@pytest.mark.parametrize("tier", TIERS.values(), ids=TIERS)
def test_the_calls_that_open_namespaces_and_kernels_are_refused(tier: Tier) -> None:
    dangerous = {"unshare", "setns", "mount", "ptrace", "bpf", "io_uring_setup", "keyctl", "userfaultfd", "setuid"}
    assert dangerous <= set(tier.refused)
    assert "clone3" not in tier.allowed


@pytest.mark.parametrize("tier", TIERS.values(), ids=TIERS)
def test_every_bound_has_an_amount_and_something_that_holds_it_everywhere(tier: Tier) -> None:
    for bound in tier.bounds:
        assert not bound.setting or bound.setting in Settings.model_fields
        assert not bound.holds[-1].endswith(" cgroup")
    assert len({bound.name for bound in tier.bounds}) == len(tier.bounds)


def test_memory_that_no_process_maps_is_refused_where_nothing_counts_it() -> None:
    shared = {"memfd_create", "shmget", "msgget", "semget", "mq_open"}
    assert shared <= set(TIERS["container"].refused)
    assert shared <= set(TIERS["full"].counted)
    assert not shared & set(TIERS["full"].allowed)


def test_two_runners_share_no_uid() -> None:
    for ids in (1 << 32, 65_536):
        first, second = (policy.base_uid(pid, ids) for pid in (101, 102))
        assert second - first == policy.UIDS
        assert second + policy.UIDS <= ids
    assert policy.base_of(policy.base_uid(7, 1 << 32) + 3) == policy.base_uid(7, 1 << 32)
    assert policy.base_of(0) == policy.base_of(65_534) == -1


def test_a_run_without_a_root_of_its_own_lives_in_its_own_directory() -> None:
    made = Policy("container", (), (), (), (), 1, 2, 3, 4, (), 40_000, "/scratch")
    place = made.place(3, "run-9")
    assert (place.uid, place.home, place.temporary) == (40_006, "/scratch/run-9/home", "/scratch/run-9/tmp")
    assert place.writable == (place.temporary, place.home)


@pytest.mark.parametrize("tier", TIERS.values(), ids=TIERS)
def test_the_filters_are_whole_bpf_programs(tier: Tier) -> None:
    for counting in (True, False):
        calls, terminals = seccomp.programs(tier, counting=counting)
        assert len(calls) % 8 == len(terminals) % 8 == 0
        assert len(calls) > 8 * 250
