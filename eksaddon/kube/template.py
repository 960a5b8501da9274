"""Converts the CoreDNS pod template to domain values; pure."""

from collections.abc import Mapping

from lightkube.models.core_v1 import Container, PodSpec, Probe

from eksaddon.domain.json import Json
from eksaddon.domain.kube.template import HttpProbe, PodTemplate


def template(own: Container | None, pod: PodSpec | None) -> PodTemplate:
    """Of the container coredns and its pod."""
    resources = own.resources if own else None
    return PodTemplate(
        image=(own.image or "") if own else "",
        readiness=_http(own.readinessProbe if own else None),
        liveness=_http(own.livenessProbe if own else None),
        limits=_quantities(resources.limits if resources else None),
        requests=_quantities(resources.requests if resources else None),
        spread=_spread(pod),
    )


def _http(probe: Probe | None) -> HttpProbe | None:
    action = probe.httpGet if probe else None
    return HttpProbe(action.path or "/", str(action.port)) if action else None


def _quantities(found: Mapping[str, object] | None) -> dict[str, str]:
    return {str(name): str(amount) for name, amount in (found or {}).items()}


def _spread(pod: PodSpec | None) -> dict[str, Json]:
    if pod is None:
        return {}
    document = {
        "affinity": pod.affinity.to_dict() if pod.affinity else None,
        "topologySpreadConstraints": [each.to_dict() for each in pod.topologySpreadConstraints or ()] or None,
    }
    return {key: value for key, value in document.items() if value is not None}
