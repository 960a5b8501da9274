from datetime import UTC, datetime

import pytest

from eksaddon.aws.eks import blind, invalid
from eksaddon.aws.pages import Reply
from eksaddon.aws.replies import observed, read_schema, update_record, without_addon
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import (
    AutoMode,
    Connected,
    HealthIssue,
    Managed,
    NotActive,
    NotInstalled,
    Unreachable,
)
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.update import UpdateError, UpdateRecord

REF = ClusterRef("111122223333", "eu-west-1", "prod")
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def test_an_add_on_is_read_with_all_that_a_plan_needs() -> None:
    addon = {
        "addonVersion": "v1.11.4-eksbuild.2",
        "status": "DEGRADED",
        "configurationValues": "replicaCount: 3\n",
        "health": {"issues": [{"code": "AccessDenied", "message": "no", "resourceIds": ["coredns"]}]},
        "serviceAccountRoleArn": "arn:aws:iam::1:role/r",
        "addonArn": "arn:aws:eks:eu-west-1:1:addon/prod/coredns/x",
        "modifiedAt": WHEN,
        "namespaceConfig": {"namespace": "dns"},
    }
    assert observed(REF, {"addon": addon}) == Managed(
        REF,
        "v1.11.4-eksbuild.2",
        "DEGRADED",
        "replicaCount: 3\n",
        issues=(HealthIssue("AccessDenied", "no", ("coredns",)),),
        role_arn="arn:aws:iam::1:role/r",
        arn="arn:aws:eks:eu-west-1:1:addon/prod/coredns/x",
        modified_at=WHEN.timestamp(),
        namespace="dns",
    )


def test_values_that_were_never_set_are_distinguished_from_empty_ones() -> None:
    addon = {"addonVersion": "v1", "status": "A_NEW_WORD"}
    assert observed(REF, {"addon": addon}) == Managed(REF, "v1", "A_NEW_WORD", None)
    assert observed(REF, {"addon": {**addon, "configurationValues": ""}}) == Managed(
        REF, "v1", "A_NEW_WORD", ""
    )


def test_the_add_on_of_another_cluster_is_unreadable() -> None:
    addon = {"addonVersion": "v1", "status": "ACTIVE", "clusterName": "shop"}
    found = observed(REF, {"addon": addon})
    assert isinstance(found, Unreachable)
    assert "of shop" in found.trouble.message
    assert isinstance(observed(REF, {"addon": {**addon, "clusterName": "prod"}}), Managed)


@pytest.mark.parametrize("reply", [{}, {"addon": {}}, {"addon": {"status": "ACTIVE"}}])
def test_a_reply_without_the_add_on_is_unreadable(reply: Reply) -> None:
    found = observed(REF, reply)
    assert isinstance(found, Unreachable)
    assert found.trouble.cause is Cause.UNREADABLE


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [
        ({"status": "ACTIVE"}, NotInstalled(REF)),
        ({"status": "UPDATING", "computeConfig": {"enabled": False}}, NotInstalled(REF)),
        ({"status": "ACTIVE", "computeConfig": {"enabled": True}}, AutoMode(REF)),
        ({"status": "DELETING", "computeConfig": {"enabled": True}}, NotActive(REF, "DELETING")),
        ({"status": "A_NEW_WORD"}, NotActive(REF, "A_NEW_WORD")),
        ({"status": "PENDING", "connectorConfig": {"provider": "GKE"}}, Connected(REF)),
    ],
)
def test_a_cluster_without_the_add_on_is_reported_by_its_kind(cluster: Reply, expected: object) -> None:
    assert without_addon(REF, {"cluster": cluster}) == expected


def test_a_cluster_that_is_not_described_is_unreadable() -> None:
    found = without_addon(REF, {})
    assert isinstance(found, Unreachable)
    assert found.trouble.cause is Cause.UNREADABLE


def test_an_update_is_read_with_its_params_and_errors() -> None:
    update = {
        "id": "u1",
        "status": "Failed",
        "createdAt": WHEN,
        "params": [{"type": "ConfigurationValues", "value": "{}"}],
        "errors": [{"errorCode": "ConfigurationConflict", "errorMessage": "Conflicts", "resourceIds": ["a"]}],
    }
    assert update_record({"update": update}, "DescribeUpdate") == UpdateRecord(
        "u1",
        "Failed",
        WHEN.timestamp(),
        (("ConfigurationValues", "{}"),),
        (UpdateError("ConfigurationConflict", "Conflicts", ("a",)),),
    )


@pytest.mark.parametrize("reply", [{}, {"update": {}}, {"update": {"id": "u1"}}])
def test_a_reply_without_the_update_is_unreadable(reply: Reply) -> None:
    trouble = update_record(reply, "UpdateAddon")
    assert isinstance(trouble, Trouble)
    assert (trouble.cause, trouble.operation) == (Cause.UNREADABLE, "UpdateAddon")


@pytest.mark.parametrize("text", [None, "", "no json", "[]", "[" * 100_000])
def test_an_invalid_schema_is_unreadable(text: str | None) -> None:
    trouble = read_schema("v1", {"configurationSchema": text})
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.UNREADABLE


@pytest.mark.parametrize("name", ["prod", "0", "a-b_C9", "x" * 100])
def test_names_that_eks_takes_are_valid(name: str) -> None:
    assert invalid(ClusterRef("1", "r", name)) is None


@pytest.mark.parametrize("name", ["", "-a", "_a", "a/../b", "a b", "é", "x" * 101, "a\n", "a?x=1", "a%2fb"])
def test_names_that_would_become_another_url_are_refused(name: str) -> None:
    trouble = invalid(ClusterRef("1", "r", name))
    assert trouble is not None
    assert trouble.cause is Cause.INVALID


GONE = Trouble(Cause.NOT_FOUND, "No addon: coredns found in cluster: prod")
DENIED = Trouble(Cause.DENIED, "no", action="eks:DescribeAddon")


@pytest.mark.parametrize(
    ("addon", "cluster", "cause", "action"),
    [
        (GONE, Trouble(Cause.NO_SUCH_CLUSTER, "No cluster found"), Cause.NO_SUCH_CLUSTER, ""),
        (DENIED, Trouble(Cause.NOT_FOUND, "other words"), Cause.NO_SUCH_CLUSTER, ""),
        (
            GONE,
            Trouble(Cause.DENIED, "no", action="eks:DescribeCluster"),
            Cause.DENIED,
            "eks:DescribeCluster",
        ),
        (
            DENIED,
            Trouble(Cause.DENIED, "no", action="eks:DescribeCluster"),
            Cause.DENIED,
            "eks:DescribeAddon",
        ),
        (DENIED, Trouble(Cause.THROTTLED, "slow"), Cause.DENIED, "eks:DescribeAddon"),
        (GONE, Trouble(Cause.THROTTLED, "slow"), Cause.THROTTLED, ""),
    ],
)
def test_where_neither_can_be_described_the_remedy_is_named(
    addon: Trouble, cluster: Trouble, cause: Cause, action: str
) -> None:
    trouble = blind(addon, cluster)
    assert (trouble.cause, trouble.action) == (cause, action)
