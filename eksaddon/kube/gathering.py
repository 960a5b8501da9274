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
from eksaddon.kube.network.reader import Reader, raise_for_status
from eksaddon.kube.network.replies import version_of
from eksaddon.kube.pods import NAME, SELECTOR
from eksaddon.kube.reading import Objects
from eksaddon.kube.scalers import SCALED_OBJECTS, proportional, scaled_by_keda
from eksaddon.kube.troubles import FAULTS, not_checked

_FORBIDDEN, _NOT_FOUND = 403, 404


def look(reader: Reader, version: tuple[int, int], namespace: str, now: float) -> Objects:
    """The objects without budgets and autoscalers, which only a plan needs."""
    deployment = reader.get(Deployment, NAME, namespace)
    return _looked(reader, deployment, version, namespace, now)


def _looked(
    reader: Reader, deployment: Deployment, version: tuple[int, int], namespace: str, now: float
) -> Objects:
    config = _config(reader, namespace)
    listed = pods(reader, namespace)
    events = _events(reader, namespace, unexplained(deployment, listed, now))
    return Objects(deployment, config, (), (), listed, version, events)


def read(reader: Reader, version: tuple[int, int], namespace: str, now: float) -> Objects:
    """All objects, in 6 requests: the list of Deployments has CoreDNS's own too."""
    deployments = _deployments(reader, namespace)
    found = _looked(reader, _own(reader, deployments, namespace), version, namespace, now)
    budgets = reader.list(PodDisruptionBudget, namespace)
    scalers = reader.list(HorizontalPodAutoscaler, namespace)
    others = (
        deployments if isinstance(deployments, str) else tuple(proportional(deployments, namespace)),
        _scaled_by_keda(reader, namespace),
    )
    unread = "; ".join(each for each in others if isinstance(each, str))
    known = tuple(scaler for each in others if not isinstance(each, str) for scaler in each)
    return replace(found, budgets=budgets, scalers=scalers, others=known, unread=unread)


def _deployments(reader: Reader, namespace: str) -> list[Deployment] | str:
    """Deployments, or why they may not be listed: a Role of an earlier release does not grant it."""
    try:
        return reader.list(Deployment, namespace)
    except ApiError as error:
        if error.status.code == _FORBIDDEN:
            return not_checked(error).reason
        raise


def _own(reader: Reader, deployments: list[Deployment] | str, namespace: str) -> Deployment:
    """CoreDNS's Deployment, by a request of its own where the list does not have it."""
    listed = () if isinstance(deployments, str) else deployments
    for each in listed:
        if each.metadata is not None and each.metadata.name == NAME:
            each.apiVersion, each.kind = "apps/v1", "Deployment"  # which items of a list do not repeat
            return each
    return reader.get(Deployment, NAME, namespace)


def _scaled_by_keda(reader: Reader, namespace: str) -> tuple[Scaler, ...] | str:
    """Autoscalers, or why they may not be listed; none where KEDA is not installed."""
    answer = reader.answer(SCALED_OBJECTS.format(namespace))
    if answer.status_code == _NOT_FOUND:
        return ()
    try:
        raise_for_status(answer)
    except ApiError as error:
        if error.status.code == _FORBIDDEN:
            return not_checked(error).reason
        raise
    return tuple(scaled_by_keda(answer.content))


def _events(reader: Reader, namespace: str, pod: str) -> list[Event]:
    """Warnings about a pod; they only explain, so that a role that may not list them reads all the same."""
    if not pod:
        return []
    try:
        return reader.list(Event, namespace, fieldSelector={"involvedObject.name": pod, "type": "Warning"})
    except FAULTS:
        return []


def pods(reader: Reader, namespace: str) -> list[KubePod]:
    return reader.list(KubePod, namespace, labelSelector=SELECTOR)


def http_of(client: Client) -> httpx2.Client:
    return client._client._client  # noqa: SLF001  # lightkube has no public accessor


def server_version(reader: Reader) -> tuple[int, int]:
    """The server's version; managed clusters append a plus sign to the minor version."""
    return version_of(reader.body("version"))


def _config(reader: Reader, namespace: str) -> ConfigMap | None:
    try:
        return reader.get(ConfigMap, NAME, namespace)
    except ApiError as error:
        if error.status.code == _NOT_FOUND:
            return None
        raise
