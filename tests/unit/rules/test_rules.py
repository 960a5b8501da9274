"""Every safety rule, one table each: what it says, how grave it is, and when it keeps silent."""

from dataclasses import replace

import pytest

from eksaddon.domain.basis import CorefileBase, GraceSource
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.propagation import Propagation
from eksaddon.domain.termination import SECOND
from eksaddon.rules.facts import CorefileFacts, Facts, Listener
from eksaddon.rules.probe_endpoints import needs_ready
from eksaddon.rules.registry import check

HEALTH, READY = Listener("", "8080"), Listener("", "8181")
GOOD = CorefileFacts((5 * SECOND,), (5 * SECOND,), (HEALTH,), (READY,), frozenset({"health", "ready"}))


def facts(**changes: object) -> Facts:
    base = Facts(
        version="v1.11.4-eksbuild.28",
        coredns=(1, 11, 4),
        build=28,
        values={},
        touched=frozenset(),
        corefile=GOOD,
        base=CorefileBase.STORED,
        grace_seconds=30,
        grace_source=GraceSource.LIVE,
        pre_stop_seconds=0,
        propagation=Propagation(SECOND, is_default=False),
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # fields by name, checked by the dataclass


def touching(**values: object) -> Facts:
    return facts(values=values, touched=frozenset(values))


def lameducks(*seconds: float, before: tuple[float, ...] = (5,)) -> CorefileFacts:
    now, then = (tuple(int(one * SECOND) for one in many) for many in (seconds, before))
    return replace(GOOD, lameducks=now, lameducks_before=then)


def found(state: Facts) -> list[tuple[str, str]]:
    return [(finding.rule, finding.severity.value) for finding in check(state)]


def summary(state: Facts, rule: str) -> str:
    return next(finding.summary for finding in check(state) if finding.rule == rule)


def test_a_sound_state_has_no_findings():
    assert found(facts(values={"replicaCount": 3, "podDisruptionBudget": {"maxUnavailable": 1}})) == []


@pytest.mark.parametrize(
    ("seconds", "grace", "pre_stop", "said"),
    [
        ((5,), 30, 0, None),
        ((20,), 30, 0, None),
        ((20,), 45, 15, None),
        ((30,), 30, 0, "0 s are left for a clean shutdown"),
        (
            (30,),
            30,
            5,
            (
                "preStop 5 s + lameduck 30 s against a grace period of 30 s, from the live Deployment: "
                "the last 5 s are cut off"
            ),
        ),
        ((30,), 20, 0, "the last 10 s are cut"),
        ((15, 15.5), 30, 0, "lameduck 15 s + lameduck 15.5 s"),
        ((0,), 30, 0, "neither lameduck nor preStop is set"),
        ((-5,), 30, 0, "neither lameduck nor preStop is set"),
        ((), 30, 0, "neither lameduck nor preStop is set"),
    ],
)
def test_termination_budget_says_exactly_what_is_cut(seconds, grace, pre_stop, said):
    state = facts(corefile=lameducks(*seconds), grace_seconds=grace, pre_stop_seconds=pre_stop)
    if said is None:
        assert found(state) == []
    else:
        assert said in summary(state, "termination-budget")
        assert found(state) == [("termination-budget", "warning")]


def test_the_remedy_of_a_cut_budget_is_consistent():
    state = facts(corefile=lameducks(30), pre_stop_seconds=5)
    (finding,) = check(state)
    assert finding.detail == "raise terminationGracePeriod to 45s, or lower lameduck to 15s"
    assert found(replace(state, grace_seconds=45)) == []
    assert found(replace(state, corefile=lameducks(15))) == []


def test_no_lameduck_fits_where_pre_stop_fills_the_grace():
    (finding,) = check(facts(corefile=lameducks(30), pre_stop_seconds=25))
    assert finding.detail == "raise terminationGracePeriod to 65s"


def test_several_blocks_share_the_remedy():
    (finding,) = check(facts(corefile=lameducks(20, 20)))
    assert finding.detail.endswith("or lower lameduck to 10s in each block")


def test_the_stock_grace_is_named_as_an_assumption():
    state = facts(corefile=lameducks(40), grace_source=GraceSource.STOCK)
    assert "the default: the workload plane was not checked" in summary(state, "termination-budget")


def test_nothing_is_known_of_an_unmanaged_corefile():
    assert found(facts(corefile=None, base=CorefileBase.NOT_MANAGED)) == []


@pytest.mark.parametrize(
    ("count", "severity"),
    [(-5, "error"), (0, "error"), (1, "warning"), (2, None), (1000, None), (1001, "error"), (True, None)],
)
def test_replica_count_is_bounded(count, severity):
    expected = [] if severity is None else [("replica-count", severity)]
    assert [one for one in found(touching(replicaCount=count)) if one[0] == "replica-count"] == expected


def test_an_error_that_the_plan_does_not_touch_is_a_warning():
    state = facts(values={"replicaCount": 0}, touched=frozenset({"corefile"}))
    assert ("replica-count", "warning") in found(state)


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ({"maxUnavailble": 1}, "did you mean 'maxUnavailable'?"),
        ({"zzz": 1}, "known keys: enabled, maxUnavailable, minAvailable"),
        ({"enabled": "yes"}, "set it to true or false"),
        ({"maxUnavailable": "abc%"}, "use a number of pods or a percentage"),
        ({"maxUnavailable": "33"}, "use a number of pods or a percentage"),
        ({"maxUnavailable": "101%"}, "use a number of pods or a percentage"),
        ({"maxUnavailable": -1, "enabled": False}, "use a number of pods or a percentage"),
        ({"minAvailable": True}, "use a number of pods or a percentage"),
        ({"maxUnavailable": 1, "minAvailable": 1}, "remove one"),
    ],
)
def test_pdb_mistakes_that_schemas_let_pass_are_errors(budget, said):
    state = touching(replicaCount=3, podDisruptionBudget=budget)
    (finding,) = [one for one in check(state) if one.rule == "pdb-keys"]
    assert said in finding.detail
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("replicas", "budget", "rule"),
    [
        (3, {"maxUnavailable": 1}, None),
        (3, {"maxUnavailable": "33%"}, None),
        (3, {"minAvailable": "50%"}, None),
        (3, {}, None),
        (3, {"maxUnavailable": 0}, "pdb-blocks-evictions"),
        (3, {"maxUnavailable": "0%"}, "pdb-blocks-evictions"),
        (3, {"minAvailable": 3}, "pdb-blocks-evictions"),
        (3, {"minAvailable": "90%"}, "pdb-blocks-evictions"),
        (3, {"maxUnavailable": 3}, "pdb-protects-nothing"),
        (3, {"minAvailable": 0}, "pdb-protects-nothing"),
        (2, {"maxUnavailable": "100%"}, "pdb-protects-nothing"),
        (None, {"maxUnavailable": 2}, "pdb-protects-nothing"),
        (1, {"maxUnavailable": 1}, "pdb-protects-nothing"),
        (0, {"maxUnavailable": 1}, None),
        (3, {"maxUnavailable": 0, "enabled": False}, None),
        (3, {"maxUnavailable": "x"}, None),
    ],
)
def test_a_pdb_is_weighed_against_the_replicas(replicas, budget, rule):
    values = {"podDisruptionBudget": budget} | ({} if replicas is None else {"replicaCount": replicas})
    rules = [name for name, _ in found(touching(**values)) if name.startswith("pdb-") and name != "pdb-keys"]
    assert rules == ([] if rule is None else [rule])


