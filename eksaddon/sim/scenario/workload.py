"""Converts a scenario file's workload to the settings of other field managers."""

from dataclasses import replace
from typing import cast

from eksaddon.domain.json import Json, JsonObject
from eksaddon.sim.addon.update_script import Course
from eksaddon.sim.scenario.faults import course_of
from eksaddon.sim.scenario.model import BudgetModel, DnsModel, OutcomeModel, ScalerModel, WorkloadModel
from eksaddon.sim.workload.applying import Layer, termination_fields
from eksaddon.sim.workload.state import Dns, OtherPod, Placement, Reach, ScaledBy, Scaler, StuckBy, Workload


def workload_of(model: WorkloadModel | None, *, at: float) -> Workload:
    """Convert a workload.

    Args:
        at: Time of the other managers' writes, in seconds since the epoch.
    """
    if model is None:
        return Workload()
    return Workload(
        Reach(model.api),
        owns_grace=model.eks_owns_grace,
        policy_grace=model.policy_grace,
        stuck=bool(model.stuck),
        stuck_by=StuckBy.IMAGE_PULL if isinstance(model.stuck, bool) else StuckBy(model.stuck),
        pods=tuple(OtherPod(**each.model_dump()) for each in model.pods),
        placement=Placement(**model.placement.model_dump()),
        corefile=model.corefile,
        replicas=model.replicas,
        build=model.build,
        deployment=cast("JsonObject", model.deployment),
        annotations=model.annotations,
        labels=model.labels,
        files=model.files,
        budgets={each.name: _bounds(each) for each in model.budgets},
        scaler=_scaler(model.scaler),
        dns=_dns(model.dns),
        creates=tuple(_creation(each) for each in model.creates),
        layers=tuple(
            Layer(each.manager, each.operation, at, termination_fields(each.grace, each.pre_stop))
            for each in model.settings
        ),
    )


def _scaler(model: ScalerModel | None) -> Scaler | None:
    return Scaler(model.least, model.most, ScaledBy(model.kind)) if model else None


def _bounds(model: BudgetModel) -> JsonObject:
    bounds: dict[str, Json] = {"maxUnavailable": model.max_unavailable, "minAvailable": model.min_available}
    return {key: value for key, value in bounds.items() if value is not None}


def _creation(model: OutcomeModel) -> Course:
    """Course of a creation; a failed creation has its own status."""
    course = course_of(model)
    return course if course.ends == "Successful" else replace(course, status="CREATE_FAILED")


def _dns(model: DnsModel) -> Dns:
    return Dns(
        model.answers,
        model.lost_on_change,
        model.lost_before,
        model.late,
        tuple(model.counted_on_change.items()),
        is_metrics_denied=model.metrics == "denied",
    )
