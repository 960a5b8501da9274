"""Runs every check and gives the verdict: reasons worst first, a grade, and what to do first."""

from collections.abc import Iterator
from typing import assert_never

from eksaddon.corefile.syntax.versions import NEWEST_KNOWN, show_version
from eksaddon.domain.audit.network import DnsNetwork
from eksaddon.domain.audit.verdict import SEVERITIES, WORST_FIRST, AuditWord, Grade, Level, Reason, Verdict
from eksaddon.domain.cause import Trouble
from eksaddon.domain.workload import NotChecked, Workload
from eksaddon.rules.audit.acls import network_acls
from eksaddon.rules.audit.addon import edits, health, network, owners, versions
from eksaddon.rules.audit.budgets import budgets
from eksaddon.rules.audit.container import limits, pods, probes
from eksaddon.rules.audit.corefile import endpoints, frozen, queries, start
from eksaddon.rules.audit.facts import AuditFacts, Check, Found
from eksaddon.rules.audit.placement import nodes_and_zones, spread, zone_of
from eksaddon.rules.audit.port53 import dns_port
from eksaddon.rules.audit.replicas import proofs, replicas, scaling, scaling_reset
from eksaddon.rules.audit.shutdown import exec_pre_stop, node_shutdown, reload_hang, shutdown
from eksaddon.rules.audit.table import CHECKS

ALL: tuple[Check, ...] = (
    proofs,
    replicas,
    scaling,
    scaling_reset,
    budgets,
    shutdown,
    exec_pre_stop,
    node_shutdown,
    reload_hang,
    start,
    endpoints,
    queries,
    frozen,
    nodes_and_zones,
    spread,
    probes,
    limits,
    pods,
    health,
    versions,
    edits,
    owners,
    network,
    dns_port,
    network_acls,
)
_ORDER = {check: number for number, check in enumerate(CHECKS)}
_MANY_MEDIUM = 3
_MANY_HIGH = 2


def judge(facts: AuditFacts) -> Verdict:
    reasons = tuple(sorted((_reason(one) for check in ALL for one in check(facts)), key=_rank))
    unread = tuple(_unread(facts))
    word = _word(reasons)
    if word is AuditWord.GOOD and facts.live is None:
        return Verdict(AuditWord.UNVERIFIED, None, reasons, _access(facts), unread)
    if word is AuditWord.GOOD and not facts.corefile:
        return Verdict(AuditWord.UNVERIFIED, None, reasons, _OTHER_COREFILE, unread)
    return Verdict(word, grade(reasons), reasons, _first(reasons), unread)


_OTHER_COREFILE = "check the Corefile that the pods mount with `eksdns corefile lint`"


def _rank(reason: Reason) -> tuple[int, int]:
    return WORST_FIRST.index(reason.level), _ORDER[reason.rule]


def _reason(one: Found) -> Reason:
    row = CHECKS[one.check]
    return Reason(
        SEVERITIES[row.level], one.check, one.summary, one.fix, level=row.level, sources=row.sources
    )


def grade(reasons: tuple[Reason, ...]) -> Grade:
    levels = [reason.level for reason in reasons]
    high, medium = levels.count(Level.HIGH), levels.count(Level.MEDIUM)
    if high >= _MANY_HIGH or (high and medium >= _MANY_MEDIUM):
        return Grade.F
    if high or medium >= _MANY_MEDIUM:
        return Grade.D
    if medium:
        return Grade.C
    return Grade.B if Level.LOW in levels else Grade.A


def _word(reasons: tuple[Reason, ...]) -> AuditWord:
    levels = {reason.level for reason in reasons}
    if Level.HIGH in levels:
        return AuditWord.AT_RISK
    return AuditWord.WEAK if Level.MEDIUM in levels else AuditWord.GOOD


def _first(reasons: tuple[Reason, ...]) -> str:
    """The fix of the first reason that counts."""
    return next((one.detail for one in reasons if one.level is not Level.NOTE), "")


def _access(facts: AuditFacts) -> str:
    """What to do first where nothing is known to be wrong, and the cluster was not read."""
    hint = facts.workload.hint if isinstance(facts.workload, NotChecked) else ""
    return hint or "give the role read access to the cluster; `eksdns doctor --cluster NAME` shows how"


def _unread(facts: AuditFacts) -> Iterator[str]:
    if not isinstance(facts.workload, Workload):
        yield f"the live objects were not read: {facts.workload.reason}"
        yield from _unread_in_aws(facts)
        return
    yield from _corefile_unread(facts)
    parts = facts.surroundings
    is_known = all(zone_of(facts, pod.node, pod.zone) for pod in facts.running)
    if isinstance(parts.zones, NotChecked) and not is_known:
        yield f"the zones of the nodes were not read: {parts.zones.reason}"
    if isinstance(parts.node_local, NotChecked):
        yield f"NodeLocal DNSCache was not looked for: {parts.node_local.reason}"
    if facts.workload.scalers_unread:
        yield f"other autoscalers were not looked for: {facts.workload.scalers_unread}"
    yield from _unread_in_aws(facts)


def _corefile_unread(facts: AuditFacts) -> Iterator[str]:
    coredns = facts.facts.coredns
    if not facts.corefile:
        yield "the Corefile was not checked: the pods do not mount the ConfigMap coredns, or it is missing"
    elif coredns is None:
        yield "the Corefile was not checked: the version of CoreDNS is unknown"
    elif coredns > NEWEST_KNOWN:
        newest = show_version(NEWEST_KNOWN)
        yield f"the Corefile was checked as for CoreDNS {newest}, the newest that eksdns knows"


def _unread_in_aws(facts: AuditFacts) -> Iterator[str]:
    if isinstance(facts.cluster, Trouble):
        yield f"the cluster's VPC, security groups, tags and version were not read: {facts.cluster}"
    if isinstance(facts.vpc, Trouble):
        yield f"the DNS attributes of the VPC were not read: {facts.vpc}"
    reason = _network_unread(facts)
    if reason:
        yield f"whether security groups allow port 53 to CoreDNS was not checked: {reason}"
    if isinstance(facts.network, DnsNetwork) and facts.network.acls_unread:
        yield f"whether network ACLs allow port 53 was not checked: {facts.network.acls_unread}"
    if isinstance(facts.offer, Trouble):
        yield f"the versions that EKS offers were not read: {facts.offer}"


def _network_unread(facts: AuditFacts) -> str:
    match facts.network:
        case Trouble() as trouble:
            return str(trouble)
        case NotChecked(reason=reason):
            return reason
        case DnsNetwork(unread=unread):
            return unread
        case None:
            return ""
        case unknown:
            assert_never(unknown)
