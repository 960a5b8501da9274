"""The rule that compares a shutdown with the propagation."""

from dataclasses import replace

import pytest

from eksaddon.domain.basis import CorefileBase, GraceSource
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.propagation import Propagation
from eksaddon.domain.termination import SECOND
from eksaddon.rules.facts import CorefileFacts, Facts
from eksaddon.rules.propagation import RULE, propagation
from eksaddon.rules.registry import check


def facts(pre_stop: int, lameduck: int, grace: int, **more: object) -> Facts:
    corefile = CorefileFacts((lameduck * SECOND,), (lameduck * SECOND,), (), (), frozenset())
    base = Facts(
        version="v1.11.4-eksbuild.28",
        coredns=(1, 11, 4),
        build=28,
        values={},
        touched=frozenset({"corefile"}),
        corefile=corefile,
        base=CorefileBase.STORED,
        grace_seconds=grace,
        grace_source=GraceSource.LIVE,
        pre_stop_seconds=pre_stop,
    )
    return replace(base, **more)  # type: ignore[arg-type]  # fields by name, checked by the dataclass


def finding(state: Facts) -> Diagnostic | None:
    return next((one for one in check(state) if one.rule == RULE), None)


@pytest.mark.parametrize("settings", [(5, 20, 45), (5, 30, 30), (0, 30, 20), (0, 12, 30), (0, 0, 30)])
def test_answers_that_last_long_enough_and_no_answers_at_all_are_no_finding_of_this_rule(settings):
    assert finding(facts(*settings)) is None


def test_a_corefile_that_is_not_known_is_not_a_finding():
    assert list(propagation(facts(0, 5, 30, corefile=None))) == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            (0, 5, 30),
            "a deleted pod answers for 5 s (lameduck 5 s), too short for 10 s of propagation (default)",
        ),
        ((5, 0, 30), "a deleted pod answers for 5 s (preStop 5 s), too short"),
        (
            (5, 30, 11),
            "a deleted pod answers for 11 s (preStop 5 s + lameduck 30 s, cut off by the grace period of 11",
        ),
    ],
)
def test_the_sum_and_the_remedy_are_shown(settings, said):
    found = finding(facts(*settings))
    assert found is not None
    assert found.severity is Severity.WARNING
    assert found.summary.startswith(said)
    assert found.detail == (
        "set preStop 5s, lameduck 20s and terminationGracePeriod 45s "
        "(lameduck = 2 x 10 s of propagation, grace = 5 + 20 + 20 s to shut down)"
    )


def test_a_measured_propagation_counts():
    measured = Propagation(3 * SECOND, is_default=False)
    assert finding(facts(0, 5, 30, propagation=measured)) is None
