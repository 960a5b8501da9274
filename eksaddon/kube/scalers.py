"""Autoscalers of CoreDNS; pure.

A scaling leaves no entry in managedFields if `.spec.replicas` has no field manager, so that the autoscalers
themselves are looked for. Sources: autoscaling/v2; cluster-proportional-autoscaler 1.10, README, `--target`
and `--namespace`; KEDA 2.18, ScaledObject specification.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import msgspec
from lightkube.models.core_v1 import Container
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.autoscaling_v2 import HorizontalPodAutoscaler

from eksaddon.domain.workload import Scaler, ScalerKind
from eksaddon.kube.pods import NAME

SCALED_OBJECTS = "apis/keda.sh/v1alpha1/namespaces/{}/scaledobjects"
"""KEDA's custom resource; the address exists only if KEDA is installed."""

_KEDA_LEAST, _KEDA_MOST = 0, 100
_OWNER = "ScaledObject"
_TARGET, _NAMESPACE = "--target", "--namespace"


class _Named(msgspec.Struct):
    name: str


class _Reference(msgspec.Struct):
    name: str
    kind: str | None = None


class _Spec(msgspec.Struct):
    target: _Reference = msgspec.field(name="scaleTargetRef")
    least: int | None = msgspec.field(name="minReplicaCount", default=None)
    most: int | None = msgspec.field(name="maxReplicaCount", default=None)


class _ScaledObject(msgspec.Struct):
    metadata: _Named
    spec: _Spec


class _ScaledObjects(msgspec.Struct):
    items: list[_ScaledObject]


def horizontal(found: Iterable[HorizontalPodAutoscaler]) -> Iterator[Scaler]:
    """Those of the Deployment, without the ones that a ScaledObject creates."""
    for each in found:
        owners = (each.metadata.ownerReferences if each.metadata else None) or ()
        if scales(each) and not any(owner.kind == _OWNER for owner in owners):
            name = (each.metadata.name or "") if each.metadata else ""
            yield Scaler(name, each.spec.minReplicas or 1, each.spec.maxReplicas)


def scales(each: HorizontalPodAutoscaler) -> bool:
    target = each.spec.scaleTargetRef
    return (target.kind, target.name) == ("Deployment", NAME)


def scaled_by_keda(body: bytes) -> Iterator[Scaler]:
    """ScaledObjects of the Deployment, from a list as JSON.

    Raises:
        msgspec.MsgspecError: It is not such a list.
    """
    for each in msgspec.json.decode(body, type=_ScaledObjects).items:
        target, spec = each.spec.target, each.spec
        if (target.kind or "Deployment", target.name) == ("Deployment", NAME):
            least = _KEDA_LEAST if spec.least is None else spec.least
            most = _KEDA_MOST if spec.most is None else spec.most
            yield Scaler(each.metadata.name, least, most, ScalerKind.KEDA)


def proportional(found: Iterable[Deployment], namespace: str) -> Iterator[Scaler]:
    """Running cluster-proportional-autoscalers of the Deployment; their bounds are in a ConfigMap.

    Args:
        namespace: Namespace of CoreDNS and of these Deployments.
    """
    for each in found:
        pod = each.spec.template.spec
        containers = pod.containers if pod else ()
        if each.spec.replicas != 0 and any(_is_proportional(one, namespace) for one in containers):
            name = (each.metadata.name or "") if each.metadata else ""
            yield Scaler(name, None, None, ScalerKind.PROPORTIONAL)


def _is_proportional(container: Container, namespace: str) -> bool:
    words = (*(container.command or ()), *(container.args or ()))
    places = set(_values(words, _NAMESPACE)) or {namespace}
    targets = chain.from_iterable(value.split(",") for value in _values(words, _TARGET))
    return namespace in places and f"deployment/{NAME}" in {each.strip().lower() for each in targets}


def _values(words: Sequence[str], flag: str) -> Iterator[str]:
    """Values of a flag, which may be `--flag=value` or two words, with one or two dashes."""
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in {flag, flag[1:]}:
            yield value if equals else "".join(words[at + 1 : at + 2])
