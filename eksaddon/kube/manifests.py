"""Returns objects of the Kubernetes API unchanged, for saving; pure."""

from eksaddon.domain.adoption import Manifests, member
from eksaddon.domain.json import JsonObject
from eksaddon.kube.pods import NAME
from eksaddon.kube.reading import Objects, selected, workload


def manifests(objects: Objects) -> Manifests:
    about = objects.deployment.spec.template.metadata
    labels = dict(about.labels or {}) if about else {}
    scalers = (each.to_dict() for each in objects.scalers)
    return Manifests(
        deployment=objects.deployment.to_dict(),
        config=objects.config.to_dict() if objects.config else None,
        budgets=tuple(each.to_dict() for each in selected(objects.budgets, labels)),
        scalers=tuple(each for each in scalers if _scales(each)),
        workload=workload(objects),
    )


def _scales(scaler: JsonObject) -> bool:
    target = member(scaler, "spec", "scaleTargetRef")
    return (target.get("kind"), target.get("name")) == ("Deployment", NAME)
