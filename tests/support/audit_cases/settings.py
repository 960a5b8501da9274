"""Cluster states of shutdowns, replicas and budgets, with the reasons that an audit must find."""

from typing import Any

from eksaddon.domain.audit.verdict import AuditWord, Grade
from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.domain.propagation import Propagation
from eksaddon.domain.workload import Budget, Scaler, ScalerKind
from eksaddon.schema import default_corefile, parse_version
from tests.support.audit_cases.clusters import (
    GOOD_VALUES,
    NEW,
    corefile,
    live,
    pods,
    shutting_down,
)

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

PROPORTIONAL = Scaler("dns-autoscaler", None, None, ScalerKind.PROPORTIONAL)

SETTINGS: dict[str, tuple[dict[str, Any], str, AuditWord, Grade | None]] = {
    # as it should be
    "recommended": ({}, "corefile-stored", GOOD, A),
    "recommended for 2 s": (
        {**shutting_down("4s", 29, 5), "propagation": Propagation(2 * 10**9, is_default=False)},
        "corefile-stored",
        GOOD,
        A,
    ),
    "openshift: 20 s in a grace of 30": (shutting_down("20s", 30), "corefile-stored", GOOD, A),
    # EKS's default and the distributions of the table in the owners sheet
    "EKS's default": (NO_VALUES, "short-shutdown", WEAK, C),
    "EKS's default, stored": (
        {"values": {"replicaCount": 3, "corefile": STOCK}, "workload": live(corefile=STOCK)},
        "short-shutdown corefile-frozen",
        WEAK,
        C,
    ),
    "kops: 10 s": (shutting_down("10s"), "short-shutdown corefile-stored", WEAK, C),
    "Gardener: 15 s": (shutting_down("15s"), "corefile-stored", GOOD, A),
    "EKS's guide: 30 s in a grace of 30": (
        shutting_down("30s"),
        "tight-shutdown corefile-stored",
        GOOD,
        B,
    ),
    "30 s, grace 30, preStop 5": (shutting_down("30s", 30, 5), "cut-shutdown corefile-stored", WEAK, C),
    "aks-engine: 35 s in a grace of 30": (shutting_down("35s"), "cut-shutdown corefile-stored", WEAK, C),
    "cut to less than the propagation": (
        shutting_down("30s", 10),
        "short-shutdown cut-shutdown corefile-stored",
        WEAK,
        C,
    ),
    "k3s: health alone": (shutting_down(None), "unprotected-shutdown corefile-stored", AT_RISK, D),
    "lameduck 0": (shutting_down("0s"), "unprotected-shutdown corefile-stored", AT_RISK, D),
    "preStop alone": (shutting_down(None, 45, 15), "corefile-stored", GOOD, A),
    "preStop by exec": (
        {"workload": live(other_pre_stop="exec")},
        "exec-pre-stop corefile-stored",
        WEAK,
        C,
    ),
    "preStop by httpGet": ({"workload": live(other_pre_stop="httpGet")}, "corefile-stored", GOOD, A),
    "node shutdown on 1.34": (
        {
            **shutting_down("40s", 75, 5, version=(1, 34)),
            "propagation": Propagation(35 * 10**9, is_default=False),
        },
        "node-shutdown corefile-stored",
        WEAK,
        C,
    ),
    # replicas and autoscaling
    "one replica": (
        {"values": {**GOOD_VALUES, "replicaCount": 1}, "workload": live(replicas=1, pods=pods("node-a"))},
        "one-replica corefile-stored",
        AT_RISK,
        D,
    ),
    "no replica": (
        {"values": {**GOOD_VALUES, "replicaCount": 0}, "workload": live(replicas=0, pods=(), budgets=())},
        "no-replica no-budget corefile-stored",
        AT_RISK,
        D,
    ),
    "a proof left no replica": (
        {"workload": live(replicas=0, pods=(), scaled_down=ScaledDown(3, 0))},
        "scaled-down no-replica corefile-stored",
        AT_RISK,
        F,
    ),
    "a proof left one replica": (
        {"workload": live(replicas=1, pods=pods("node-a"), scaled_down=ScaledDown(3, 1))},
        "scaled-down one-replica corefile-stored",
        AT_RISK,
        F,
    ),
    "a proof left two replicas": (
        {"workload": live(replicas=2, pods=pods("node-a", "node-b"), scaled_down=ScaledDown(3, 2))},
        "scaled-down corefile-stored",
        AT_RISK,
        D,
    ),
    "replicas that a proof left were restored by hand": (
        {"workload": live(scaled_down=ScaledDown(3, 0))},
        "scaling-record corefile-stored",
        GOOD,
        B,
    ),
    "scaled by hand without a trace": ({"workload": live(replicas=5)}, "hand-edits corefile-stored", WEAK, C),
    "HPA down to one": (
        {"workload": live(scalers=(Scaler("coredns", 1, 9),))},
        "scaling-bounds corefile-stored",
        WEAK,
        C,
    ),
    "HPA from two": ({"workload": live(scalers=(Scaler("coredns", 2, 9),))}, "corefile-stored", GOOD, A),
    "autoScaling with its bounds swapped": (
        {"values": {**GOOD_VALUES, "autoScaling": {"enabled": True, "minReplicas": 9, "maxReplicas": 3}}},
        "scaling-bounds corefile-stored",
        WEAK,
        C,
    ),
    "autoScaling runs more than replicaCount": (
        {
            "values": {**GOOD_VALUES, "replicaCount": 2, "autoScaling": {"enabled": True, "minReplicas": 2}},
            "workload": live(replicas=8),
        },
        "scaling-reset corefile-stored",
        WEAK,
        C,
    ),
    "autoScaling without a replicaCount": (
        {
            "values": {"corefile": corefile(), "autoScaling": {"enabled": True}},
            "workload": live(replicas=8),
        },
        "scaling-reset corefile-stored",
        WEAK,
        C,
    ),
    "proportional autoscaler": (
        {"workload": live(replicas=4, scalers=(PROPORTIONAL,))},
        "scaling-reset corefile-stored",
        WEAK,
        C,
    ),
    "proportional and horizontal autoscaler": (
        {
            "workload": live(scalers=(Scaler("dns", 2, 9), PROPORTIONAL)),
        },
        "two-scalers corefile-stored",
        WEAK,
        C,
    ),
    "KEDA and the autoscaler that it makes": (
        {
            "workload": live(
                scalers=(Scaler("keda-hpa-dns", 2, 9), Scaler("dns", None, None, ScalerKind.KEDA)),
            )
        },
        "corefile-stored",
        GOOD,
        A,
    ),
    # budgets
    "no budget": ({"workload": live(budgets=())}, "no-budget corefile-stored", WEAK, C),
    "two budgets": (
        {"workload": live(budgets=(Budget("coredns", "", "1", 1), Budget("dns", "1", "", 1)))},
        "two-budgets corefile-stored",
        AT_RISK,
        D,
    ),
    "budget of none": (
        {"workload": live(budgets=(Budget("coredns", max_unavailable="0"),))},
        "budget-blocks corefile-stored",
        AT_RISK,
        D,
    ),
    "budget that needs all": (
        {"workload": live(budgets=(Budget("coredns", min_available="100%"),))},
        "budget-blocks corefile-stored",
        AT_RISK,
        D,
    ),
    "budget that lets all go": (
        {"workload": live(budgets=(Budget("coredns", max_unavailable="100%"),))},
        "budget-protects-nothing corefile-stored",
        WEAK,
        C,
    ),
    "budget of a third": (
        {"workload": live(budgets=(Budget("coredns", max_unavailable="33%"),))},
        "corefile-stored",
        GOOD,
        A,
    ),
    "budget without a bound": ({"workload": live(budgets=(Budget("coredns"),))}, "corefile-stored", GOOD, A),
    "misspelt budget": (
        {"values": {**GOOD_VALUES, "podDisruptionBudget": {"maxUnavailabel": 1}}},
        "budget-invalid corefile-stored",
        WEAK,
        C,
    ),
}
