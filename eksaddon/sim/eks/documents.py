"""EKS' JSON documents (source: eks 2017-11-01 model)."""

from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from eksaddon.domain.geography import region_partition
from eksaddon.domain.json import Json
from eksaddon.domain.target import ClusterRef
from eksaddon.sim.accounts.network import cluster_group, vpc_id
from eksaddon.sim.addon.catalogue import ARCHITECTURES, COMPUTE_TYPES, Release
from eksaddon.sim.addon.lifecycle import Addon, Seen, Update
from eksaddon.sim.addon.update_script import Problem
from eksaddon.sim.resources import Cluster, Estate

_ENDPOINTED = frozenset({"ACTIVE", "UPDATING"})
"""A cluster in CREATING has no endpoint and certificate authority yet."""


def cluster_document(cluster: Cluster, estate: Estate) -> Json:
    ref = cluster.ref
    document: dict[str, Json] = {
        "name": ref.name,
        "arn": cluster.arn,
        "createdAt": cluster.created_at,
        "status": cluster.status,
        "tags": dict(cluster.tags),
    }
    if cluster.connector:
        return document | {"connectorConfig": {"activationId": _id(ref), "provider": cluster.connector}}
    if cluster.outpost:
        document |= {"id": _id(ref), "outpostConfig": {"outpostArns": [cluster.outpost]}}
    if cluster.status in _ENDPOINTED:
        document |= {
            "endpoint": estate.endpoint_of(ref).url,
            "certificateAuthority": {"data": estate.authority_data(ref)},
        }
    return document | {
        "version": cluster.kubernetes,
        "platformVersion": "eks.1",
        "roleArn": f"arn:{region_partition(ref.region)}:iam::{ref.account}:role/eks-cluster",
        "computeConfig": {"enabled": cluster.auto_mode},
        "accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"},
        "health": {"issues": []},
        "resourcesVpcConfig": {"vpcId": vpc_id(ref), "clusterSecurityGroupId": cluster_group(ref)},
    }


def _id(ref: ClusterRef) -> str:
    return str(uuid5(NAMESPACE_URL, str(ref)))


def addon_document(ref: ClusterRef, addon: Addon, state: Seen) -> Json:
    stored = state.stored
    document: dict[str, Json] = {
        "addonName": addon.name,
        "clusterName": ref.name,
        "status": state.status,
        "addonVersion": stored.version,
        "health": {"issues": [_issue(each) for each in state.issues]},
        "addonArn": addon_arn(ref, addon),
        "createdAt": addon.created_at,
        "modifiedAt": state.modified_at,
        "tags": dict(addon.tags),
        "podIdentityAssociations": [
            _association(ref, each.service_account) for each in stored.pod_identities
        ],
        "namespaceConfig": {"namespace": addon.namespace},
    }
    if stored.text is not None:
        document["configurationValues"] = stored.text
    if stored.role_arn:
        document["serviceAccountRoleArn"] = stored.role_arn
    return document


def addon_arn(ref: ClusterRef, addon: Addon) -> str:
    arn_prefix = f"arn:{region_partition(ref.region)}:eks:{ref.region}:{ref.account}"
    return f"{arn_prefix}:addon/{ref.name}/{addon.name}/{addon.uid}"


def update_document(update: Update) -> Json:
    return {
        "id": update.id,
        "status": update.status,
        "type": "AddonUpdate",
        "params": [{"type": name, "value": value} for name, value in update.params],
        "createdAt": update.created_at,
        "errors": [
            {"errorCode": each.code, "errorMessage": each.message, "resourceIds": list(each.resources)}
            for each in update.errors
        ],
    }


def versions_document(name: str, releases: Iterable[Release]) -> Json:
    return {
        "addonName": name,
        "type": "networking",
        "publisher": "eks",
        "owner": "aws",
        "defaultNamespace": "kube-system",
        "addonVersions": [_release(each) for each in releases],
    }


def _release(release: Release) -> Json:
    return {
        "addonVersion": release.version,
        "architecture": list(ARCHITECTURES),
        "computeTypes": list(COMPUTE_TYPES),
        "compatibilities": [
            {
                "clusterVersion": kubernetes,
                "platformVersions": ["*"],
                "defaultVersion": kubernetes in release.default_of,
            }
            for kubernetes in release.kubernetes
        ],
        "requiresConfiguration": False,
        "requiresIamPermissions": False,
    }


def _issue(problem: Problem) -> Json:
    return {"code": problem.code, "message": problem.message, "resourceIds": list(problem.resources)}


def _association(ref: ClusterRef, service_account: str) -> str:
    arn_prefix = f"arn:{region_partition(ref.region)}:eks:{ref.region}:{ref.account}"
    return f"{arn_prefix}:podidentityassociation/{ref.name}/a-{service_account}"
