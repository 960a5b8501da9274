"""Rules about restarts: a reload that meets SIGTERM, and a node that shuts down."""

from dataclasses import replace

import pytest

from eksaddon.domain.basis import CorefileBase, GraceSource
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.propagation import Propagation
from eksaddon.domain.termination import SECOND
from eksaddon.rules import node_shutdown, reload_deadlock
from eksaddon.rules.facts import CorefileFacts, Facts
from eksaddon.rules.registry import check

OLD, FIXED = (1, 12, 4), (1, 13, 0)
BOTH = frozenset({"corefile", "terminationGracePeriodSeconds"})


def facts(**changes: object) -> Facts:
    base = Facts(
        version="v1.12.4-eksbuild.1",
        coredns=OLD,
        build=1,
        values={},
        touched=frozenset(),
        corefile=CorefileFacts((20 * SECOND,), (5 * SECOND,), (), (), frozenset()),
        base=CorefileBase.STORED,
        grace_seconds=45,
        grace_source=GraceSource.DESIRED,
        pre_stop_seconds=5,
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # fields by name, checked by the dataclass


def lameduck(seconds: int) -> CorefileFacts:
    return CorefileFacts((seconds * SECOND,), (5 * SECOND,), (), (), frozenset())


def found(state: Facts, rule: str) -> Diagnostic | None:
    return next((one for one in check(state) if one.rule == rule), None)


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({"touched": BOTH}, Severity.INFO),
        ({"touched": BOTH, "coredns": FIXED}, None),
        ({"touched": BOTH, "coredns": None}, None),
        ({"touched": frozenset({"corefile"})}, None),
        ({"touched": frozenset({"terminationGracePeriodSeconds"})}, None),
        ({"touched": frozenset({"corefile", "podDisruptionBudget.maxUnavailable"})}, None),
        ({"touched": frozenset({"corefile", 'nodeSelector["a/b"]'})}, Severity.WARNING),
        ({"touched": BOTH | {"resources.limits.memory"}}, Severity.WARNING),
    ],
)
def test_a_corefile_and_a_restart_in_one_update_are_a_finding_up_to_1_12_4(changes, severity):
    one = found(facts(**changes), reload_deadlock.RULE)
    assert (one.severity if one else None) is severity


@pytest.mark.parametrize(
    ("count", "live", "ends"), [(2, 3, True), (3, 3, False), (4, 3, False), (2, None, False)]
)
def test_fewer_replicas_end_pods_too(count, live, ends):
    state = facts(
        values={"replicaCount": count}, touched=frozenset({"corefile", "replicaCount"}), live_replicas=live
    )
    one = found(state, reload_deadlock.RULE)
    assert (one is not None) is ends
    assert one is None or "ends pods (replicaCount)" in one.summary


def test_the_pause_between_both_planes_is_shown():
    one = found(facts(touched=BOTH), reload_deadlock.RULE)
    assert one is not None
    assert one.summary == (
        "CoreDNS 1.12.4 hangs until SIGKILL if SIGTERM meets a reload: the new Corefile and the restart are "
        "kept 40 s apart"
    )


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({"kubernetes": (1, 34), "corefile": lameduck(30)}, Severity.INFO),
        ({"kubernetes": (1, 33), "corefile": lameduck(30)}, None),
        ({"corefile": lameduck(30)}, None),
        ({"kubernetes": (1, 36), "corefile": lameduck(20)}, None),
        ({"kubernetes": (1, 36), "corefile": None}, None),
        ({"kubernetes": (1, 36), "corefile": lameduck(30), "grace_seconds": 30}, None),
        (
            {
                "kubernetes": (1, 36),
                "corefile": lameduck(60),
                "grace_seconds": 85,
                "propagation": Propagation(30 * SECOND, is_default=False),
            },
            Severity.WARNING,
        ),
    ],
)
def test_a_node_shutdown_cuts_what_critical_pods_need_beyond_30_s(changes, severity):
    one = found(facts(**changes), node_shutdown.RULE)
    assert (one.severity if one else None) is severity


def test_the_time_cut_off_by_a_node_shutdown_is_shown():
    one = found(facts(kubernetes=(1, 34), corefile=lameduck(30)), node_shutdown.RULE)
    assert one is not None
    assert one.summary == (
        "on AL2023 nodes a node shutdown gives CoreDNS 30 s instead of the grace period of 45 s and cuts off "
        "5 s: still long enough for 10 s of propagation (default)"
    )
