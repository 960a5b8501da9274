"""What makes a plan another one than the reviewed one."""

from dataclasses import replace

import pytest

from eksaddon.domain.plan import Change, Plane
from eksaddon.domain.run.result import WaveResult
from eksaddon.domain.target import ClusterRef
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.reviewed import difference_text, differences, review_digest
from eksaddon.report.model.states import Kind

AT = "prod/eu-west-1"
REPLICAS = Change(Plane.ADDON, "replicaCount", 2, 3)
GRACE = Change(Plane.WORKLOAD, "terminationGracePeriodSeconds", 30, 45)
WAVES = (WaveResult("canary", "pending", 1), WaveResult("prod", "pending", 1, gates=("approval",)))


def entry(name: str, state: str = "update", *changes: Change, wave: str = "prod") -> Entry:
    ref = ClusterRef("111122223333", "eu-west-1", name)
    return Entry(ref, state, account_name="prod", changes=changes, wave=wave)


def plan(*entries: Entry, waves: tuple[WaveResult, ...] = WAVES) -> ReportModel:
    return ReportModel(Kind.PLAN, "2026-11-30T12:00:00Z", entries, digest="d", waves=waves)


SHOP = entry("shop", "update", REPLICAS, GRACE)
REVIEWED = plan(SHOP)


def lines(now: ReportModel, reviewed: ReportModel = REVIEWED) -> list[str]:
    return [difference_text(one) for one in differences(reviewed, now)]


@pytest.mark.parametrize(
    "now",
    [
        replace(REVIEWED, created_at="2026-12-01T00:00:00Z", digest="e"),
        plan(replace(SHOP, fingerprint="other", labels=(("env", "prod"),))),
        plan(SHOP, entry("other", "inSync")),
        plan(replace(SHOP, changes=(GRACE, REPLICAS))),
    ],
)
def test_times_fingerprints_labels_and_the_order_are_not_reviewed(now):
    assert (lines(now), review_digest(now)) == ([], review_digest(REVIEWED))


@pytest.mark.parametrize(
    "now",
    [
        plan(entry("shop", "inSync")),
        plan(entry("shop", "update", GRACE)),
        plan(entry("shop", "unreachable")),
    ],
)
def test_fewer_changes_that_are_in_place_already_or_out_of_reach_are_no_difference(now):
    assert lines(now) == []
    assert review_digest(now) != review_digest(REVIEWED)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            plan(SHOP, entry("new", "update", REPLICAS)),
            "prod/eu-west-1/new: 1 change not reviewed; was absent",
        ),
        (plan(), f"{AT}/shop: reviewed changes would not be made: now absent"),
        (
            plan(entry("shop", "blocked")),
            f"{AT}/shop: reviewed changes would not be made: now blocked",
        ),
        (
            plan(entry("shop", "update", replace(REPLICAS, before=5))),
            "prod/eu-west-1/shop: replicaCount 5 -> 3: not reviewed",
        ),
        (
            plan(entry("shop", "update", replace(GRACE, note="not applied"))),
            "prod/eu-west-1/shop: terminationGracePeriodSeconds 30 -> 45: not reviewed",
        ),
        (
            plan(replace(SHOP, wave="canary")),
            "prod/eu-west-1/shop: moved from wave prod to canary, without approval",
        ),
    ],
)
def test_what_would_be_written_unreviewed_or_not_written_is_a_difference(now, said):
    assert lines(now) == [said]


def test_a_target_that_was_in_sync_is_named_so():
    reviewed = plan(SHOP, entry("idle", "inSync"))
    assert lines(plan(SHOP, entry("idle", "update", REPLICAS)), reviewed) == [
        "prod/eu-west-1/idle: 1 change not reviewed; was in sync"
    ]


def test_other_terms_of_the_waves_are_a_difference():
    open_prod = replace(REVIEWED, waves=(WAVES[0], replace(WAVES[1], gates=(), soak=60)))
    assert lines(open_prod) == [
        "waves: reviewed [canary, prod approval], now [canary, prod soak 60s]",
        "prod/eu-west-1/shop: moved from wave prod to prod, without approval",
    ]
    assert review_digest(open_prod) != review_digest(REVIEWED)


def test_widths_and_counts_of_waves_depend_on_the_targets_and_are_not_compared():
    assert lines(replace(REVIEWED, waves=tuple(replace(one, at_once=9, targets=9) for one in WAVES))) == []
