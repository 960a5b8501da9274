"""The Kubernetes API's objects as they are, for whoever has to keep them; pure."""

from eksaddon.domain.adoption import Manifests, member
from eksaddon.domain.json import JsonObject
from eksaddon.kube.pods import NAME
from eksaddon.kube.reading import Objects, selects, workload


def manifests(seen: Objects) -> Manifests:
    about = seen.deployment.spec.template.metadata
    labels = dict(about.labels or {}) if about else {}
    scalers = (each.to_dict() for each in seen.scalers)
    return Manifests(
        deployment=seen.deployment.to_dict(),
        config=seen.config.to_dict() if seen.config else None,
        budgets=tuple(each.to_dict() for each in seen.budgets if selects(each, labels)),
        scalers=tuple(each for each in scalers if _scales(each)),
        workload=workload(seen),
    )


def _scales(scaler: JsonObject) -> bool:
    target = member(scaler, "spec", "scaleTargetRef")
    return (target.get("kind"), target.get("name")) == ("Deployment", NAME)
