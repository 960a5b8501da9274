"""Outcomes of targets by the proof that includes their live objects."""

import pytest

from eksaddon.apply.verdict import live_seen, with_live
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.proof import (
    LiveDiffers,
    LiveMatches,
    LiveNotRead,
    LiveSeen,
    LiveUndecided,
    NotLive,
    Proven,
    Unseen,
    Verdict,
)
from eksaddon.domain.run.outcome import Changed, Failed, InSync, Outcome, Stale, Unproven, UnreachableTarget
from eksaddon.domain.workload import NotChecked

TROUBLE = Trouble(Cause.WORKLOAD, "reverted")
CHECKS: list[tuple[Outcome | NotChecked | None, LiveSeen]] = [
    (None, LiveMatches()),
    (NotChecked("denied"), LiveNotRead("denied")),
    (Changed("", "applied again"), LiveMatches("applied again")),
    (Failed(TROUBLE), LiveDiffers(TROUBLE)),
    (Unproven(TROUBLE), LiveUndecided(TROUBLE)),
    (UnreachableTarget(TROUBLE), LiveUndecided(TROUBLE)),
]


@pytest.mark.parametrize(("checked", "expected"), CHECKS)
def test_a_check_of_live_objects_is_evidence(
    checked: Outcome | NotChecked | None, expected: LiveSeen
) -> None:
    assert live_seen(checked) == expected


def test_a_check_that_ends_in_another_way_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="does not end as"):
        live_seen(Stale("moved"))


@pytest.mark.parametrize(
    ("outcome", "found", "expected"),
    [
        (Changed("u1"), Proven(), Changed("u1")),
        (Changed("u1"), Proven("applied again"), Changed("u1", "applied again")),
        (Changed("u1"), Proven(unverified="denied"), Changed("u1", "", "denied")),
        (Changed("u1"), NotLive(TROUBLE), Failed(TROUBLE, "u1")),
        (Changed("u1"), Unseen(TROUBLE), Unproven(TROUBLE, "u1")),
        (InSync(), Proven(), InSync()),
        (InSync(), Proven(unverified="denied"), InSync("denied")),
        (InSync(), Proven("applied again"), Changed("", "applied again")),
        (InSync(), NotLive(TROUBLE), Failed(TROUBLE)),
    ],
)
def test_a_document_in_force_counts_only_with_its_live_objects(
    outcome: Changed | InSync, found: Verdict, expected: Outcome
) -> None:
    assert with_live(outcome, found) == expected
