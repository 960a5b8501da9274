"""Checks of the add-on, of its owners, and of the network around it."""

from collections.abc import Iterator

from eksaddon.domain.audit.owner import Owned
from eksaddon.domain.audit.surroundings import ClusterFacts, VpcDns
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.versions.offered import VersionList
from eksaddon.rules.audit.facts import AuditFacts, Found
from eksaddon.rules.owners import REVERTS, managed_by, sentence
from eksaddon.rules.version.support import SUPPORT_ENDS, age_findings, support_findings

_RUNNING = frozenset({"CREATING", "UPDATING", "DELETING"})


def health(found: AuditFacts) -> Iterator[Found]:
    addon = found.addon
    if addon is None and found.live is None:
        yield Found(
            "self-managed", "the managed add-on is not installed, and a CoreDNS Deployment was not read"
        )
        return
    if addon is None:
        yield Found(
            "self-managed",
            "CoreDNS is self-managed: EKS updates neither its version nor its Corefile",
            "`eksdns adopt --cluster NAME` turns it into the add-on and keeps its Corefile",
        )
        return
    if found.unreadable:
        yield Found(
            "values-unreadable",
            f"the add-on's configuration cannot be read: {found.unreadable}",
            "store a valid configuration",
        )
    if addon.issues:
        issue = addon.issues[0]
        yield Found(
            "addon-unhealthy",
            f"the add-on has a health issue: {issue}",
            "fix the cause, then `eksdns apply` updates the add-on again",
        )
    elif addon.status in _RUNNING:
        yield Found("update-running", f"the add-on is {addon.status}; the result may change soon")
    elif addon.status != "ACTIVE":
        yield Found(
            "addon-unhealthy",
            f"the add-on is {addon.status}",
            "`eksdns history --cluster NAME` shows the last update; update the add-on again",
        )


def versions(found: AuditFacts) -> Iterator[Found]:
    """How far the add-on is behind, and whether its Kubernetes version leaves support."""
    if found.addon is not None and isinstance(found.offer, VersionList):
        for one in age_findings(found.addon.version, found.offer):
            yield Found(one.rule, one.summary, one.detail)
    kubernetes = found.cluster.kubernetes if isinstance(found.cluster, ClusterFacts) else ""
    if kubernetes and found.today is not None:
        for one in support_findings(kubernetes, found.today):
            is_note = one.severity is Severity.INFO
            check = "kubernetes-ends" if is_note else SUPPORT_ENDS
            yield Found(check, one.summary, "" if is_note else "upgrade the cluster, then the add-on")


def edits(found: AuditFacts) -> Iterator[Found]:
    if found.edits:
        shown = "; ".join(found.edits)
        yield Found(
            "hand-edits",
            f"the cluster differs from the add-on's configuration: {shown}",
            "`eksdns drift --live` shows what the next update keeps, resets or fails on",
        )


def owners(found: AuditFacts) -> Iterator[Found]:
    cluster_tags = found.cluster.tags if isinstance(found.cluster, ClusterFacts) else ()
    addon_tags = found.addon.tags if found.addon else ()
    for one in managed_by(addon_tags, found.workload, cluster_tags, stated=found.owner):
        if one.owned is Owned.CLUSTER:
            yield Found("managed-by", f"{sentence(one)}; the add-on's own tags do not name it")
        else:
            yield Found("managed-by", f"{sentence(one)}: it reverts changes {REVERTS[one.tool]}")


def network(found: AuditFacts) -> Iterator[Found]:
    if found.surroundings.node_local is True:
        yield Found(
            "node-local-dns",
            "NodeLocal DNSCache is installed: pods see fewer losses of CoreDNS, external names do not reach "
            "it, and the cache itself is one pod per node without lameduck",
        )
    if isinstance(found.vpc, VpcDns) and not (found.vpc.support and found.vpc.hostnames):
        off = [
            name
            for name, is_on in (
                ("enableDnsSupport", found.vpc.support),
                ("enableDnsHostnames", found.vpc.hostnames),
            )
            if not is_on
        ]
        yield Found(
            "vpc-dns",
            f"{' and '.join(off)} of the VPC {'is' if len(off) == 1 else 'are'} off",
            "turn both on with `aws ec2 modify-vpc-attribute`",
        )
