"""Converts EKS responses to domain values; pure."""

import json
from datetime import datetime
from email.utils import parsedate_to_datetime
from sys import intern

from eksaddon.aws.pages import Reply, unreadable
from eksaddon.domain.audit.surroundings import ClusterFacts
from eksaddon.domain.cause import Trouble
from eksaddon.domain.observed import (
    AutoMode,
    Connected,
    HealthIssue,
    Managed,
    NotActive,
    NotInstalled,
    Observed,
    Unreachable,
)
from eksaddon.domain.target import ClusterRef, Labels
from eksaddon.domain.update import UpdateError, UpdateRecord
from eksaddon.schema import AddonSchema, SchemaSource

_USABLE_STATES = frozenset({"ACTIVE", "UPDATING"})
"""Cluster states in which the state of its add-ons is reliable."""

_DEFAULT_NAMESPACE = "kube-system"


def observed(ref: ClusterRef, reply: Reply) -> Managed | Unreachable:
    """Read DescribeAddon."""
    addon = _object(reply, "addon")
    version, status = _text(addon, "addonVersion"), _text(addon, "status")
    if not version or not status:
        return Unreachable(ref, unreadable("DescribeAddon", "add-on with version and status"))
    if (name := _text(addon, "clusterName") or ref.name) != ref.name:
        return Unreachable(ref, unreadable("DescribeAddon", f"add-on of this cluster, but of {name}"))
    values = addon.get("configurationValues")
    return Managed(
        ref,
        version=intern(version),
        status=intern(status),
        text=intern(values) if isinstance(values, str) else None,  # a fleet has few different ones
        issues=tuple(_issue(each) for each in _objects(_object(addon, "health"), "issues")),
        role_arn=_text(addon, "serviceAccountRoleArn"),
        arn=_text(addon, "addonArn"),
        modified_at=_seconds(addon, "modifiedAt"),
        namespace=_text(_object(addon, "namespaceConfig"), "namespace") or _DEFAULT_NAMESPACE,
        eks_time=eks_time(reply),
        tags=_tags(addon),
        created_at=_seconds(addon, "createdAt"),
    )


def cluster_facts(reply: Reply) -> ClusterFacts | Trouble:
    """Read DescribeCluster."""
    cluster = _object(reply, "cluster")
    if not _text(cluster, "status"):
        return unreadable("DescribeCluster", "cluster with a status")
    return ClusterFacts(
        kubernetes=_text(cluster, "version"),
        support=_text(_object(cluster, "upgradePolicy"), "supportType"),
        tags=_tags(cluster),
        vpc=_text(_object(cluster, "resourcesVpcConfig"), "vpcId"),
        group=_text(_object(cluster, "resourcesVpcConfig"), "clusterSecurityGroupId"),
    )


def _tags(reply: Reply) -> Labels:
    found = _object(reply, "tags")
    return tuple(sorted((intern(str(key)), intern(str(value))) for key, value in found.items()))


def eks_time(reply: Reply) -> float:
    """Date header of a response, in whole seconds since the epoch; 0 if absent."""
    header = _text(_object(_object(reply, "ResponseMetadata"), "HTTPHeaders"), "date")
    try:
        return parsedate_to_datetime(header).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def without_addon(ref: ClusterRef, reply: Reply) -> Observed:
    """Read DescribeCluster of a cluster without the add-on."""
    special = without_use(ref, reply)
    if special is not None:
        return special
    compute = _object(_object(reply, "cluster"), "computeConfig")
    return AutoMode(ref) if compute.get("enabled") is True else NotInstalled(ref)


def without_use(ref: ClusterRef, reply: Reply) -> Observed | None:
    """Read from DescribeCluster why the add-on cannot be read; None if it can."""
    cluster = _object(reply, "cluster")
    status = _text(cluster, "status")
    if _object(cluster, "connectorConfig"):
        return Connected(ref)
    if not status:
        return Unreachable(ref, unreadable("DescribeCluster", "cluster with a status"))
    return None if status in _USABLE_STATES else NotActive(ref, status)


def update_record(reply: Reply, operation: str) -> UpdateRecord | Trouble:
    """Read UpdateAddon or DescribeUpdate."""
    update = _object(reply, "update")
    update_id, status = _text(update, "id"), _text(update, "status")
    if not update_id or not status:
        return unreadable(operation, "update with id and status")
    return UpdateRecord(
        update_id,
        status,
        created_at=_seconds(update, "createdAt"),
        params=tuple((_text(each, "type"), _text(each, "value")) for each in _objects(update, "params")),
        errors=tuple(_error(each) for each in _objects(update, "errors")),
    )


def read_schema(version: str, reply: Reply) -> AddonSchema | Trouble:
    """Read DescribeAddonConfiguration."""
    try:
        document = json.loads(_text(reply, "configurationSchema"))
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        return unreadable("DescribeAddonConfiguration", "JSON schema")
    return AddonSchema(version=version, document=document, source=SchemaSource.LIVE)


def _issue(reply: Reply) -> HealthIssue:
    return HealthIssue(_text(reply, "code"), _text(reply, "message"), _texts(reply, "resourceIds"))


def _error(reply: Reply) -> UpdateError:
    return UpdateError(_text(reply, "errorCode"), _text(reply, "errorMessage"), _texts(reply, "resourceIds"))


def _text(reply: Reply, member: str) -> str:
    value = reply.get(member)
    return value if isinstance(value, str) else ""


def _texts(reply: Reply, member: str) -> tuple[str, ...]:
    value = reply.get(member)
    return tuple(value) if isinstance(value, list) else ()


def _object(reply: Reply, member: str) -> Reply:
    value = reply.get(member)
    return value if isinstance(value, dict) else {}


def _objects(reply: Reply, member: str) -> tuple[Reply, ...]:
    value = reply.get(member)
    return tuple(value) if isinstance(value, list) else ()


def _seconds(reply: Reply, member: str) -> float:
    value = reply.get(member)
    return value.timestamp() if isinstance(value, datetime) else 0.0
