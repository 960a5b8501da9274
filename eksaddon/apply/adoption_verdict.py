"""Decides from observations how the adoption of a running CoreDNS proceeds; pure."""

from collections.abc import Iterator
from typing import assert_never

from eksaddon.apply.verdict import outcome_of
from eksaddon.domain.adoption import Adoption, Manifests, ManifestsSeen, NoCoreDns, member
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import AutoMode, Managed, NotInstalled, Observed, Unreachable
from eksaddon.domain.proof import (
    LiveDiffers,
    LiveMatches,
    LiveSeen,
    LiveUndecided,
    Proof,
    Replaced,
    Unhealthy,
    health_trouble,
    is_healthy,
    verdict,
)
from eksaddon.domain.run.outcome import Failed, Outcome, RolledBack, Stale, Unproven, UnreachableTarget
from eksaddon.domain.versions.offered import VersionMove
from eksaddon.domain.workload import NotChecked, RolledOut, RollingOut, RolloutStuck

CREATING, CREATE_FAILED, DELETING = "CREATING", "CREATE_FAILED", "DELETING"


def is_own(observed: Observed, plan: Adoption) -> bool:
    """Whether the add-on is that of the adoption, by its document."""
    return isinstance(observed, Managed) and (observed.version, observed.text) == (plan.version, plan.text)


def lacks_addon(observed: Observed) -> bool:
    """Whether the cluster has no add-on; also in Auto Mode, where node groups can run a CoreDNS."""
    return isinstance(observed, NotInstalled | AutoMode)


def refusal(observed: Observed, seen: ManifestsSeen, plan: Adoption) -> Outcome | None:
    """Why nothing may be written: the cluster changed after planning."""
    match observed:
        case Unreachable(trouble=trouble):
            return UnreachableTarget(trouble)
        case NotInstalled() | AutoMode():
            pass
        case _:
            return Stale("an add-on was installed, or the cluster changed, after planning")
    match seen:
        case NotChecked():
            return unseen(seen)
        case NoCoreDns():
            return Stale("the CoreDNS Deployment was deleted after planning")
        case Manifests():
            is_same = seen.fingerprint == plan.fingerprint
            return None if is_same else Stale("CoreDNS was changed after planning")
        case _:
            assert_never(seen)


def unseen(seen: NotChecked) -> Outcome:
    return UnreachableTarget(Trouble(Cause.WORKLOAD, seen.reason, operation="Kubernetes API"))


def is_over(observed: Observed) -> bool:
    """Whether the state is final; a DEGRADED caused by rolling pods is transient."""
    if isinstance(observed, Managed):
        return is_healthy(observed) or observed.status == CREATE_FAILED
    return not isinstance(observed, Unreachable)


def of_adoption(proof: Proof, plan: Adoption) -> Outcome:
    """The outcome of a creation by the verdict that all commands use, with this command's words."""
    found = verdict(proof, plan.text, None, _is_equal, VersionMove("", plan.version))
    match found:
        case Unhealthy() if isinstance(proof.observed, Managed):
            return Failed(_unhealthy(proof.observed))
        case Replaced():
            return Failed(Trouble(Cause.NOT_AS_PLANNED, _replaced(proof.observed), operation="DescribeAddon"))
        case _:
            return outcome_of(found, "")


def _replaced(observed: Observed) -> str:
    if isinstance(observed, Managed):
        return "EKS stores a version or configuration other than the one sent"
    return "the add-on no longer exists"


def _is_equal(one: str | None, other: str | None) -> bool:
    return one == other


def _unhealthy(observed: Managed) -> Trouble:
    texts = "; ".join(map(str, observed.issues)) or "no reason reported by EKS"
    codes = {each.code for each in observed.issues}
    failed = Cause.CONFLICT if "ConfigurationConflict" in codes else Cause.UPDATE_FAILED
    cause = failed if observed.status == CREATE_FAILED else Cause.UNHEALTHY
    return Trouble(cause, f"the add-on is {observed.status}: {texts}", operation="CreateAddon")


def is_settled(seen: ManifestsSeen, plan: Adoption) -> bool:
    """Whether the state of the workload plane is final."""
    match seen:
        case Manifests(workload=workload) if workload.corefile == plan.corefile:
            return not isinstance(workload.rollout, RollingOut)
        case _:
            return False


