"""Verdicts on an add-on whose document is the wanted one."""

import pytest

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import Managed, Observed, Unreachable
from eksaddon.domain.proof import (
    ENDED_STATES,
    LiveDiffers,
    LiveMatches,
    LiveNotRead,
    LiveSeen,
    LiveUndecided,
    NotLive,
    Proven,
    Running,
    Unhealthy,
    Unseen,
    Verdict,
    proof_of,
    verdict,
)
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.update import HistoryNotRead, NoUpdate, UpdateRecord, UpdateSeen

REF = ClusterRef("111122223333", "eu-west-1", "prod")


def same(one: str | None, other: str | None) -> bool:
    return one == other


@pytest.mark.parametrize("status", ["UPDATING", "CREATING", "DELETING", "A_STATUS_OF_TOMORROW"])
def test_an_addon_that_is_changing_or_in_an_unknown_state_proves_nothing_yet(status: str) -> None:
    found = verdict(proof_of(Managed(REF, "v1.11.4-eksbuild.51", status, "{}")), "{}", None, same)
    assert found == Running(f"the add-on is {status}")


@pytest.mark.parametrize("status", sorted(ENDED_STATES))
def test_a_state_that_ended_is_proven_or_unhealthy(status: str) -> None:
    found = verdict(proof_of(Managed(REF, "v1.11.4-eksbuild.51", status, "{}")), "{}", None, same)
    assert isinstance(found, Proven if status == "ACTIVE" else Unhealthy)


def test_what_could_not_be_read_is_unseen() -> None:
    trouble = Trouble(Cause.DENIED, "no")
    observed: Observed = Unreachable(REF, trouble)
    assert verdict(proof_of(observed), "{}", None, same) == Unseen(trouble)


TROUBLE = Trouble(Cause.WORKLOAD, "the add-on update reverted grace period")
LIVE: dict[str, tuple[LiveSeen, Verdict]] = {
    "not needed": (LiveNotRead(), Proven()),
    "could not be read": (LiveNotRead("no permission"), Proven(unverified="no permission")),
    "as planned": (LiveMatches(), Proven()),
    "applied again": (LiveMatches("applied again"), Proven("applied again")),
    "not as planned": (LiveDiffers(TROUBLE), NotLive(TROUBLE)),
    "undecided": (LiveUndecided(TROUBLE), Unseen(TROUBLE)),
}


@pytest.mark.parametrize(("live", "expected"), LIVE.values(), ids=LIVE)
def test_the_live_objects_are_part_of_the_proof(live: LiveSeen, expected: Verdict) -> None:
    addon = Managed(REF, "v1.11.4-eksbuild.51", "ACTIVE", "{}")
    assert verdict(proof_of(addon, live), "{}", None, same) == expected


@pytest.mark.parametrize("live", [live for live, _ in LIVE.values()])
def test_live_objects_never_prove_what_eks_does_not(live: LiveSeen) -> None:
    addon = Managed(REF, "v1.11.4-eksbuild.51", "DEGRADED", "{}")
    assert isinstance(verdict(proof_of(addon, live), "{}", None, same), Unhealthy)


@pytest.mark.parametrize("status", ["Successful", "Failed", "InProgress"])
def test_an_update_from_before_the_add_on_was_installed_again_proves_nothing(status: str) -> None:
    earlier = UpdateRecord("u", status, 900.0, (("ConfigurationValues", "{a: 1}"),))
    addon = Managed(REF, "v1.11.4-eksbuild.51", "ACTIVE", "{}", created_at=1000.0)
    assert addon.with_newest(earlier).update == NoUpdate()
    assert verdict(proof_of(addon.with_newest(earlier)), "{}", None, same) == Proven()


@pytest.mark.parametrize("created_at", [0.0, 899.0, 900.9])
@pytest.mark.parametrize("update", [UpdateRecord("u", "Failed", 900.0), NoUpdate(), HistoryNotRead()])
def test_any_other_update_is_that_of_the_add_on(update: UpdateSeen, created_at: float) -> None:
    addon = Managed(REF, "v1.11.4-eksbuild.51", "ACTIVE", "{}", created_at=created_at)
    assert addon.with_newest(update).update == update
