"""Checks of where pods run, and of what keeps them apart."""

from collections.abc import Iterator, Mapping

from eksaddon.domain.json import Json
from eksaddon.domain.workload import NotChecked
from eksaddon.rules.audit.facts import AuditFacts, Found
from eksaddon.rules.spread import HOST, ZONE, Strength, anti_affinity, topology_spread

_SEVERAL = 2


def nodes_and_zones(found: AuditFacts) -> Iterator[Found]:
    """Only if every pod is on a known node; zones only if every node's is known."""
    nodes = [pod.node for pod in found.running]
    if len(nodes) < _SEVERAL or not all(nodes):
        return
    if len(set(nodes)) == 1:
        yield Found(
            "one-node",
            f"all {len(nodes)} pods run on one node: DNS stops with it, and they share its limit of "
            "1,024 packets per second to the VPC's resolver",
            "restart the Deployment once there are more nodes; require different nodes with affinity",
        )
        return
    zones = {zone_of(found, pod.node, pod.zone) for pod in found.running}
    if len(zones) == 1 and "" not in zones:
        yield Found(
            "one-zone",
            f"all {len(nodes)} pods run in zone {zones.pop()}",
            "spread them: topologySpreadConstraints over topology.kubernetes.io/zone",
        )


def zone_of(found: AuditFacts, node: str, label: str) -> str:
    known = found.surroundings.zones
    return label or ("" if isinstance(known, NotChecked) else known.get(node, ""))


def spread(found: AuditFacts) -> Iterator[Found]:
    keys = _spread(found)
    if HOST not in keys:
        yield Found(
            "no-spread",
            "neither anti-affinity nor a spread constraint keeps replicas on different nodes",
            "add a pod anti-affinity over kubernetes.io/hostname",
        )
    if ZONE not in keys:
        yield Found(
            "no-zone-spread",
            "no spread constraint or anti-affinity spreads replicas over zones",
            "add a topologySpreadConstraint over topology.kubernetes.io/zone",
        )


def _spread(found: AuditFacts) -> Mapping[str, Strength]:
    """Of the live pod template, else of the configuration with EKS's defaults."""
    if found.live is None:
        values = found.facts.values
        return {**topology_spread(values, is_default=True), **anti_affinity(values)}
    empty: Mapping[str, Json] = {"affinity": {}, "topologySpreadConstraints": []}
    live = {**empty, **found.live.template.spread}
    return {**topology_spread(live, is_default=False), **anti_affinity(live)}
