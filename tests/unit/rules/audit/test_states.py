"""Verdicts on cluster states that were written by hand from the sources of the checks."""

from datetime import date
from typing import Any

import pytest

from eksaddon.domain.audit.surroundings import ClusterFacts, Surroundings, VpcDns
from eksaddon.domain.audit.verdict import AuditWord, Grade
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.kube.template import HttpProbe
from eksaddon.domain.observed import HealthIssue
from eksaddon.domain.versions.offered import VersionList
from eksaddon.domain.workload import Budget, ForeignField, Owner, RollingOut, RolloutStuck
from eksaddon.rules.audit.table import CHECKS
from eksaddon.schema import default_corefile, parse_version
from tests.support.audit_cases.clusters import (
    DENIED,
    EKS,
    GOOD_VALUES,
    KUBECTL,
    NEW,
    OLD,
    OLDEST,
    SPREAD,
    ZONES,
    State,
    both,
    corefile,
    live,
    pods,
    shutting_down,
    template,
)
from tests.support.audit_cases.networks import NETWORKS
from tests.support.audit_cases.settings import SETTINGS

A, B, C, D, F = Grade
GOOD, WEAK, AT_RISK, UNVERIFIED = AuditWord.GOOD, AuditWord.WEAK, AuditWord.AT_RISK, AuditWord.UNVERIFIED
STOCK = default_corefile(parse_version(NEW)).text  # type: ignore[union-attr]  # a known version
NO_VALUES: dict[str, Any] = {"values": {"replicaCount": 3}, "workload": live(corefile=STOCK)}
"""As EKS installs it, but for the replicas."""

BROKEN = corefile().replace("errors\n", "errrors\n")
LATER = corefile().replace("    ready\n", "    ready {\n        later\n    }\n")
"""`ready` with an unknown property: ignored from 1.12.2 to 1.14.3 (source: coredns#8119)."""

NO_READY = corefile().replace("    ready\n", "")
NO_UPSTREAM = corefile().replace("    forward . /etc/resolv.conf\n", "")
SELF = {"is_managed": False}
TAGGED = {"addon": {"tags": (("crossplane-kind", "addon.eks.aws.upbound.io"),)}}