@pytest.mark.parametrize(
    ("scaling", "blocked"), [({"enabled": True, "minReplicas": 4}, False), ({"enabled": True}, True)]
)
def test_under_autoscaling_the_least_replicas_count_for_the_pdb(scaling, blocked):
    state = touching(replicaCount=9, autoScaling=scaling, podDisruptionBudget={"maxUnavailable": 2})
    assert (("pdb-protects-nothing", "warning") in found(state)) is blocked


@pytest.mark.parametrize(
    ("values", "live", "severity"),
    [
        ({"replicaCount": 3}, None, None),
        ({"autoScaling": {"enabled": False}}, None, None),
        ({"autoScaling": {"enabled": True}, "replicaCount": 6}, 6, None),
        ({"autoScaling": {"enabled": True}, "replicaCount": 4}, 6, "error"),
        ({"autoScaling": {"enabled": True}}, 3, "error"),
        ({"autoScaling": {"enabled": True, "minReplicas": 5}, "replicaCount": 3}, None, "error"),
        ({"autoScaling": {"enabled": True, "maxReplicas": 8}, "replicaCount": 8}, None, None),
        ({"autoScaling": {"enabled": True, "maxReplicas": 8}, "replicaCount": 4}, None, "warning"),
        ({"autoScaling": {"enabled": True}, "replicaCount": 4}, None, "warning"),
    ],
)
def test_an_update_under_autoscaling_must_not_cut_replicas(values, live, severity):
    state = replace(touching(**values), live_replicas=live)
    rules = [weight for name, weight in found(state) if name == "replicas-under-autoscaling"]
    assert rules == ([] if severity is None else [severity])


