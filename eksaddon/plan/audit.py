"""Builds the input of an audit from observations, and gives the verdict on a cluster; pure."""

import re
from collections.abc import Iterator
from datetime import date
from typing import assert_never

from eksaddon.corefile.diff.difference import Difference, compare
from eksaddon.domain.audit.network import NetworkSeen
from eksaddon.domain.audit.owner import Tool
from eksaddon.domain.audit.surroundings import ClusterSeen, Surroundings, VpcSeen
from eksaddon.domain.audit.verdict import AuditWord, Verdict
from eksaddon.domain.basis import CorefileBase, GraceSource
from eksaddon.domain.cause import Trouble
from eksaddon.domain.json import JsonObject
from eksaddon.domain.kube.pods import own_running
from eksaddon.domain.observed import (
    AutoMode,
    Connected,
    Managed,
    NotActive,
    NotInstalled,
    Observed,
    RegionUnavailable,
    Unreachable,
)
from eksaddon.domain.propagation import DEFAULT, Propagation
from eksaddon.domain.versions.offered import VersionList
from eksaddon.domain.workload import STOCK_GRACE_SECONDS, NotChecked, Workload, WorkloadState, by_whom
from eksaddon.frozen import dataclass
from eksaddon.plan.corefile_reading import Reading, corefile_facts, read_corefile
from eksaddon.regex import regex
from eksaddon.rules.audit.facts import AuditFacts
from eksaddon.rules.audit.judge import judge
from eksaddon.rules.facts import Facts
from eksaddon.rules.owners import MANAGERS
from eksaddon.rules.pdb_effect import DEFAULT_REPLICAS
from eksaddon.rules.scaled_down import left_down
from eksaddon.schema import DefaultCorefile, default_corefile, parse_version
from eksaddon.values import Unreadable, parse_values

_TAG = regex(r":v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:-eksbuild\.(\d{1,6}))?(?=$|[-_@])", re.ASCII)
_CONTROLLERS = frozenset({"kube-controller-manager", "cluster-proportional-autoscaler", "keda"})
"""Managers that write by design; their writes are not manual edits."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was read of a cluster that runs CoreDNS, in addition to the add-on.

    Attributes:
        offer: None if it was not asked for, like `vpc` and `network`.
    """

    workload: WorkloadState
    cluster: ClusterSeen
    around: Surroundings | NotChecked
    offer: VersionList | Trouble | None = None
    vpc: VpcSeen | None = None
    owner: Tool | None = None
    network: NetworkSeen | None = None


def audit(
    observed: Observed, look: Look, *, propagation: Propagation = DEFAULT, today: date | None = None
) -> Verdict:
    """The verdict on one target; not read is never good.

    Args:
        today: UTC; None to leave ends of support aside.
    """
    match observed:
        case Managed():
            return judge(audit_facts(observed, look, propagation=propagation, today=today))
        case NotInstalled():
            return judge(audit_facts(None, look, propagation=propagation, today=today))
        case AutoMode() | NotActive() | Connected() | RegionUnavailable():
            return Verdict(AuditWord.SKIPPED, None)
        case Unreachable():
            return Verdict(AuditWord.UNREACHABLE, None)
        case _:
            assert_never(observed)


def audit_facts(
    addon: Managed | None, look: Look, *, propagation: Propagation = DEFAULT, today: date | None = None
) -> AuditFacts:
    """The input of the checks.

    Args:
        addon: None for a self-managed CoreDNS.
    """
    values = parse_values(addon.text if addon else None)
    unreadable = values.reason if isinstance(values, Unreadable) else ""
    tree: JsonObject = {} if isinstance(values, Unreadable) else values.tree
    live = look.workload if isinstance(look.workload, Workload) else None
    stored, default = _text(tree.get("corefile")), _default(addon)
    corefile = _in_force(live, stored or default)
    return AuditFacts(
        facts=_facts(addon, live, tree, corefile, propagation),
        addon=addon,
        workload=look.workload,
        cluster=look.cluster,
        around=look.around,
        corefile=corefile,
        stored_corefile=stored,
        default_corefile=default,
        edits=tuple(_edits(live, tree, stored or default)) if addon and live and not unreadable else (),
        unreadable=unreadable,
        vpc=look.vpc,
        offer=look.offer,
        today=today,
        owner=look.owner,
        network=look.network,
    )


def _facts(
    addon: Managed | None, live: Workload | None, tree: JsonObject, corefile: str, propagation: Propagation
) -> Facts:
    coredns, build = _version(addon, live)
    reading = read_corefile(corefile) if corefile else None
    return Facts(
        version=addon.version if addon else "",
        coredns=coredns,
        build=build,
        values=tree,
        touched=frozenset(),
        corefile=corefile_facts(reading, reading) if isinstance(reading, Reading) else None,
        base=CorefileBase.LIVE if live else CorefileBase.STORED,
        grace_seconds=live.grace_seconds if live else STOCK_GRACE_SECONDS,
        grace_source=GraceSource.LIVE if live else GraceSource.STOCK,
        pre_stop_seconds=live.pre_stop_seconds if live else 0,
        live_replicas=live.replicas if live else None,
        propagation=propagation,
        kubernetes=live.version if live else (0, 0),
    )


def _version(addon: Managed | None, live: Workload | None) -> tuple[tuple[int, int, int] | None, int]:
    """CoreDNS version and build: of the add-on, else of the image; None if the tag has another form."""
    parsed = parse_version(addon.version) if addon else None
    if parsed is not None:
        return parsed.coredns, parsed.build
    found = _TAG.search(live.template.image) if live and addon is None else None
    if found is None:
        return None, 0
    major, minor, patch, build = (int(part or 0) for part in found.groups())
    return (major, minor, patch), build


def _text(value: object) -> str:
    return value if isinstance(value, str) and value.strip() else ""


def _default(addon: Managed | None) -> str:
    """EKS's default Corefile; empty if unknown."""
    found = default_corefile(parse_version(addon.version)) if addon else None
    return found.text if isinstance(found, DefaultCorefile) else ""


def _in_force(live: Workload | None, expected: str) -> str:
    """Empty if the pods mount another ConfigMap, whose Corefile was not read."""
    if live is None:
        return expected
    pods = own_running(live.pods)
    if pods and not any(pod.reads_corefile for pod in pods):
        return ""
    return live.corefile or expected


def _edits(live: Workload, tree: JsonObject, expected: str) -> Iterator[str]:
    if live.corefile and expected and not _is_same(live.corefile, expected):
        yield f"the Corefile{by_whom(live.corefile_owner)}"
    stored = tree.get("replicaCount")
    count = DEFAULT_REPLICAS if stored is None else stored
    is_count = isinstance(count, int | float) and not isinstance(count, bool)
    if is_count and not _is_scaled(live, tree) and live.replicas != count and not left_down(live):
        yield f"{live.replicas} replicas instead of {count}{by_whom(live.replicas_owner)}"
    for field in live.foreign:
        if field.owner.manager not in {*MANAGERS, *_CONTROLLERS}:
            yield f"{field.path}{by_whom(field.owner)}"


def _is_same(one: str, other: str) -> bool:
    if one == other:
        return True
    difference = compare(one, other)
    return isinstance(difference, Difference) and difference.is_empty


def _is_scaled(live: Workload, tree: JsonObject) -> bool:
    scaling = tree.get("autoScaling")
    is_enabled = isinstance(scaling, dict) and scaling.get("enabled") is True
    owner = live.replicas_owner
    is_controlled = owner is not None and owner.manager in _CONTROLLERS
    return bool(live.scalers) or is_enabled or is_controlled
