"""Checks an upgrade of the add-on or of Kubernetes for every cluster; writes nothing."""

from collections.abc import Mapping
from dataclasses import replace

from eksaddon.app.fleet.fleet import Fleet
from eksaddon.app.fleet.plan import Seen, Upgrade, make_plan
from eksaddon.app.session import Session
from eksaddon.domain.cause import Trouble
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import ClusterPlan, Plan
from eksaddon.domain.rollout.strategy import unstaged
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.versions.desired import DefaultVersion, read_desired_version
from eksaddon.domain.versions.offered import VersionList
from eksaddon.plan.digest import plan_digest
from eksaddon.plan.version.move import VERSION_PATH
from eksaddon.regex import regex
from eksaddon.rules.version.order import upgrade_order

_KUBERNETES = regex(r"1\.[0-9]{1,3}")


def read_upgrade(text: str) -> Upgrade:
    """Read `--to`.

    Raises:
        EksdnsError: Neither an add-on version nor a Kubernetes version.
    """
    if _KUBERNETES.fullmatch(text):
        return Upgrade(DefaultVersion(), text)
    version = read_desired_version(text)
    if version is None:
        raise EksdnsError(
            f"--to: invalid version {text!r}",
            hint="use an add-on version, default, latest or a Kubernetes version (examples: "
            "v1.13.2-eksbuild.21, 1.35)",
            exit_code=ExitCode.USAGE,
        )
    return Upgrade(version)


def check_upgrade(
    fleet: Fleet, session: Session, seen: Seen, upgrade: Upgrade, *, strict: bool, corefiles: bool
) -> Plan:
    """Plan the upgrade of every target, with the order of control plane and add-on.

    Args:
        corefiles: Read the live objects.
    """
    made = make_plan(fleet, session, seen, strict=strict, corefiles=corefiles, upgrade=upgrade)
    clusters = made.clusters
    if upgrade.kubernetes:
        now = _lists(session, [one.target.ref for one in clusters if one.version])
        then = {ref: session.versions.offered(ref.scope, upgrade.kubernetes) for ref in now}
        clusters = tuple(_ordered(one, now, then) for one in clusters)
    return replace(made, clusters=clusters, digest=plan_digest(clusters), waves=(), strategy=unstaged())


def _lists(session: Session, refs: list[ClusterRef]) -> Mapping[ClusterRef, VersionList | Trouble]:
    """The versions that EKS offers for each cluster's own Kubernetes version."""

    def read(ref: ClusterRef) -> VersionList | Trouble:
        kubernetes = session.versions.kubernetes(ref)
        if isinstance(kubernetes, Trouble):
            return kubernetes
        return session.versions.offered(ref.scope, kubernetes)

    return dict(session.executor.each(refs, read, lane=lambda ref: ref.scope))


def _ordered(
    cluster: ClusterPlan,
    now: Mapping[ClusterRef, VersionList | Trouble],
    then: Mapping[ClusterRef, VersionList | Trouble],
) -> ClusterPlan:
    """The plan with what is to be upgraded first."""
    ref = cluster.target.ref
    if ref not in now:
        return replace(cluster, wave="")
    moved = next((str(one.after) for one in cluster.changes if one.path == VERSION_PATH), cluster.version)
    found = upgrade_order(cluster.version, moved, now[ref], then[ref])
    return replace(cluster, wave="", diagnostics=(*cluster.diagnostics, found))
