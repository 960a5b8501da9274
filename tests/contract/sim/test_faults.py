"""Each fault gives a boto3 client what the real trouble gives it, in this process and over a socket."""

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.api import faults
from eksaddon.sim.api.faults import Fault, Match
from tests.support.aws.backends import CLUSTERS, HUB, PLAIN, REGION, Aws

DESCRIBE = Match(operation="DescribeAddon")
UPDATE = Match(operation="UpdateAddon")
FIRST = ClusterRef(HUB, REGION, "c-001")


def describe(eks: Any, name: str = "c-001") -> Any:
    return eks.describe_addon(clusterName=name, addonName="coredns")["addon"]


def update(eks: Any) -> Any:
    return eks.update_addon(clusterName="c-001", addonName="coredns", configurationValues="{}")["update"]


@pytest.mark.parametrize(
    ("effect", "status", "code"),
    [
        (faults.TOO_MANY_REQUESTS, 429, "TooManyRequestsException"),
        (faults.THROTTLING, 400, "ThrottlingException"),
        (faults.SERVER_ERROR, 500, "ServerException"),
        (faults.UNAVAILABLE, 503, "ServiceUnavailableException"),
        (faults.UNAVAILABLE_PAGE, 503, "503"),
        (faults.Expire(), 403, "ExpiredTokenException"),
        (faults.Deny(), 403, "AccessDeniedException"),
    ],
)
def test_an_answer_that_is_an_error(simulated: Aws, effect, status, code):
    simulated.simulation.add_fault(Fault(effect, DESCRIBE))
    with pytest.raises(ClientError) as caught:
        describe(simulated.client("eks"))
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert caught.value.response["Error"]["Code"] == code


def test_modelled_errors_raise_their_own_classes(simulated: Aws):
    eks = simulated.client("eks")
    simulated.simulation.add_fault(Fault(faults.SERVER_ERROR, DESCRIBE, nth=frozenset({1})))
    simulated.simulation.add_fault(Fault(faults.Deny(), DESCRIBE))
    with pytest.raises(eks.exceptions.ServerException):
        describe(eks)
    with pytest.raises(eks.exceptions.AccessDeniedException):
        describe(eks)


@pytest.mark.parametrize(
    ("by_guardrail", "words"), [(True, "service control policy"), (False, "identity-based")]
)
def test_a_denial_names_the_action_and_who_denies(simulated: Aws, by_guardrail, words):
    simulated.simulation.add_fault(Fault(faults.Deny(by_guardrail), DESCRIBE))
    with pytest.raises(ClientError, match=words) as caught:
        describe(simulated.client("eks"))
    assert "is not authorized to perform: eks:DescribeAddon on resource: arn:aws:eks:eu-west-1" in str(
        caught.value
    )


def test_throttling_of_sts_is_xml(simulated: Aws):
    simulated.simulation.add_fault(Fault(faults.THROTTLING, Match(service="sts")))
    with pytest.raises(ClientError) as caught:
        simulated.client("sts").get_caller_identity()
    assert caught.value.response["Error"]["Code"] == "Throttling"


def test_throttling_of_organizations_is_json(simulated: Aws):
    simulated.simulation.add_fault(Fault(faults.TOO_MANY_REQUESTS, Match(service="organizations")))
    organizations = simulated.client("organizations")
    with pytest.raises(organizations.exceptions.TooManyRequestsException):
        organizations.list_accounts()


def test_a_connection_that_breaks_before_the_request_was_executed(simulated: Aws):
    simulated.simulation.add_fault(Fault(faults.Reset(after=False), UPDATE))
    with pytest.raises((ConnectionClosedError, EndpointConnectionError)):
        update(simulated.client("eks"))
    assert simulated.simulation.document(FIRST) == PLAIN


def test_a_connection_that_breaks_after_the_request_was_executed(simulated: Aws):
    simulated.simulation.add_fault(Fault(faults.Reset(after=True), UPDATE))
    with pytest.raises(ConnectionClosedError):
        update(simulated.client("eks"))
    assert simulated.simulation.document(FIRST) == "{}"


def test_botocore_repeats_a_lost_update_with_the_same_token_and_finds_it(simulated: Aws, monkeypatch):
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    simulated.simulation.add_fault(Fault(faults.Reset(after=True), UPDATE, times=1))
    begun = update(simulated.patient("eks", attempts=3))
    addon = simulated.simulation.addon(FIRST)
    assert addon is not None
    assert [each.id for each in addon.updates] == [begun["id"]]
    assert simulated.simulation.calls.counts["UpdateAddon"] == 2


