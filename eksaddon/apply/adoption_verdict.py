"""Decides from observations how the adoption of a running CoreDNS proceeds; pure."""

from collections.abc import Iterator
from typing import assert_never

from eksaddon.apply.verdict import outcome_of
from eksaddon.domain.adoption import Adoption, Manifests, ManifestsSeen, NoCoreDns, member
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import AutoMode, Managed, NotInstalled, Observed, Unreachable
from eksaddon.domain.proof import Proven, Unhealthy, is_healthy, proof_of, verdict
from eksaddon.domain.run.outcome import Changed, Failed, Outcome, Stale, Unproven, UnreachableTarget
from eksaddon.domain.workload import NotChecked, RolledOut, RollingOut, RolloutStuck

CREATING, CREATE_FAILED = "CREATING", "CREATE_FAILED"


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


def of_addon(observed: Observed, plan: Adoption) -> Outcome | None:
    """Verify the add-on plane; None if it is as planned."""
    match observed:
        case Managed(status="CREATING"):
            return Unproven(Trouble(Cause.STILL_RUNNING, "EKS is still creating the add-on"))
        case Managed() if not is_own(observed, plan):
            message = "EKS stores a version or configuration other than the one sent"
            return Failed(Trouble(Cause.NOT_AS_PLANNED, message, operation="DescribeAddon"))
        case Managed() | Unreachable():
            pass
        case _:
            gone = "the add-on no longer exists"
            return Failed(Trouble(Cause.NOT_AS_PLANNED, gone, operation="DescribeAddon"))
    found = verdict(proof_of(observed), plan.text, None, _is_equal)
    match found:
        case Proven():
            return None
        case Unhealthy() if isinstance(observed, Managed):
            return Failed(_unhealthy(observed))
        case _:
            return outcome_of(found, "")


def _is_equal(one: str | None, other: str | None) -> bool:
    return one == other


def _unhealthy(observed: Managed) -> Trouble:
    texts = (
        "; ".join(f"{each.code}: {each.message}" for each in observed.issues) or "no reason reported by EKS"
    )
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


def of_workload(seen: ManifestsSeen, plan: Adoption) -> Outcome:
    """Verify the workload plane."""
    match seen:
        case NotChecked(reason=reason):
            return Unproven(Trouble(Cause.WORKLOAD, reason, operation="Kubernetes API"))
        case NoCoreDns():
            return Failed(Trouble(Cause.WORKLOAD, "the CoreDNS Deployment is gone"))
        case Manifests(workload=workload):
            if workload.corefile != plan.corefile:
                message = "the live Corefile differs from the one sent"
                return Failed(Trouble(Cause.NOT_AS_PLANNED, message))
            match workload.rollout:
                case RolledOut():
                    return _counted(workload.replicas, plan, is_scaled=bool(workload.scalers))
                case RollingOut(why=why):
                    return Unproven(Trouble(Cause.STILL_RUNNING, f"the rollout is in progress: {why}"))
                case RolloutStuck(why=why):
                    return Failed(Trouble(Cause.WORKLOAD, f"the rollout is stuck: {why}"))
                case _:
                    assert_never(workload.rollout)
        case _:
            assert_never(seen)


def _counted(replicas: int, plan: Adoption, *, is_scaled: bool) -> Outcome:
    scaling = member(plan.values, "autoScaling").get("enabled") is True
    if replicas == plan.replicas or is_scaled or scaling:
        return Changed("")
    message = f"the Deployment has {replicas} replicas instead of {plan.replicas}"
    return Failed(Trouble(Cause.NOT_AS_PLANNED, message))


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