STATES: dict[str, tuple[dict[str, Any], str, AuditWord, Grade | None]] = {
    **NETWORKS,
    **SETTINGS,
    # the Corefile
    "Corefile that CoreDNS refuses": (both(BROKEN), "corefile-refused corefile-stored", AT_RISK, D),
    "Corefile that a later CoreDNS refuses": (
        both(LATER),
        "corefile-refused-later corefile-stored",
        WEAK,
        C,
    ),
    "no `ready`": (both(NO_READY), "probe-endpoints corefile-stored", AT_RISK, D),
    "no `health`": (
        both(corefile().replace("    health {\n        lameduck 20s\n    }\n", "")),
        "probe-endpoints short-shutdown corefile-stored",
        AT_RISK,
        D,
    ),
    "no upstream": (both(NO_UPSTREAM), "queries-fail corefile-stored", AT_RISK, D),
    "Corefile that does not parse": (both(".:53 {\n"), "corefile-refused corefile-stored", AT_RISK, D),
    # edits in the cluster
    "Corefile edited by hand": (
        {"workload": live(corefile=corefile("15s"), corefile_owner=KUBECTL)},
        "hand-edits corefile-stored",
        WEAK,
        C,
    ),
    "default Corefile edited by hand": (
        {"values": {"replicaCount": 3}, "workload": live(corefile_owner=KUBECTL)},
        "hand-edits",
        WEAK,
        C,
    ),
    "limit set by kubectl": (
        {"workload": live(foreign=(ForeignField("Deployment", "resources.limits.memory", "1Gi", KUBECTL),))},
        "hand-edits corefile-stored",
        WEAK,
        C,
    ),
    "annotation of Argo CD": (
        {
            "workload": live(
                foreign=(ForeignField("Deployment", "spec.x", "1", Owner("argocd-controller", "Apply")),)
            )
        },
        "corefile-stored managed-by",
        GOOD,
        A,
    ),
    "scaled by the HPA's controller": (
        {"workload": live(replicas=6, replicas_owner=Owner("kube-controller-manager", "Update"))},
        "corefile-stored",
        GOOD,
        A,
    ),
    # placement
    "all on one node": (
        {"workload": live(pods=pods("node-a", "node-a", "node-a"))},
        "one-node corefile-stored",
        AT_RISK,
        D,
    ),
    "all in one zone": (
        {
            "workload": live(pods=pods("node-a", "node-d")),
            "around": Surroundings({**ZONES, "node-d": "eu-west-1a"}),
        },
        "one-zone corefile-stored",
        WEAK,
        C,
    ),
    "one zone, by the pods' labels": (
        {"workload": live(pods=pods("node-a", "node-b", zone="eu-west-1a")), "around": Surroundings(DENIED)},
        "one-zone corefile-stored",
        WEAK,
        C,
    ),
    "zones unknown": ({"around": Surroundings(zones=DENIED)}, "corefile-stored", GOOD, A),
    "a pod without a node": (
        {"workload": live(pods=pods("node-a", "node-a", ""))},
        "corefile-stored",
        GOOD,
        A,
    ),
    "kubeadm: no zone spread": (
        {"workload": live(template=template(spread={"affinity": SPREAD["affinity"]}))},
        "no-zone-spread corefile-stored",
        GOOD,
        B,
    ),
    "the chart: no spread at all": (
        {"workload": live(template=template(spread={}))},
        "no-spread no-zone-spread corefile-stored",
        WEAK,
        C,
    ),
    # the container
    "CPU limit": (
        {"workload": live(template=template(limits={"cpu": "100m", "memory": "170Mi"}))},
        "cpu-limit corefile-stored",
        WEAK,
        C,
    ),
    "little memory": (
        {"workload": live(template=template(limits={"memory": "100Mi"}))},
        "memory-limit corefile-stored",
        WEAK,
        C,
    ),
    "no limits": ({"workload": live(template=template(limits={}))}, "corefile-stored", GOOD, A),
    "readiness on /health": (
        {"workload": live(template=template(readiness=HttpProbe("/health", "8080")))},
        "readiness-on-health corefile-stored",
        WEAK,
        C,
    ),
    "no probes": (
        {"workload": live(template=template(readiness=None, liveness=None))},
        "no-readiness no-liveness corefile-stored",
        AT_RISK,
        D,
    ),
    "pods killed for memory": (
        {
            "workload": live(
                pods=(
                    *pods("node-a", "node-b"),
                    *pods("node-c", is_ready=False, trouble="CrashLoopBackOff (last exit: OOMKilled)"),
                ),
                rollout=RollingOut("1 of 3"),
            )
        },
        "pods-failing corefile-stored",
        AT_RISK,
        D,
    ),
    "rollout in progress": (
        {"workload": live(rollout=RollingOut("2 of 3 pods"))},
        "rollout-unfinished corefile-stored",
        WEAK,
        C,
    ),
    "rollout that is stuck": (
        {"workload": live(rollout=RolloutStuck("progress deadline exceeded"))},
        "rollout-unfinished corefile-stored",
        WEAK,
        C,
    ),
    # the add-on
    "degraded": (
        {"addon": {"status": "DEGRADED", "issues": (HealthIssue("InsufficientNumberOfReplicas", "0/3"),)}},
        "addon-unhealthy corefile-stored",
        AT_RISK,
        D,
    ),
    "update failed": (
        {"addon": {"status": "UPDATE_FAILED"}},
        "addon-unhealthy corefile-stored",
        AT_RISK,
        D,
    ),
    "updating": ({"addon": {"status": "UPDATING"}}, "corefile-stored update-running", GOOD, A),
    "configuration that is none": ({"values": "{"}, "values-unreadable", AT_RISK, D),
    "CoreDNS 1.11.4": ({"version": OLD}, "reload-hang corefile-stored", GOOD, B),
    "CoreDNS 1.9.3 before `ready`": (
        {"version": OLDEST, **both(NO_READY)},
        "reload-hang corefile-stored",
        GOOD,
        B,
    ),
    "unknown version": ({"version": "v2"}, "corefile-stored", GOOD, A),
    "self-managed": ({**SELF, "workload": live()}, "self-managed", GOOD, B),
    "self-managed by an image of another form": (
        {**SELF, "workload": live(template=template(image="coredns@sha256:00"))},
        "self-managed",
        GOOD,
        B,
    ),
    "self-managed and old": (
        {
            **SELF,
            "workload": live(template=template(image="r.invalid/coredns:v1.11.4"), corefile=NO_READY),
        },
        "probe-endpoints reload-hang self-managed",
        AT_RISK,
        D,
    ),
    "version that EKS no longer offers": (
        {"offer": VersionList("1.35", ("v1.14.3-eksbuild.20", "v1.14.3-eksbuild.2"), "v1.14.3-eksbuild.2")},
        "version-unlisted version-behind corefile-stored",
        WEAK,
        C,
    ),
    "newest version": ({"offer": VersionList("1.35", (NEW,), NEW)}, "corefile-stored", GOOD, A),
    "Kubernetes out of support": (
        {"cluster": ClusterFacts("1.31"), "today": date(2026, 11, 30)},
        "kubernetes-support corefile-stored",
        WEAK,
        C,
    ),
    "Kubernetes in extended support": (
        {"cluster": ClusterFacts("1.33"), "today": date(2026, 11, 30)},
        "corefile-stored kubernetes-ends",
        GOOD,
        A,
    ),
    "Kubernetes in standard support": (
        {"cluster": ClusterFacts("1.36"), "today": date(2026, 11, 30)},
        "corefile-stored",
        GOOD,
        A,
    ),
    # owners and the network
    "Crossplane": (TAGGED, "corefile-stored managed-by", GOOD, A),
    "cluster of eksctl": (
        {"cluster": ClusterFacts(tags=(("alpha.eksctl.io/cluster-name", "shop"),))},
        "corefile-stored managed-by",
        GOOD,
        A,
    ),
    "NodeLocal DNSCache": (
        {"around": Surroundings(ZONES, node_local=True)},
        "corefile-stored node-local-dns",
        GOOD,
        A,
    ),
    "VPC without DNS": (
        {"vpc": VpcDns(support=False, hostnames=False)},
        "vpc-dns corefile-stored",
        AT_RISK,
        D,
    ),
    "VPC without hostnames": (
        {"vpc": VpcDns(support=True, hostnames=False)},
        "vpc-dns corefile-stored",
        AT_RISK,
        D,
    ),
    "VPC with DNS": ({"vpc": VpcDns(support=True, hostnames=True)}, "corefile-stored", GOOD, A),
    # not everything could be read
    "objects denied, nothing known": (
        {"workload": DENIED, "around": DENIED},
        "corefile-stored",
        UNVERIFIED,
        None,
    ),
    "objects denied, lameduck 5 s stored": (
        {"values": {**GOOD_VALUES, "corefile": corefile("5s")}, "workload": DENIED, "around": DENIED},
        "short-shutdown corefile-frozen",
        WEAK,
        C,
    ),
    "objects denied, one replica stored": (
        {"values": {**GOOD_VALUES, "replicaCount": 1}, "workload": DENIED, "around": DENIED},
        "one-replica corefile-stored",
        AT_RISK,
        D,
    ),
    "objects denied, autoScaling from one": (
        {
            "values": {**GOOD_VALUES, "autoScaling": {"enabled": True, "minReplicas": 1}},
            "workload": DENIED,
            "around": DENIED,
        },
        "one-replica scaling-bounds corefile-stored",
        AT_RISK,
        D,
    ),
    "objects denied, budget off": (
        {
            "values": {**GOOD_VALUES, "podDisruptionBudget": {"enabled": False}},
            "workload": DENIED,
            "around": DENIED,
        },
        "no-budget corefile-stored",
        WEAK,
        C,
    ),
    "objects denied, budget blocks": (
        {
            "values": {**GOOD_VALUES, "podDisruptionBudget": {"enabled": True, "maxUnavailable": 0}},
            "workload": DENIED,
            "around": DENIED,
        },
        "budget-blocks corefile-stored",
        AT_RISK,
        D,
    ),
    "objects denied, CPU limit stored": (
        {
            "values": {**GOOD_VALUES, "resources": {"limits": {"cpu": "100m"}}},
            "workload": DENIED,
            "around": DENIED,
        },
        "cpu-limit corefile-stored",
        WEAK,
        C,
    ),
    "cluster not described": (
        {"cluster": Trouble(Cause.DENIED, "denied"), "workload": live(corefile_owner=EKS)},
        "corefile-stored",
        GOOD,
        A,
    ),
    # several at once
    "two high reasons": (
        {
            "values": {**GOOD_VALUES, "replicaCount": 1},
            "workload": live(
                replicas=1, pods=pods("node-a"), budgets=(Budget("a", "1"), Budget("b", "", "1"))
            ),
        },
        "one-replica two-budgets budget-blocks corefile-stored",
        AT_RISK,
        F,
    ),
    "three medium reasons": (
        {
            **shutting_down("5s"),
            "workload": live(
                corefile=corefile("5s"),
                grace_seconds=30,
                pre_stop_seconds=0,
                budgets=(),
                template=template(limits={"cpu": "1"}),
            ),
        },
        "short-shutdown no-budget cpu-limit corefile-frozen",
        WEAK,
        D,
    ),
}


@pytest.mark.parametrize("name", STATES)
def test_a_state_has_its_reasons_verdict_and_grade(name: str) -> None:
    changes, reasons, word, grade = STATES[name]
    verdict = State(**changes).verdict
    assert {one.rule for one in verdict.reasons} == set(reasons.split()), name
    assert (verdict.word, verdict.grade) == (word, grade)


def test_there_are_sixty_states_or_more_and_every_check_is_in_one() -> None:
    named = {check for _, reasons, *_ in STATES.values() for check in reasons.split()}
    assert len(STATES) >= 60
    assert set(CHECKS) == named
