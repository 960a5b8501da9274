"""Credentials that fail: whose outcome that is, and how soon a run pauses for it."""

import pytest

from eksaddon.apply.sign_in import sign_in_trouble
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.run.outcome import Changed, Failed, UnreachableTarget
from eksaddon.domain.run.result import RunState
from eksaddon.domain.target import Account, AssumedRole, CurrentCredentials, ProfileCredentials
from tests.support.rollouts import Rollout, one_wave, plan_of, refs_of

HUB = tuple(Account(each, access=AssumedRole((f"arn:aws:iam::{each}:role/x",))) for each in "123")
PROFILES = tuple(Account(each, access=ProfileCredentials(f"p{each}")) for each in "123")
CURRENT = (Account("1", access=CurrentCredentials()),)


def pauses(cause: Cause, accounts: tuple[Account, ...], operation: str = "UpdateAddon") -> bool:
    trouble = Trouble(cause, "no", operation=operation)
    found = {sign_in_trouble(kind(trouble), "1", accounts) for kind in (Failed, UnreachableTarget)}
    assert found in ({trouble}, {None})
    return found == {trouble}


@pytest.mark.parametrize("accounts", [HUB, PROFILES, CURRENT, ()])
def test_expired_credentials_always_pause(accounts: tuple[Account, ...]) -> None:
    assert pauses(Cause.CREDENTIALS_EXPIRED, accounts)


@pytest.mark.parametrize("cause", [Cause.CREDENTIALS_INVALID, Cause.NO_CREDENTIALS])
def test_keys_of_one_account_fail_that_account_and_keys_of_all_pause(cause: Cause) -> None:
    assert not pauses(cause, HUB)
    assert pauses(cause, HUB, operation="AssumeRole")
    assert not pauses(cause, PROFILES)
    assert pauses(cause, PROFILES[:1])
    assert pauses(cause, CURRENT)
    assert pauses(cause, ())


def test_nothing_else_is_a_trouble_of_credentials() -> None:
    assert sign_in_trouble(Failed(Trouble(Cause.DENIED, "no")), "1", HUB) is None
    assert sign_in_trouble(Changed("u1"), "1", HUB) is None


@pytest.mark.parametrize("operation", ["read", "describe_update"])
def test_credentials_that_stay_expired_pause_a_run_within_a_minute(operation: str) -> None:
    rollout = Rollout(plan_of([("", refs_of(6))]), one_wave(width=3))
    rollout.begin()
    rollout.api.troubles[operation] = [Trouble(Cause.CREDENTIALS_EXPIRED, "over")] * 1000
    run_progress = rollout.process()
    assert run_progress.state is RunState.PAUSED
    assert "credentials-expired" in run_progress.reason
    assert rollout.clock.elapsed <= 60
    assert all(each.outcome is None for each in run_progress.targets.values())


def test_credentials_that_are_renewed_meanwhile_pause_nothing() -> None:
    rollout = Rollout(plan_of([("", refs_of(1))]), one_wave())
    rollout.begin()
    rollout.api.troubles["describe_update"] = [Trouble(Cause.CREDENTIALS_EXPIRED, "over")] * 3
    assert rollout.process().state is RunState.SUCCEEDED
