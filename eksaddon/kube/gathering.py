"""Requests that read the objects of a cluster; every error is left to the caller."""

from dataclasses import replace

import httpx2
from lightkube import Client
from lightkube.core.exceptions import ApiError
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.autoscaling_v2 import HorizontalPodAutoscaler
from lightkube.resources.core_v1 import ConfigMap, Event
from lightkube.resources.core_v1 import Pod as KubePod
from lightkube.resources.policy_v1 import PodDisruptionBudget

from eksaddon.domain.workload import Scaler
from eksaddon.kube.events import unexplained
from eksaddon.kube.pods import NAME, SELECTOR
from eksaddon.kube.reading import Objects
from eksaddon.kube.replies import version_of
from eksaddon.kube.scalers import SCALED_OBJECTS, proportional, scaled_by_keda
from eksaddon.kube.troubles import FAULTS, not_checked

_FORBIDDEN, _NOT_FOUND = 403, 404


def look(client: Client, version: tuple[int, int], namespace: str, now: float) -> Objects:
    """The objects without budgets and autoscalers, which only a plan needs."""
    deployment = client.get(Deployment, NAME, namespace=namespace)
    config = _config(client, namespace)
    listed = pods(client, namespace)
    events = _events(client, namespace, unexplained(deployment, listed, now))
    return Objects(deployment, config, (), (), listed, version, events)


def read(client: Client, version: tuple[int, int], namespace: str, now: float) -> Objects:
    found = look(client, version, namespace, now)
    budgets = list(client.list(PodDisruptionBudget, namespace=namespace))
    scalers = list(client.list(HorizontalPodAutoscaler, namespace=namespace))
    others = (_proportional(client, namespace), _scaled_by_keda(client, namespace))
    unread = "; ".join(each for each in others if isinstance(each, str))
    known = tuple(scaler for each in others if not isinstance(each, str) for scaler in each)
    return replace(found, budgets=budgets, scalers=scalers, others=known, unread=unread)


def _proportional(client: Client, namespace: str) -> tuple[Scaler, ...] | str:
    """Autoscalers, or why they may not be listed: a Role of an earlier release does not grant it."""
    try:
        return tuple(proportional(client.list(Deployment, namespace=namespace), namespace))
    except ApiError as error:
        if error.status.code == _FORBIDDEN:
            return not_checked(error).reason
        raise


def _scaled_by_keda(client: Client, namespace: str) -> tuple[Scaler, ...] | str:
    """Like `_proportional`; none where KEDA is not installed."""
    answer = http_of(client).get(SCALED_OBJECTS.format(namespace))
    if answer.status_code == _NOT_FOUND:
        return ()
    try:
        raise_for_status(client, answer)
    except ApiError as error:
        if error.status.code == _FORBIDDEN:
            return not_checked(error).reason
        raise
    return tuple(scaled_by_keda(answer.content))


def _events(client: Client, namespace: str, pod: str) -> list[Event]:
    """Warnings about a pod; they only explain, so that a role that may not list them reads all the same."""
    if not pod:
        return []
    try:
        return list(
            client.list(Event, namespace=namespace, fields={"involvedObject.name": pod, "type": "Warning"})
        )
    except FAULTS:
        return []


def pods(client: Client, namespace: str) -> list[KubePod]:
    return list(client.list(KubePod, namespace=namespace, labels=dict(SELECTOR)))


def http_of(client: Client) -> httpx2.Client:
    return client._client._client  # noqa: SLF001  # lightkube has no public accessor


def server_version(client: Client) -> tuple[int, int]:
    """The server's version; managed clusters append a plus sign to the minor version."""
    answer = http_of(client).get("version")
    raise_for_status(client, answer)
    return version_of(answer.content)


def raise_for_status(client: Client, answer: httpx2.Response) -> None:
    inner = client._client  # noqa: SLF001  # lightkube has no call for /version and for untyped resources
    inner.raise_for_status(answer)  # type: ignore[no-untyped-call]  # as it is


def _config(client: Client, namespace: str) -> ConfigMap | None:
    try:
        return client.get(ConfigMap, NAME, namespace=namespace)
    except ApiError as error:
        if error.status.code == _NOT_FOUND:
            return None
        raise
