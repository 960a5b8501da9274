"""Parts of the CoreDNS pod template that decide about availability and are not desired state."""

from collections.abc import Mapping
from dataclasses import field

from eksaddon.domain.json import Json
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class HttpProbe:
    """An httpGet probe.

    Attributes:
        port: Number or name, as text.
    """

    path: str
    port: str


@dataclass(frozen=True, slots=True)
class PodTemplate:
    """Of the container coredns unless stated otherwise.

    Attributes:
        image: Empty if unknown.
        readiness: None if there is no httpGet probe.
        limits: By resource, as quantities such as `170Mi`.
        spread: `affinity` and `topologySpreadConstraints` of the pod, as far as set.
    """

    image: str = ""
    readiness: HttpProbe | None = HttpProbe("/ready", "8181")
    liveness: HttpProbe | None = HttpProbe("/health", "8080")
    limits: Mapping[str, str] = field(default_factory=dict, hash=False)
    requests: Mapping[str, str] = field(default_factory=dict, hash=False)
    spread: Mapping[str, Json] = field(default_factory=dict, hash=False)


STOCK_TEMPLATE = PodTemplate()
