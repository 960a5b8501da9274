"""Converts objects of the Kubernetes API to domain values; pure."""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime

from lightkube.models.core_v1 import Container
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.autoscaling_v2 import HorizontalPodAutoscaler
from lightkube.resources.core_v1 import ConfigMap, Event, Pod
from lightkube.resources.policy_v1 import PodDisruptionBudget

from eksaddon.domain.audit.owner import OWNER_MARKS
from eksaddon.domain.kube.readiness import NO_READINESS, Readiness
from eksaddon.domain.workload import (
    SLEEP,
    STOCK_GRACE_SECONDS,
    Budget,
    ForeignField,
    NotChecked,
    Owner,
    Scaler,
    Workload,
)
from eksaddon.frozen import dataclass
from eksaddon.kube.events import explained
from eksaddon.kube.managed_fields import (
    COREFILE,
    GRACE,
    PRE_STOP,
    READINESS,
    REPLICAS,
    SPEC,
    Entry,
    foreign,
    managers_of,
    owner_of,
)
from eksaddon.kube.pods import NAME, pods_of
from eksaddon.kube.rollout import rollout
from eksaddon.kube.scalers import horizontal
from eksaddon.kube.scaling import record_of
from eksaddon.kube.selectors import selects
from eksaddon.kube.template import template


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of one cluster, read as close together in time as possible.

    Attributes:
        config: None if the ConfigMap does not exist.
        version: Version of the API server.
        others: Autoscalers of other kinds.
        unread: Why these could not be looked for; usually empty.
        events: Warning events of one pod that is not ready and reports no reason.
    """

    deployment: Deployment
    config: ConfigMap | None
    budgets: Sequence[PodDisruptionBudget]
    scalers: Sequence[HorizontalPodAutoscaler]
    pods: Sequence[Pod]
    version: tuple[int, int]
    events: Sequence[Event] = field(default=())
    others: Sequence[Scaler] = field(default=())
    unread: str = ""


def workload(objects: Objects) -> Workload:
    spec = objects.deployment.spec
    pod, about = spec.template.spec, spec.template.metadata
    about_it = objects.deployment.metadata
    entries = managed(about_it)
    sleep, other_kind = pre_stop(own_container(objects.deployment))
    grace = pod.terminationGracePeriodSeconds if pod else None
    labels = dict(about.labels or {}) if about else {}
    pods = explained(pods_of(objects.pods), objects.events)
    return Workload(
        replicas=1 if spec.replicas is None else spec.replicas,
        grace_seconds=STOCK_GRACE_SECONDS if grace is None else grace,
        pre_stop_seconds=sleep,
        corefile=corefile_of(objects.config),
        version=objects.version,
        other_pre_stop=other_kind,
        grace_owner=owner_of(entries, GRACE),
        pre_stop_owner=owner_of(entries, PRE_STOP),
        corefile_owner=owner_of(managed(objects.config.metadata), COREFILE) if objects.config else None,
        replicas_owner=owner_of(entries, REPLICAS),
        budgets=tuple(map(budget, selected(objects.budgets, labels))),
        scalers=(*horizontal(objects.scalers), *objects.others),
        scalers_unread=objects.unread,
        rollout=rollout(objects.deployment, pods),
        pods=pods,
        sidecar_hooks=sidecar_hooks(objects.deployment),
        template=template(own_container(objects.deployment), pod),
        readiness=readiness(objects.deployment),
        marks=marks_of(about_it),
        is_paused=bool(spec.paused),
        scaled_down=record_of(about_it.annotations if about_it else None),
        readiness_owners=(
            owner_of(entries, READINESS[0]),
            owner_of(entries, READINESS[1]),
            owner_of(entries, READINESS[2]),
        ),
        foreign=(
            *foreign(entries, "Deployment", objects.deployment.to_dict()),
            *_beside_the_corefile(objects),
        ),
    )


def marks_of(metadata: ObjectMeta | None) -> tuple[tuple[str, str], ...]:
    """Annotations and labels that tools for deployments set; an annotation comes first."""
    if metadata is None:
        return ()
    found = {**(metadata.labels or {}), **(metadata.annotations or {})}
    return tuple(sorted((key, value) for key, value in found.items() if key in OWNER_MARKS))


def corefile_of(config: ConfigMap | None) -> str | None:
    return (config.data or {}).get("Corefile") if config else None


def _beside_the_corefile(objects: Objects) -> tuple[ForeignField, ...]:
    if objects.config is None:
        return ()
    return foreign(managed(objects.config.metadata), "ConfigMap", objects.config.to_dict())


def managed(metadata: ObjectMeta | None) -> tuple[Entry, ...]:
    found = (metadata.managedFields if metadata else None) or ()
    return tuple(
        Entry(
            Owner(each.manager or "", each.operation or "", _seconds(each.time)),
            each.fieldsV1 if isinstance(each.fieldsV1, dict) else {},
        )
        for each in found
    )


def _seconds(at: object) -> float:
    if isinstance(at, datetime):
        return at.timestamp()
    try:
        return datetime.fromisoformat(str(at)).timestamp()
    except ValueError:
        return 0.0


def readiness(deployment: Deployment) -> Readiness:
    """Of the container coredns; without a value where the object names none, or has no probe."""
    own = own_container(deployment)
    probe = own.readinessProbe if own else None
    if probe is None:
        return NO_READINESS
    return Readiness(probe.periodSeconds, probe.failureThreshold, probe.timeoutSeconds)


def own_container(deployment: Deployment) -> Container | None:
    """CoreDNS's own among the containers of a Deployment."""
    pod = deployment.spec.template.spec
    return next((each for each in (pod.containers if pod else ()) if each.name == NAME), None)