def test_a_server_that_does_not_exist(simulated: Aws):
    simulated.simulation.add_fault(Fault(faults.Cut(), Match(account=HUB)))
    with pytest.raises((EndpointConnectionError, ConnectionClosedError)):
        simulated.client("eks").list_clusters()
    assert simulated.in_member("eks").list_clusters()["clusters"] == ["theirs"]


def test_no_answer(simulated: Aws):
    simulated.simulation.add_fault(Fault(faults.Hang(), UPDATE))
    with pytest.raises(ReadTimeoutError):
        update(simulated.impatient("eks"))
    assert simulated.simulation.document(FIRST) == PLAIN


def test_an_answer_that_never_comes_may_be_of_a_request_that_was_executed(simulated: Aws):
    simulated.simulation.add_fault(Fault(faults.Hang(after=True), UPDATE))
    with pytest.raises(ReadTimeoutError):
        update(simulated.impatient("eks"))
    assert simulated.simulation.document(FIRST) == "{}"


def test_an_answer_that_is_too_late_was_still_executed(simulated: Aws):
    simulated.simulation.add_fault(Fault(faults.Slow(3600), UPDATE))
    with pytest.raises(ReadTimeoutError):
        update(simulated.impatient("eks"))
    assert simulated.simulation.document(FIRST) == "{}"


def test_slowness_adds_up_and_changes_nothing_else(simulated: Aws):
    for _ in range(2):
        simulated.simulation.add_fault(Fault(faults.Slow(0.02), DESCRIBE))
    assert describe(simulated.client("eks"))["configurationValues"] == PLAIN
    assert [call.fault for call in simulated.simulation.calls] == ["slow"]


def test_a_body_that_is_cut_off_announces_its_full_length(simulated: Aws):
    """botocore takes it for an answer without members; who wants to notice has to compare the lengths."""
    simulated.simulation.add_fault(
        Fault(faults.Truncate(0.5), Match(operation="ListClusters"), nth=frozenset({2}))
    )
    eks = simulated.client("eks")
    first = eks.list_clusters(maxResults=10)
    cut = eks.list_clusters(maxResults=10, nextToken=first["nextToken"])
    assert len(first["clusters"]) == 10
    assert "clusters" not in cut
    assert int(cut["ResponseMetadata"]["HTTPHeaders"]["content-length"]) > 10
    assert eks.list_clusters()["clusters"] == CLUSTERS


def test_a_role_may_lack_an_action(simulated: Aws):
    from eksaddon.sim.api.identities import Account, Role

    simulated.simulation.add_account(
        Account(simulated.member, roles={"eksdns-apply": Role("eksdns-apply", denies=("eks:Update*",))})
    )
    eks = simulated.in_member("eks")
    assert describe(eks, "theirs")["status"] == "ACTIVE"
    with pytest.raises(eks.exceptions.AccessDeniedException, match="eks:UpdateAddon"):
        eks.update_addon(clusterName="theirs", addonName="coredns", configurationValues="{}")


def test_a_guardrail_holds_for_all_in_the_account(simulated: Aws):
    from eksaddon.sim.api.identities import Account

    simulated.simulation.add_account(Account(HUB, guardrails=("eks:*",)))
    with pytest.raises(ClientError, match="with an explicit deny in a service control policy"):
        simulated.client("eks").list_clusters()
    assert simulated.client("sts").get_caller_identity()["Account"] == HUB


def test_a_region_that_is_not_enabled_knows_no_key(simulated: Aws):
    with pytest.raises(ClientError) as caught:
        simulated.client("eks", "af-south-1").list_clusters()
    assert caught.value.response["Error"]["Code"] == "UnrecognizedClientException"


def test_regions_show_whether_they_are_enabled(simulated: Aws):
    regions = simulated.client("account").list_regions()["Regions"]
    states = {each["RegionName"]: each["RegionOptStatus"] for each in regions}
    assert (states["eu-west-1"], states["af-south-1"]) == ("ENABLED_BY_DEFAULT", "DISABLED")
    enabled = simulated.client("ec2").describe_regions()["Regions"]
    assert {each["RegionName"] for each in enabled} == {
        name for name, state in states.items() if state != "DISABLED"
    }