def test_nothing_is_cut_where_nothing_is_updated():
    assert found(facts(values={"autoScaling": {"enabled": True}}, live_replicas=9)) == []


@pytest.mark.parametrize(("least", "most", "bad"), [(2, 10, False), (11, 10, True), (2, None, False)])
def test_autoscaling_bounds_are_compared(least, most, bad):
    state = touching(
        replicaCount=99, autoScaling={"enabled": True, "minReplicas": least, "maxReplicas": most}
    )
    assert (("autoscaling-bounds", "error") in found(state)) is bad


@pytest.mark.parametrize(
    ("health", "ready", "said"),
    [
        ((HEALTH,), (READY,), []),
        ((Listener("0.0.0.0", "8080"),), (Listener("::", "8181"),), []),
        ((), (READY,), ["liveness"]),
        ((Listener("", "8081"),), (READY,), ["liveness"]),
        ((Listener("127.0.0.1", "8080"),), (READY,), ["liveness"]),
        ((HEALTH,), (), ["ready"]),
    ],
)
def test_the_probes_find_their_endpoints(health, ready, said):
    corefile = replace(GOOD, health=health, ready=ready)
    state = facts(corefile=corefile, touched=frozenset({"corefile"}))
    findings = [one for one in check(state) if one.rule == "probe-endpoints"]
    assert [word for word, one in zip(said, findings, strict=True) if word in one.summary] == said
    assert all(one.severity is Severity.ERROR for one in findings)


def test_a_missing_probe_endpoint_may_hide_in_an_import():
    corefile = replace(GOOD, ready=(), may_be_overridden=True)
    assert found(facts(corefile=corefile, touched=frozenset({"corefile"}))) == [
        ("probe-endpoints", "warning")
    ]


@pytest.mark.parametrize(
    ("coredns", "build", "asked"),
    [
        ((1, 8, 7), 21, False),
        ((1, 9, 3), 2, False),
        ((1, 9, 3), 3, True),
        ((1, 10, 1), 5, False),
        ((1, 10, 1), 6, True),
        ((1, 11, 1), 3, True),
        (None, 0, True),
    ],
)
def test_the_readiness_probe_asks_8181_from_known_builds_on(coredns, build, asked):
    assert needs_ready(facts(coredns=coredns, build=build)) is asked


@pytest.mark.parametrize(
    ("base", "touched", "warned"),
    [
        (CorefileBase.PACKAGED, {"corefile"}, True),
        (CorefileBase.LIVE, {"corefile"}, True),
        (CorefileBase.STORED, {"corefile"}, False),
        (CorefileBase.PACKAGED, {"replicaCount"}, False),
    ],
)
def test_a_corefile_that_is_stored_for_the_first_time_is_frozen(base, touched, warned):
    state = facts(base=base, touched=frozenset(touched))
    assert (("corefile-frozen", "warning") in found(state)) is warned


@pytest.mark.parametrize(
    ("coredns", "seconds", "touched", "warned"),
    [
        ((1, 9, 3), 20, {"corefile"}, True),
        ((1, 8, 7), 20, {"corefile"}, True),
        ((1, 10, 1), 20, {"corefile"}, False),
        ((1, 9, 3), 5, {"corefile"}, False),
        ((1, 9, 3), 20, {"replicaCount"}, False),
        (None, 20, {"corefile"}, False),
    ],
)
def test_raising_lameduck_is_warned_of_where_a_reload_sleeps_it(coredns, seconds, touched, warned):
    state = facts(coredns=coredns, corefile=lameducks(seconds), touched=frozenset(touched))
    assert (("reload-sleeps", "warning") in found(state)) is warned