def without_container(deployment: Deployment) -> NotChecked | None:
    """Why nothing can be read or planned for a Deployment whose CoreDNS container has another name.

    Patches and applies find a container by its name (its merge key), so each would add a second container;
    an update of the add-on does the same.
    """
    if own_container(deployment) is not None:
        return None
    pod = deployment.spec.template.spec
    names = ", ".join(each.name for each in (pod.containers if pod else ())) or "none"
    return NotChecked(
        f"the Deployment {NAME} has no container named {NAME} (its containers: {names})",
        f"rename CoreDNS's container to {NAME}; EKS and eksdns find it by this name",
    )


def sidecar_hooks(deployment: Deployment) -> tuple[str, ...]:
    """Hooks of type preStop of the other containers, those of native sidecars included, as `proxy (exec)`."""
    pod = deployment.spec.template.spec
    containers = (*(pod.initContainers or ()), *pod.containers) if pod else ()
    found = ((each.name, pre_stop(each)) for each in containers if each.name != NAME)
    return tuple(f"{name} ({kind or SLEEP})" for name, (sleep, kind) in found if sleep or kind)


def pre_stop(own: Container | None) -> tuple[int, str]:
    """Seconds of sleep, and the kind of any other preStop."""
    handler = own.lifecycle.preStop if own and own.lifecycle else None
    if handler is None:
        return 0, ""
    if handler.sleep is not None:
        return handler.sleep.seconds, ""
    kinds = (("exec", handler.exec), ("httpGet", handler.httpGet), ("tcpSocket", handler.tcpSocket))
    return 0, next((name for name, value in kinds if value is not None), "unknown")


def selected(budgets: Sequence[PodDisruptionBudget], labels: dict[str, str]) -> list[PodDisruptionBudget]:
    """The budgets that select pods with these labels."""
    return [each for each in budgets if selects(each.spec.selector if each.spec else None, labels)]


def budget(each: PodDisruptionBudget) -> Budget:
    spec, status = each.spec, each.status
    return Budget(
        name=(each.metadata.name or "") if each.metadata else "",
        min_available=_text(spec.minAvailable) if spec else "",
        max_unavailable=_text(spec.maxUnavailable) if spec else "",
        allowed=(status.disruptionsAllowed or 0) if status else 0,
        uid=(each.metadata.uid or "") if each.metadata else "",
        generation=(each.metadata.generation or 0) if each.metadata else 0,
        resource_version=(each.metadata.resourceVersion or "") if each.metadata else "",
        managers=managers_of(managed(each.metadata), SPEC),
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)
