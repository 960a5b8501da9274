"""Treatment of fields of other managers, by resolveConflicts mode."""

from collections.abc import Mapping, Sequence

from eksaddon.domain.json import Json
from eksaddon.sim.addon.lifecycle import NO_FOREIGN_VALUES, Addon
from eksaddon.sim.addon.update_script import Course, Problem
from eksaddon.sim.addon.values import Values

_TEMPLATE = "Deployment.apps coredns - .spec.template"

FIELDS: Mapping[str, str] = {
    "replicaCount": "Deployment.apps coredns - .spec.replicas",
    "corefile": "ConfigMap coredns - .data.Corefile",
    "podDisruptionBudget": "PodDisruptionBudget.policy coredns - .spec",
    "resources": f'{_TEMPLATE}.spec.containers[name="coredns"].resources',
    "affinity": f"{_TEMPLATE}.spec.affinity",
    "nodeSelector": f"{_TEMPLATE}.spec.nodeSelector",
    "tolerations": f"{_TEMPLATE}.spec.tolerations",
    "topologySpreadConstraints": f"{_TEMPLATE}.spec.topologySpreadConstraints",
    "podAnnotations": f"{_TEMPLATE}.metadata.annotations",
    "podLabels": f"{_TEMPLATE}.metadata.labels",
}
"""The live field of a key, as named in conflict messages."""

_INTRODUCTION = (
    "Conflicts found when trying to apply. Will not continue due to resolve conflicts mode. Conflicts:"
)


def conflicts(addon: Addon, requested: Values, mode: str, others: Sequence[str] = ()) -> Course | None:
    """Course of an update that must not change foreign fields; None if there is no conflict.

    The configuration remains stored, the live fields are unchanged.

    Args:
        others: Fields that no key of the configuration sets, as named in conflict messages.
    """
    fields = [FIELDS.get(key, key) for key in sorted(addon.foreign) if _differs(addon, requested, key)]
    fields += others
    if mode != "NONE" or not fields:
        return None
    problem = Problem("ConfigurationConflict", "\n".join([_INTRODUCTION, *fields]))
    return Course(ends="Failed", errors=(problem,), status="UPDATE_FAILED", issues=(problem,))


def rejected(requested: Values) -> Course | None:
    """Course of an update with replicas that the Kubernetes API rejects; None for any other.

    That EKS reports it with the code Unknown is an assumption.
    """
    if requested.replicas >= 0:
        return None
    message = (
        'Deployment.apps "coredns" is invalid: spec.replicas: Invalid value: '
        f"{requested.replicas}: must be greater than or equal to 0"
    )
    problem = Problem("Unknown", message)
    return Course(ends="Failed", errors=(problem,), status="UPDATE_FAILED", issues=(problem,))


def takeover(mode: str, fields: Sequence[str]) -> Course:
    """Course of CreateAddon with a self-managed CoreDNS; PRESERVE behaves like NONE here.

    Args:
        fields: Fields with other values, as named in conflict messages.
    """
    if mode == "OVERWRITE" or not fields:
        return Course(shows="CREATING")
    problem = Problem("ConfigurationConflict", "\n".join([_INTRODUCTION, *fields]))
    return Course(shows="CREATING", ends="Failed", keeps=False, status="CREATE_FAILED", issues=(problem,))


def landing(addon: Addon, requested: Values, mode: str) -> tuple[Values, Mapping[str, Json]]:
    """Values in force after a success, and those still owned by other managers.

    PRESERVE stores the document but keeps foreign fields; OVERWRITE takes them over.
    """
    if mode == "OVERWRITE":
        return requested, NO_FOREIGN_VALUES
    still_foreign = {key: value for key, value in addon.foreign.items() if _differs(addon, requested, key)}
    return Values({**requested.keys, **still_foreign}), still_foreign


def _differs(addon: Addon, requested: Values, key: str) -> bool:
    return requested.keys.get(key) != addon.foreign[key]
