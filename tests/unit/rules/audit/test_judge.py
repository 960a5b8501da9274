"""The order of reasons, what is said first, and what was not read."""

from eksaddon.domain.audit.surroundings import ClusterFacts, Surroundings
from eksaddon.domain.audit.verdict import WORST_FIRST, AuditWord, Level
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import AutoMode, Connected, NotActive, RegionUnavailable, Unreachable
from eksaddon.domain.workload import NotChecked
from eksaddon.plan.audit import Look, audit
from tests.support.audit_cases.clusters import (
    DENIED,
    REF,
    ZONES,
    State,
    both,
    corefile,
    live,
    pods,
    shutting_down,
)

TROUBLE = Trouble(Cause.DENIED, "denied")


def test_reasons_are_sorted_worst_first_and_the_first_fix_is_what_to_do_first() -> None:
    changes = shutting_down("5s")
    changes["workload"] = live(corefile=corefile("5s"), replicas=1, pods=pods("node-a"), budgets=())
    verdict = State(**changes).verdict
    levels = [WORST_FIRST.index(one.level) for one in verdict.reasons]
    assert levels == sorted(levels)
    assert verdict.reasons[0].rule == "one-replica"
    assert verdict.reasons[0].label == "high"
    assert verdict.first == verdict.reasons[0].detail


def test_a_note_is_nothing_to_do() -> None:
    verdict = State().verdict
    assert [one.level for one in verdict.reasons] == [Level.NOTE]
    assert (verdict.first, verdict.unread) == ("", ())


def test_every_reason_names_a_source_and_a_fix_unless_it_is_a_note() -> None:
    broken = both(".:53 {\n    errrors\n}\n")
    for one in State(**broken).verdict.reasons:
        assert one.sources
        assert bool(one.detail) is (one.level is not Level.NOTE)


def test_an_unread_workload_is_unverified_with_the_way_to_read_it() -> None:
    verdict = State(workload=DENIED, around=DENIED).verdict
    assert verdict.word is AuditWord.UNVERIFIED
    assert verdict.first == DENIED.hint
    assert verdict.unread == ("the live objects were not read: pods is forbidden",)
    without_hint = State(workload=NotChecked("no route"), around=DENIED).verdict
    assert "eksdns doctor" in without_hint.first


def test_parts_that_were_not_read_are_named() -> None:
    denied = live(scalers_unread="ScaledObjects: forbidden")
    around = Surroundings(DENIED, DENIED)
    unread = State(workload=denied, around=around, offer=TROUBLE, vpc=TROUBLE).verdict.unread
    assert [sentence.split(" were ")[0].split(" was ")[0] for sentence in unread] == [
        "the zones of the nodes",
        "NodeLocal DNSCache",
        "other autoscalers",
        "the DNS attributes of the VPC",
        "the versions that EKS offers",
    ]


def test_zones_of_the_pods_own_labels_need_no_nodes() -> None:
    labelled = live(pods=pods("node-a", "node-b", zone="eu-west-1a"))
    around = Surroundings(DENIED)
    assert State(workload=labelled, around=around).verdict.unread == ()


def test_targets_without_coredns_are_skipped_and_unreadable_ones_unreachable() -> None:
    others = AutoMode(REF), NotActive(REF, "CREATING"), Connected(REF), RegionUnavailable(REF, TROUBLE)
    nothing = Look(DENIED, ClusterFacts(), DENIED)
    words = [audit(one, nothing).word for one in (*others, Unreachable(REF, TROUBLE))]
    assert words == [*[AuditWord.SKIPPED] * 4, AuditWord.UNREACHABLE]


def test_warnings_about_queries_are_not_reasons() -> None:
    text = corefile().replace("fallthrough in-addr.arpa ip6.arpa", "")
    rules = {one.rule for one in State(**both(text)).verdict.reasons}
    assert "queries-fail" not in rules


def test_a_node_shutdown_that_cuts_nothing_needed_is_not_a_reason() -> None:
    changes = shutting_down("30s", 60, 5, version=(1, 34))
    rules = {one.rule for one in State(**changes, around=Surroundings(ZONES)).verdict.reasons}
    assert "node-shutdown" not in rules
