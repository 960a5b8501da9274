"""preStop handlers that server-side apply cannot remove, as strategic merge patches; pure.

An apply removes only fields that its own manager applied before and no other manager has. A patch removes
a field regardless of its manager, and leaves no ownership behind (source: KEP-555; tested on a real
API server).
"""

from collections.abc import Mapping

from lightkube.resources.apps_v1 import Deployment

from eksaddon.domain.adoption import member
from eksaddon.domain.json import JsonObject
from eksaddon.kube.pods import NAME
from eksaddon.kube.reading import own_container, pre_stop

KINDS = ("exec", "httpGet", "sleep", "tcpSocket")


def has_hook(deployment: Deployment) -> bool:
    return pre_stop(own_container(deployment)) != (0, "")


def removal(deployment: Deployment) -> JsonObject:
    """A patch that removes the preStop handler; postStart stays."""
    own = own_container(deployment)
    keeps = own is not None and own.lifecycle is not None and own.lifecycle.postStart is not None
    return _patch({"lifecycle": {"preStop": None} if keeps else None}, {})


def with_hook_replaced(applied: JsonObject) -> JsonObject:
    """A patch with the same result as removal and apply, for a dry run of both.

    Args:
        applied: The document of the apply.
    """
    pod = member(member(member(applied, "spec"), "template"), "spec")
    containers = pod.get("containers")
    own = containers[0] if isinstance(containers, list) else {}
    lifecycle = member(own, "lifecycle") if isinstance(own, Mapping) else {}
    handler = lifecycle.get("preStop")
    replaced = {**dict.fromkeys(KINDS), **handler} if isinstance(handler, Mapping) else None
    container = {**own, "lifecycle": {"preStop": replaced}} if isinstance(own, Mapping) else {}
    return _patch(container, pod)


def _patch(container: JsonObject, pod: JsonObject) -> JsonObject:
    spec = {**pod, "containers": [{**container, "name": NAME}]}
    return {"spec": {"template": {"spec": spec}}}
