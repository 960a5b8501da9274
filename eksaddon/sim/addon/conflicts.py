"""Treatment of fields managed by others, by resolveConflicts mode."""

from collections.abc import Mapping, Sequence

from eksaddon.domain.json import Json
from eksaddon.sim.addon.lifecycle import NOBODY, Addon
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
"""The live field behind a key, as conflict messages name it."""

_INTRODUCTION = (
    "Conflicts found when trying to apply. Will not continue due to resolve conflicts mode. Conflicts:"
)


def conflicts(addon: Addon, wanted: Values, mode: str, others: Sequence[str] = ()) -> Course | None:
    """How an update goes that may not touch foreign fields; None where there is nothing in the way.

    The configuration stays on record, the live fields stay as they are.

    Args:
        others: Fields that no key of the configuration sets, as conflict messages name them.
    """
    fields = [FIELDS.get(key, key) for key in sorted(addon.foreign) if _differs(addon, wanted, key)]
    fields += others
    if mode != "NONE" or not fields:
        return None
    problem = Problem("ConfigurationConflict", "\n".join([_INTRODUCTION, *fields]))
    return Course(ends="Failed", errors=(problem,), status="UPDATE_FAILED", issues=(problem,))


def takeover(mode: str, fields: Sequence[str]) -> Course:
    """How CreateAddon goes where CoreDNS runs already, applied by somebody else; PRESERVE is as NONE here.

    Args:
        fields: Those that are set to something else, as conflict messages name them.
    """
    if mode == "OVERWRITE" or not fields:
        return Course(shows="CREATING")
    problem = Problem("ConfigurationConflict", "\n".join([_INTRODUCTION, *fields]))
    return Course(shows="CREATING", ends="Failed", keeps=False, status="CREATE_FAILED", issues=(problem,))


def landing(addon: Addon, wanted: Values, mode: str) -> tuple[Values, Mapping[str, Json]]:
    """What is in force after a success, and what of it others still own.

    PRESERVE records the wanted document but leaves foreign fields; OVERWRITE takes them.
    """
    if mode == "OVERWRITE":
        return wanted, NOBODY
    kept = {key: value for key, value in addon.foreign.items() if _differs(addon, wanted, key)}
    return Values({**wanted.keys, **kept}), kept


def _differs(addon: Addon, wanted: Values, key: str) -> bool:
    return wanted.keys.get(key) != addon.foreign[key]
