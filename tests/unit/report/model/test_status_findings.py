"""Findings of `status` about the stored Corefile."""

import json

import pytest

from eksaddon.domain.kube.pods import Pod
from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.domain.observed import Managed
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.domain.workload import (
    NO_COREFILE,
    PAUSED,
    NotChecked,
    RolloutStuck,
    Workload,
    WorkloadState,
)
from eksaddon.report.model.status import row
from eksaddon.rules.scaled_down import not_restored

REF = ClusterRef("111122223333", "eu-west-1", "prod")
GOOD = ".:53 {\n    errors\n    health\n}\n"


def found(corefile: object, version: str = "v1.11.4-eksbuild.51") -> list[str]:
    observed = Managed(REF, version, "ACTIVE", json.dumps({"corefile": corefile}))
    return [one.summary for one in row(Target(REF), observed).diagnostics]


def test_a_corefile_that_coredns_would_refuse_is_found() -> None:
    (summary,) = found(GOOD.replace("errors", "erors"))
    assert summary.startswith("CoreDNS 1.11.4 will refuse the stored Corefile at its next start: ")


@pytest.mark.parametrize("corefile", [GOOD, "", None, 5])
def test_a_good_one_and_none_are_not(corefile: object) -> None:
    assert found(corefile) == []


def test_of_an_unknown_version_nothing_is_reported() -> None:
    assert found(GOOD.replace("errors", "erors"), "latest") == []


@pytest.mark.parametrize(
    ("workload", "summaries", "is_unverified"),
    [
        (Workload(2, 30, 0, GOOD), [], False),
        (
            Workload(2, 30, 0, GOOD, rollout=RolloutStuck("the Deployment is paused")),
            ["the rollout is stuck: the Deployment is paused"],
            False,
        ),
        (
            Workload(0, 30, 0, GOOD, scaled_down=ScaledDown(2, 0)),
            [not_restored(ScaledDown(2, 0))],
            False,
        ),
        (NotChecked("timed out", "retry"), ["workload plane unreadable: timed out"], True),
        (NotChecked("not read", is_chosen=True), [], False),
    ],
)
def test_the_pods_are_part_of_it_where_they_were_read(
    workload: WorkloadState, summaries: list[str], is_unverified: bool
) -> None:
    observed = Managed(REF, "v1.11.4-eksbuild.51", "ACTIVE", None)
    made = row(Target(REF), observed, workload)
    assert [one.summary for one in made.diagnostics] == summaries
    assert made.is_unverified is is_unverified


def test_the_corefile_in_force_counts_more_than_the_stored_one() -> None:
    observed = Managed(REF, "v1.11.4-eksbuild.51", "ACTIVE", json.dumps({"corefile": GOOD}))
    made = row(Target(REF), observed, Workload(2, 30, 0, GOOD.replace("errors", "erors")))
    (one,) = made.diagnostics
    assert one.summary.startswith("CoreDNS 1.11.4 will refuse the live Corefile at its next start: ")


@pytest.mark.parametrize(
    ("workload", "summary"),
    [
        (Workload(2, 30, 0, None, pods=(Pod("coredns-1", 30),)), NO_COREFILE),
        (Workload(2, 30, 0, GOOD, is_paused=True), PAUSED),
    ],
    ids=["no Corefile", "paused"],
)
def test_what_keeps_new_pods_from_starting_is_shown(workload: Workload, summary: str) -> None:
    observed = Managed(REF, "v1.11.4-eksbuild.51", "ACTIVE", json.dumps({"corefile": GOOD}))
    (one,) = row(Target(REF), observed, workload).diagnostics
    assert one.summary == summary
