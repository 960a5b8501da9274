"""Requests that no SDK would send, and clusters that are not like others."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.api.faults import SERVER_ERROR, Deny, Fault, Match
from eksaddon.sim.api.identities import Account
from eksaddon.sim.api.keys import access_key_of
from eksaddon.sim.api.request import page
from eksaddon.sim.api.throttle import Rate
from eksaddon.sim.eks.seeds import AddonSeed
from eksaddon.sim.http.messages import Reply, Request
from eksaddon.sim.resources import Cluster, Endpoint
from eksaddon.sim.world import World
from tests.support.aws.backends import PLAIN, REGION, SCHEMAS, VERSION
from tests.support.aws.eks_driver import ACCOUNT, ADDON, PROD, Driver, RefusedError
from tests.support.examples import examples

OTHER = ClusterRef(ACCOUNT, REGION, "other")


def cluster_of(**details: Any) -> dict[str, object]:
    driver = Driver()
    driver.world.add_cluster(replace(Cluster(OTHER, 0.0), **details))
    found = driver.ask("GET", "/clusters/other")["cluster"]
    assert isinstance(found, dict)
    return found


def test_a_cluster_in_auto_mode_says_so():
    assert cluster_of(auto_mode=True)["computeConfig"] == {"enabled": True}


def test_a_cluster_that_is_being_created_has_no_endpoint_yet():
    assert "endpoint" not in cluster_of(status="CREATING")


def test_a_local_cluster_has_an_id_that_stays():
    one, again = (cluster_of(outpost="arn:aws:outposts:::o") for _ in range(2))
    assert one["outpostConfig"] == {"outpostArns": ["arn:aws:outposts:::o"]}
    assert one["id"] == again["id"]


def test_a_connected_cluster_shows_only_where_asked_for():
    driver = Driver()
    driver.world.add_cluster(Cluster(OTHER, 0.0, connector="EKS_ANYWHERE"))
    assert driver.ask("GET", "/clusters")["clusters"] == ["prod"]
    assert driver.ask("GET", "/clusters?include=all")["clusters"] == ["other", "prod"]
    found = driver.ask("GET", "/clusters/other")["cluster"]
    assert found["connectorConfig"]["provider"] == "EKS_ANYWHERE"
    assert "version" not in found


def test_an_add_on_of_a_cluster_that_is_not_active_cannot_change():
    driver = Driver()
    driver.world.add_cluster(Cluster(OTHER, 0.0, status="FAILED"), [AddonSeed(VERSION, PLAIN)])
    with pytest.raises(RefusedError, match="400 InvalidRequestException: Cluster other is in FAILED state"):
        driver.ask("POST", "/clusters/other/addons/coredns/update", {})


def test_a_caller_who_simulates_kubernetes_says_where_it_listens():
    world = World(SCHEMAS.get, endpoint_of=lambda ref: Endpoint(f"https://127.0.0.1/{ref.name}", "PEM"))
    world.add_cluster(Cluster(PROD, 0.0))
    signed = {"authorization": "Credential=AKIAX/20260101/eu-west-1/eks/aws4_request"}
    answer = world.handle(Request("GET", "/clusters/prod", signed)).answer
    assert isinstance(answer, Reply)
    found = json.loads(answer.body)["cluster"]
    assert found["endpoint"] == "https://127.0.0.1/prod"
    assert found["certificateAuthority"] == {"data": "UEVN"}


def test_other_add_ons_are_kept_without_a_schema():
    driver = Driver()
    driver.world.add_cluster(Cluster(OTHER, 0.0), [AddonSeed("v1.19.0-eksbuild.1", name="vpc-cni")])
    driver.ask("POST", "/clusters/other/addons/vpc-cni/update", {"configurationValues": '{"any": 1}'})
    driver.clock.sleep(100)
    found = driver.ask("GET", "/clusters/other/addons/vpc-cni")["addon"]
    assert found["configurationValues"] == '{"any": 1}'
    with pytest.raises(RefusedError, match=r"Addon vpc-cni specified is not supported in 1\.33"):
        driver.ask("POST", "/clusters/other/addons/vpc-cni/update", {"addonVersion": "v2"})
    with pytest.raises(RefusedError, match="Addon version specified is not supported"):
        driver.ask("GET", "/addons/configuration-schemas?addonName=vpc-cni&addonVersion=v1")
    with pytest.raises(RefusedError, match="Addon vpc-cni specified is not supported"):
        driver.ask("GET", "/addons/supported-versions?addonName=vpc-cni")


def test_a_stored_document_may_have_any_content():
    driver = Driver(AddonSeed(VERSION, "a: ["))
    assert driver.describe()["configurationValues"] == "a: ["
    assert driver.world.replicas(PROD) == 2
    driver.update(PLAIN)
    driver.clock.sleep(100)
    assert driver.describe()["status"] == "ACTIVE"


def test_a_cluster_that_is_put_again_starts_again():
    driver = Driver()
    driver.world.add_cluster(Cluster(PROD, 0.0))
    assert driver.world.addon(PROD) is None
    assert driver.world.document(PROD) is None
    assert driver.world.replicas(PROD) == 0


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            {"addonVersion": 7},
            "Value at 'addonVersion' failed to satisfy constraint: Member must be a string",
        ),
        ({"podIdentityAssociations": {}}, "Member must be a list of objects"),
        ({"podIdentityAssociations": [{"serviceAccount": "x"}]}, "podIdentityAssociations.roleArn"),
    ],
)
def test_members_of_another_type_are_refused(body, told):
    with pytest.raises(RefusedError, match=told):
        Driver().ask("POST", f"{ADDON}/update", body)


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("/clusters?maxResults=0", "Member must have value between 1 and 100"),
        ("/clusters?maxResults=101", "Member must have value between 1 and 100"),
        ("/clusters?maxResults=many", "Value 'many' at 'maxResults'"),
        ("/clusters?nextToken=%2A", "nextToken is invalid"),
        ("/clusters?nextToken=WzEsIDJd", "nextToken is invalid"),
        ("/addons/configuration-schemas?addonName=coredns", "Value at 'addonVersion' failed"),
        ("/addons/configuration-schemas?addonName=coredns&addonVersion=v0", "Addon version specified"),
        ("/nodegroups", "404 UnknownOperationException"),
    ],
)
def test_queries_that_make_no_sense_are_refused(target, told):
    with pytest.raises(RefusedError, match=told):
        Driver().ask("GET", target)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"[" * 100_000])
def test_a_body_that_is_not_an_object_is_refused(body):
    signed = {"authorization": "Credential=AKIAX/20260101/eu-west-1/eks/aws4_request"}
    answer = Driver().world.handle(Request("POST", f"{ADDON}/update", signed, body)).answer
    assert isinstance(answer, Reply)
    assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (400, "SerializationException")


def test_a_catalogue_without_fitting_versions_is_empty():
    assert Driver().ask("GET", "/addons/supported-versions?kubernetesVersion=1.99") == {"addons": []}


@pytest.mark.parametrize("key", [access_key_of("999999999999"), access_key_of(ACCOUNT)])
def test_keys_of_accounts_that_do_not_exist_are_unknown(key):
    driver = Driver()
    if key == access_key_of(ACCOUNT):
        assert driver.ask("GET", "/clusters", key=key)["clusters"] == ["prod"]
    else:
        with pytest.raises(RefusedError, match="403 UnrecognizedClientException"):
            driver.ask("GET", "/clusters", key=key)


def test_a_denial_of_whom_no_one_knows_is_still_an_answer():
    driver = Driver()
    driver.world.add_fault(Fault(Deny()))
    with pytest.raises(RefusedError, match="403 AccessDeniedException"):
        driver.ask("GET", "/clusters", key=access_key_of("999999999999"))


def test_calls_beyond_the_rate_are_throttled_for_each_account_and_region():
    driver = Driver(rate=Rate(per_second=1, burst=2))
    driver.world.add_account(Account("222222222222"))
    for _ in range(2):
        driver.ask("GET", "/clusters")
    with pytest.raises(RefusedError, match="429 TooManyRequestsException: Too Many Requests"):
        driver.ask("GET", "/clusters")
    assert driver.ask("GET", "/clusters", key=access_key_of("222222222222"))["clusters"] == []
    assert driver.ask("GET", "/clusters", region="us-east-1")["clusters"] == []
    driver.clock.sleep(1)
    assert driver.ask("GET", "/clusters")["clusters"] == ["prod"]
    assert [call.status for call in driver.world.calls.of("ListClusters", region=REGION)].count(429) == 1


def test_faults_can_be_removed():
    driver = Driver()
    driver.world.add_fault(Fault(SERVER_ERROR, Match(operation="ListClusters")))
    with pytest.raises(RefusedError, match="500 ServerException"):
        driver.ask("GET", "/clusters")
    driver.world.clear_faults()
    assert driver.ask("GET", "/clusters")["clusters"] == ["prod"]


def test_the_log_contains_requests_and_answers():
    driver = Driver()
    driver.describe()
    with pytest.raises(RefusedError):
        driver.update("null")
    described, updated = driver.world.calls
    assert (
        described.operation,
        described.account,
        described.region,
        described.cluster,
        described.status,
    ) == (
        "DescribeAddon",
        ACCOUNT,
        REGION,
        "prod",
        200,
    )
    assert (updated.operation, updated.status, updated.code) == (
        "UpdateAddon",
        400,
        "InvalidParameterException",
    )
    assert updated.at == driver.clock()


@given(st.lists(st.text("abc-", min_size=1, max_size=4), unique=True), st.integers(1, 7))
@examples(60)
def test_pages_add_up_whatever_their_size(names, size):
    names.sort()
    found: list[str] = []
    token = ""
    while True:
        cut = page(names, size=size, token=token, what="list")
        found += cut.items
        token = cut.token
        if not token:
            break
        assert len(cut.items) == size
    assert found == names


@given(st.data())
@examples(40)
def test_nothing_is_missed_while_others_add_to_a_list(data):
    names = sorted(data.draw(st.lists(st.text("abc", min_size=1, max_size=3), unique=True, min_size=3)))
    first = page(names, size=2, token="", what="list")
    later = sorted({*names, *data.draw(st.lists(st.text("abc", min_size=1, max_size=3)))})
    rest = page(later, size=100, token=first.token, what="list") if first.token else first
    assert {*first.items, *rest.items} >= set(names)


@given(st.binary(max_size=60), st.sampled_from(["GET", "POST", "DELETE"]), st.text(max_size=30))
@examples(80)
def test_no_request_crashes_a_service(body, method, path):
    driver = Driver()
    for service in ("eks", "sts", "organizations", "account", "ec2"):
        signed = {
            "authorization": f"Credential=AKIAX/20260101/eu-west-1/{service}/aws4_request",
            "x-amz-target": f"X.{path}",
        }
        for target in (f"/{path}", f"{ADDON}/update", f"/?Action={path}"):
            answer = driver.world.handle(Request(method, target, signed, body)).answer
            assert isinstance(answer, Reply)
            assert 200 <= answer.status < 500
