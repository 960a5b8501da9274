"""What counts as less protection of cluster DNS, and what does not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.termination import SECOND
from eksaddon.domain.weakening import Weakening
from eksaddon.rules.weakening import Protection, weakening_findings, weakenings

ZONE, HOST = "topology.kubernetes.io/zone", "kubernetes.io/hostname"
NOW = Protection(3, {}, 20 * SECOND, 45, 5)


def protection(**values: object) -> Protection:
    return replace(NOW, values=values)  # type: ignore[arg-type]  # JSON values


def lost(before: Protection, after: Protection) -> list[str]:
    return [str(one) for one in weakenings(before, after)]


def budget(**values: object) -> Protection:
    return protection(podDisruptionBudget=values)


def scaled(least: object, most: object, replicas: int = 3) -> Protection:
    scaling = {"enabled": True, "minReplicas": least, "maxReplicas": most}
    return replace(protection(autoScaling=scaling), replicas=replicas)


def spread(*constraints: object) -> Protection:
    return protection(topologySpreadConstraints=list(constraints))


def constraint(key: object = ZONE, when: str = "DoNotSchedule", skew: object = 1) -> dict[str, object]:
    return {"topologyKey": key, "whenUnsatisfiable": when, "maxSkew": skew}


def apart(required: object = (), preferred: object = ()) -> Protection:
    terms = {
        "requiredDuringSchedulingIgnoredDuringExecution": required,
        "preferredDuringSchedulingIgnoredDuringExecution": preferred,
    }
    return protection(affinity={"podAntiAffinity": terms})


def weighted(weight: object, key: object = HOST) -> dict[str, object]:
    return {"weight": weight, "podAffinityTerm": {"topologyKey": key}}


def test_the_same_protection_is_not_a_weakening():
    assert lost(NOW, NOW) == []


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 60), st.integers(0, 60))
def test_more_of_everything_is_not_a_weakening_and_less_of_anything_is(replicas, lameduck, grace, pre_stop):
    more = Protection(3 + replicas, {}, (20 + lameduck) * SECOND, 45 + grace, 5 + pre_stop)
    assert lost(NOW, more) == []
    assert len(lost(more, NOW)) == sum(map(bool, (replicas, lameduck, grace, pre_stop)))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (replace(NOW, replicas=1), "replicas from 3 to 1"),
        (replace(NOW, lameduck_ns=5 * SECOND), "lameduck from 20 s to 5 s"),
        (replace(NOW, lameduck_ns=0), "lameduck from 20 s to none"),
        (replace(NOW, grace_seconds=30), "grace period from 45 s to 30 s"),
        (replace(NOW, pre_stop_seconds=2), "preStop from 5 s to 2 s"),
        (replace(NOW, pre_stop_seconds=0), "preStop from 5 s to none"),
    ],
)
def test_lowered_values_are_named_with_both_values(after, expected):
    assert lost(NOW, after) == [expected]


@pytest.mark.parametrize("unknown", [(None, 0), (0, None), (None, None)])
def test_a_lameduck_that_is_not_known_is_not_compared(unknown):
    before, after = (replace(NOW, lameduck_ns=each) for each in unknown)
    assert lost(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"maxUnavailable": 1}, []),
        ({}, {"maxUnavailable": 2}, ["PodDisruptionBudget from maxUnavailable 1 to maxUnavailable 2"]),
        ({"maxUnavailable": 2}, {"maxUnavailable": 1}, []),
        ({"minAvailable": 2}, {"maxUnavailable": 1}, []),
        (
            {"minAvailable": 2},
            {"maxUnavailable": "60%"},
            ["PodDisruptionBudget from minAvailable 2 to maxUnavailable 60%"],
        ),
        ({}, {"enabled": False}, ["PodDisruptionBudget from maxUnavailable 1 to off"]),
        ({"enabled": False}, {"maxUnavailable": 3}, []),
        ({}, {"maxUnavailable": "a few"}, []),
        ({"maxUnavailable": True}, {"maxUnavailable": 3}, []),
    ],
)
def test_a_budget_is_looser_where_more_pods_may_be_evicted_together(before, after, expected):
    assert lost(budget(**before), budget(**after)) == expected


def test_a_budget_is_compared_for_the_larger_number_of_pods():
    before, after = (
        replace(budget(maxUnavailable=1), replicas=3),
        replace(budget(maxUnavailable="33%"), replicas=9),
    )
    assert lost(before, after) == ["PodDisruptionBudget from maxUnavailable 1 to maxUnavailable 33%"]


def test_autoscaling_is_weaker_with_a_lower_maximum():
    assert lost(scaled(2, 10), scaled(2, 6)) == ["maximum of replicas from 10 to 6"]
    assert lost(scaled(2, 10), scaled(2, None)) == []
    assert lost(scaled(2, 10), NOW) == []


def test_the_minimum_of_autoscaling_marks_the_change_of_autoscaling():
    (one,) = weakenings(scaled(5, 10, replicas=5), scaled(2, 10, replicas=2))
    assert one.marks("autoScaling.minReplicas")
    assert not one.marks("replicaCount")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (NOW, spread(), [f"spread over {ZONE} from ScheduleAnyway with maxSkew 1 to none"]),
        (replace(NOW, is_zone_spread=False), spread(), []),
        (NOW, spread(constraint()), []),
        (
            spread(constraint()),
            NOW,
            [f"spread over {ZONE} from DoNotSchedule with maxSkew 1 to ScheduleAnyway with maxSkew 1"],
        ),
        (
            spread(constraint()),
            spread(constraint(skew=2)),
            [f"spread over {ZONE} from DoNotSchedule with maxSkew 1 to DoNotSchedule with maxSkew 2"],
        ),
        (
            spread(constraint(), constraint(HOST)),
            spread(constraint(skew=3), constraint(), "nonsense"),
            [f"spread over {HOST} from DoNotSchedule with maxSkew 1 to none"],
        ),
        (spread(constraint(when="Later")), spread(), []),
        (spread(constraint(skew="1"), constraint(key=7)), protection(topologySpreadConstraints="none"), []),
    ],
)
def test_spread_is_weaker_where_a_topology_is_lost_or_only_preferred(before, after, expected):
    assert lost(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (NOW, protection(affinity={}), [f"anti-affinity on {HOST} from preferred with weight 100 to none"]),
        (NOW, protection(affinity=None), []),
        (NOW, apart(required=[{"topologyKey": HOST}]), []),
        (
            apart(required=[{"topologyKey": HOST}]),
            apart(preferred=[weighted(100)]),
            [f"anti-affinity on {HOST} from required to preferred with weight 100"],
        ),
        (
            NOW,
            apart(preferred=[weighted(1)]),
            [f"anti-affinity on {HOST} from preferred with weight 100 to preferred with weight 1"],
        ),
        (apart(preferred=[weighted("much"), weighted(5, key=None)]), apart(required="none"), []),
    ],
)
def test_anti_affinity_is_weaker_where_a_term_is_lost_or_only_preferred(before, after, expected):
    assert lost(before, after) == expected


@pytest.mark.parametrize(
    ("path", "is_marked"),
    [
        ("podDisruptionBudget", True),
        ("podDisruptionBudget.maxUnavailable", True),
        ("podDisruptionBudgets", False),
        ("replicaCount", False),
    ],
)
def test_a_weakening_marks_its_own_changes(path, is_marked):
    assert Weakening("podDisruptionBudget", "budget", "1", "2").marks(path) is is_marked
    assert Weakening("podDisruptionBudget.maxUnavailable", "budget", "1", "2").marks("podDisruptionBudget")


def test_without_consent_it_is_an_error_that_names_the_option_and_with_it_a_note():
    found = weakenings(NOW, replace(NOW, replicas=2, lameduck_ns=0))
    (error,) = weakening_findings(found, is_allowed=False)
    (note,) = weakening_findings(found, is_allowed=True)
    assert error.summary == note.summary == "weakens DNS: replicas from 3 to 2, lameduck from 20 s to none"
    assert (error.severity, note.severity) == (Severity.ERROR, Severity.INFO)
    assert "--allow-weaken" in error.detail
    assert [*weakening_findings((), is_allowed=False)] == []
