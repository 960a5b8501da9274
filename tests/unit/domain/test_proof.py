"""Verdicts on an add-on whose document is the wanted one."""

import pytest

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import Managed, Observed, Unreachable
from eksaddon.domain.proof import ENDED_STATES, Proven, Running, Unhealthy, Unseen, proof_of, verdict
from eksaddon.domain.target import ClusterRef

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