def live_of(seen: ManifestsSeen, plan: Adoption) -> LiveSeen:
    """The live objects as evidence of a creation."""
    match seen:
        case NotChecked(reason=reason):
            return LiveUndecided(Trouble(Cause.WORKLOAD, reason, operation="Kubernetes API"))
        case NoCoreDns():
            return LiveDiffers(Trouble(Cause.WORKLOAD, "the CoreDNS Deployment is gone"))
        case Manifests(workload=workload) if workload.corefile != plan.corefile:
            message = "the live Corefile differs from the one sent"
            return LiveDiffers(Trouble(Cause.NOT_AS_PLANNED, message))
        case Manifests(workload=workload):
            match workload.rollout:
                case RolledOut():
                    return _counted(workload.replicas, plan, is_scaled=bool(workload.scalers))
                case RollingOut(why=why):
                    reason = f"the rollout is in progress: {why}"
                    return LiveUndecided(Trouble(Cause.STILL_RUNNING, reason))
                case RolloutStuck(why=why):
                    return LiveDiffers(Trouble(Cause.WORKLOAD, f"the rollout is stuck: {why}"))
                case _:
                    assert_never(workload.rollout)
        case _:
            assert_never(seen)


def _counted(replicas: int, plan: Adoption, *, is_scaled: bool) -> LiveSeen:
    scaling = member(plan.values, "autoScaling").get("enabled") is True
    if replicas == plan.replicas or is_scaled or scaling:
        return LiveMatches()
    message = f"the Deployment has {replicas} replicas instead of {plan.replicas}"
    return LiveDiffers(Trouble(Cause.NOT_AS_PLANNED, message))


def is_removal_over(observed: Observed) -> bool:
    """Whether the add-on is removed, or EKS failed to remove it."""
    return lacks_addon(observed) or (isinstance(observed, Managed) and observed.status == "DELETE_FAILED")


def of_removal(observed: Observed, trouble: Trouble | None) -> Outcome | None:
    """Verify that the add-on is gone; None if it is.

    Args:
        trouble: Error of the request; None if EKS accepted it, or another process sent it.
    """
    match observed:
        case Unreachable(trouble=unread):
            return Unproven(unread)
        case Managed(status=status) if status == DELETING:
            return Unproven(Trouble(Cause.STILL_RUNNING, "EKS is still removing the add-on"))
        case Managed():
            return Failed(trouble or _left(observed))
        case _ if lacks_addon(observed):
            return None
        case _:
            return Failed(Trouble(Cause.UPDATE_FAILED, "the cluster changed while the add-on was removed"))


def _left(observed: Managed) -> Trouble:
    found = health_trouble(observed).message
    return Trouble(Cause.UPDATE_FAILED, f"the add-on was not removed: {found}", operation="DeleteAddon")


def after_removal(seen: ManifestsSeen, corefile: str) -> Outcome:
    """Verify that the live objects are as before.

    Args:
        corefile: The live Corefile before the removal.
    """
    match seen:
        case NotChecked(reason=reason):
            message = f"the add-on was removed, but the live objects could not be read: {reason}"
            return Unproven(Trouble(Cause.WORKLOAD, message, operation="Kubernetes API"))
        case NoCoreDns():
            message = "the add-on was removed, and the CoreDNS Deployment is gone"
            return Failed(Trouble(Cause.WORKLOAD, message))
        case Manifests(workload=workload) if workload.corefile == corefile:
            return RolledBack("")
        case Manifests():
            message = "the add-on was removed, but the live Corefile changed"
            return Failed(Trouble(Cause.WORKLOAD, message))
        case _:
            assert_never(seen)


def what_is_there(observed: Observed, seen: ManifestsSeen, corefile: str) -> Iterator[str]:
    """Sentences on the state after a failure: what exists now, what was lost.

    Args:
        corefile: The live Corefile before the first write.
    """
    match observed:
        case Managed(status=status, version=version):
            yield f"EKS reports add-on {version}, {status}"
        case Unreachable():
            yield "the add-on could not be read from EKS"
        case _:
            yield "EKS reports no add-on"
    match seen:
        case Manifests(workload=workload):
            is_same = workload.corefile == corefile
            yield f"the live Corefile is {'unchanged' if is_same else 'not the original one'}"
            match workload.rollout:
                case RolledOut():
                    yield f"{workload.replicas} pods are running, all from one template"
                case RollingOut(why=why) | RolloutStuck(why=why):
                    yield f"pods are being replaced: {why}"
                case _:
                    assert_never(workload.rollout)
        case NoCoreDns(namespace=namespace):
            yield f"there is no CoreDNS Deployment in {namespace}"
        case NotChecked(reason=reason):
            yield f"the live objects could not be read: {reason}"
        case _:
            assert_never(seen)
