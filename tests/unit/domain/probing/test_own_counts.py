import pytest

from eksaddon.domain.probing.figures import ClusterProbe, probe_text
from eksaddon.domain.probing.own_counts import (
    OwnCounter,
    OwnCounts,
    own_text,
    rises,
    rises_text,
    together_own,
)
from eksaddon.domain.target import ClusterRef

PANICS, SERVFAIL = OwnCounter.PANICS, OwnCounter.SERVFAIL


@pytest.mark.parametrize(
    ("first", "last", "rose"),
    [
        ({}, {}, ()),
        ({"a": {PANICS: 2}}, {"a": {PANICS: 2}}, ()),
        ({"a": {PANICS: 2, SERVFAIL: 1}}, {"a": {PANICS: 3, SERVFAIL: 5}}, (("panics", 1), ("servfail", 4))),
        ({}, {"new": {SERVFAIL: 7}}, (("servfail", 7),)),
        ({"a": {SERVFAIL: 9}}, {"a": {SERVFAIL: 2}}, (("servfail", 2),)),
        ({"a": {PANICS: 1}, "b": {PANICS: 1}}, {"a": {PANICS: 2}, "b": {PANICS: 4}}, (("panics", 4),)),
    ],
    ids=["nothing", "no rise", "rises", "a pod that started later", "a restarted container", "two pods"],
)
def test_counters_rise_pod_by_pod(first, last, rose) -> None:
    assert rises(first, last) == rose


def test_readings_of_several_processes_are_added_and_none_stays_none() -> None:
    one, two = OwnCounts(4, (("servfail", 2),)), OwnCounts(3, (("panics", 1), ("servfail", 1)), "denied")
    assert together_own([one, None, two]) == OwnCounts(3, (("panics", 1), ("servfail", 3)), "denied")
    assert together_own([None]) is None


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ([None], ""),
        ([OwnCounts(4)], ""),
        ([OwnCounts(4, (("panics", 1_200),))], "CoreDNS counted 1,200 panics"),
        ([OwnCounts(unread="denied")], "CoreDNS's counters were not all read in 1 cluster (denied)"),
        (
            [OwnCounts(4, (("servfail", 2),)), OwnCounts(unread="denied"), OwnCounts(unread="late")],
            "CoreDNS counted 2 SERVFAIL answers; CoreDNS's counters were not all read in 2 clusters (denied)",
        ),
    ],
)
def test_rises_and_missing_counters_are_named(found, text) -> None:
    assert own_text(found) == text


def test_a_counter_of_a_later_version_is_shown_by_its_name() -> None:
    assert rises_text(OwnCounts(1, (("newCounter", 3),))) == "3 newCounter"


def test_the_counters_follow_the_lookups() -> None:
    probe = ClusterProbe(ClusterRef("1", "r", "a"), 0.0, 1.0, own=OwnCounts(1, (("panics", 1),)))
    assert probe_text([probe]) == "0 of 0 lookups lost in 1 cluster; CoreDNS counted 1 panics"
