"""The policies that we ship, against the calls that the program really makes."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from unittest import mock

import boto3
import pytest
from botocore.model import OperationModel
from moto import mock_aws
from moto.core.config import DefaultConfig

from eksaddon.app.github.wave import recorded_run
from eksaddon.app.runs.asks import rolling_back
from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.history import runs
from eksaddon.app.runs.rollout import continue_run, new_run_id
from eksaddon.apply.steps import Limits
from eksaddon.domain.errors import EksdnsError
from eksaddon.plan.planfile import SavedPlan
from eksaddon.sim.api.call_log import Call
from eksaddon.store.bucket import Bucket
from eksaddon.store.s3 import S3Store
from tests.support.aws.cloudformation import Stack, read_template
from tests.support.paths import ROOT
from tests.support.simulation import Simulation, fleet_of, simulate

pytestmark = pytest.mark.slow


ACCESS = ROOT / "configs" / "access"
HUB, MEMBER = "100000000000", "200000000002"

SCENARIO = """
    version: 1
    seed: 7
    defaultAccount: hub
    organization: {management: hub}
    accounts:
      - {id: "100000000000", name: hub, ou: /Platform, regions: [eu-west-1], roles: {eksdns-apply: {}}}
      - id: "200000000002"
        name: shop
        ou: /Workloads/Prod
        tags: {dns: managed}
        regions: [eu-west-1, us-east-1]
        roles: {eksdns-apply: {}, eksdns-read: {}}
    documents: {plain: '{"replicaCount": 2}'}
    clusters:
      - name: "app-{n}"
        count: 3
        account: shop
        region: eu-west-1
        addon: v1.11.4-eksbuild.51
        document: plain
      - {name: auto, account: shop, region: eu-west-1, addon: none, autoMode: true}
      - {name: bare, account: shop, region: us-east-1, addon: none}
    faults:
      - {kind: reset-after, match: {operation: UpdateAddon, cluster: app-2}, times: 8}
      - {kind: denied, match: {operation: DescribeAddon, cluster: bare}}
"""

FLEET = """
    version: 1
    coredns: {replicaCount: 3}
    organization: {role: eksdns-apply, ous: [/Workloads], accountTags: {dns: managed}, regions: all}
"""
WHOLE = """
    version: 1
    coredns: {replicaCount: 3, addonVersion: default}
    organization: {role: eksdns-apply, regions: [eu-west-1], excludeAccounts: [hub]}
"""


def hub() -> Stack:
    values = {"GitHubOwner": "acme", "GitHubRepository": "dns", "StateBucket": "acme-eksdns"}
    return Stack(read_template(ACCESS / "hub.yaml"), values, HUB)


def member() -> Stack:
    return Stack(read_template(ACCESS / "members.yaml"), {"HubAccount": HUB}, MEMBER)


@pytest.fixture(scope="module")
def reading() -> Simulation:
    simulation = simulate(SCENARIO)
    for text in (FLEET, WHOLE):
        simulation.plan(fleet_of(text, role="eksdns-read"))
    return simulation


@pytest.fixture(scope="module")
def writing() -> Simulation:
    simulation = simulate(SCENARIO)
    for number, text in enumerate((FLEET, WHOLE)):
        simulation.apply(simulation.plan(fleet_of(text)), run_id=f"run-{number}")
    return simulation


ONLY_S3: DefaultConfig = {"core": {"passthrough": {"services": ["account", "eks", "organizations", "sts"]}}}
"""To moto; the rest is simulated."""


class Recorded:
    """Calls of S3 as botocore makes them."""

    def __init__(self) -> None:
        self.calls: set[tuple[str, str]] = set()

    def __call__(self, params: Mapping[str, str], model: OperationModel, **_: object) -> None:
        """A listing is about the bucket, everything else about an object in it."""
        self.calls.add((model.name, params.get("Key", "")))


@pytest.fixture(scope="module")
def kept() -> Iterator[Recorded]:
    """A run from its opening to its end, gone on with by another process, and looked for."""
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    with mock.patch.dict(os.environ, keys), mock_aws(config=ONLY_S3):
        client, recorded = boto3.client("s3", region_name="us-east-1"), Recorded()
        client.create_bucket(Bucket="acme-eksdns")
        client.meta.events.register("provide-client-params.s3", recorded)
        simulation = replace(simulate(SCENARIO), store=S3Store(Bucket(client, "acme-eksdns", "runs/")))
        plan = simulation.plan(fleet_of(FLEET))
        assert recorded_run(simulation.store, SavedPlan(plan, simulation.book.known(), "")) is None
        with pytest.raises(EksdnsError):
            simulation.store.open("no-such-run")
        run_id = new_run_id(plan.created_at)
        simulation.apply(plan, replace(Limits(), max_wait=0.0), run_id)
        assert recorded_run(simulation.store, SavedPlan(plan, simulation.book.known(), "")) is not None
        assert [one.run_id for one in runs(simulation.store)[0]] == [run_id]
        continue_run(run_id, rolling_back(""), simulation.store, lambda _: simulation.session, Conduct())
        yield recorded


def action(call: Call) -> str:
    return f"{call.service}:{call.operation}"


def calls_of(simulation: Simulation, *services: str) -> list[Call]:
    return [call for call in simulation.world.calls if call.service in services and call.operation]


def resources(call: Call, role: str) -> list[str]:
    """What a call is about (source: service authorization reference of EKS, STS and Organizations)."""
    place = f"arn:aws:eks:{call.region}:{call.account}"
    cluster, addon = f"{place}:cluster/{call.cluster}", f"{place}:addon/{call.cluster}/coredns/0abc"
    match call.operation:
        case "DescribeCluster" | "ListAddons":
            return [cluster]
        case "DescribeAddon" | "UpdateAddon":
            return [addon]
        case "DescribeUpdate" | "ListUpdates":
            return [cluster, addon]
        case "AssumeRole":
            return [f"arn:aws:iam::{call.account}:role/{role}"]
        case _:
            return ["*"]


def check(stack: Stack, role: str, calls: list[Call], *, entered_by: str = "") -> None:
    refused = {
        action(one) for one in calls if not stack.allows(role, action(one), resources(one, entered_by))
    }
    assert refused == set()
    kept = {name for name in stack.actions(role) if name.startswith("s3:")}
    assert stack.actions(role) - kept == {action(one) for one in calls}, "nothing is granted for nothing"


def test_the_hub_reads_by_exactly_what_it_may(reading):
    check(hub(), "PlanRole", calls_of(reading, "organizations", "sts"), entered_by="eksdns-read")


def test_the_hub_rolls_out_by_exactly_what_it_may(writing):
    check(hub(), "RolloutRole", calls_of(writing, "organizations", "sts"), entered_by="eksdns-apply")


def test_runs_are_kept_by_exactly_what_that_takes(kept):
    """Source of the names: service authorization reference of Amazon S3."""
    stack, named = hub(), {"ListObjectsV2": "s3:ListBucket"}
    used = {(named.get(operation, f"s3:{operation}"), key) for operation, key in kept.calls}
    for name, key in used:
        assert stack.allows("RolloutRole", name, [f"arn:of:State/{key}" if key else "arn:of:State"])
    granted = {name for name in stack.actions("RolloutRole") if name.startswith("s3:")}
    assert granted == {name for name, _ in used}, "nothing is granted for nothing"


def test_members_are_read_by_exactly_what_that_takes(reading):
    check(member(), "ReadRole", calls_of(reading, "eks", "account"))


def test_members_are_changed_by_exactly_what_that_takes(writing):
    check(member(), "ApplyRole", calls_of(writing, "eks", "account"))


def test_a_read_role_cannot_write():
    assert not any("Update" in name for name in member().actions("ReadRole"))
    assert "eks:UpdateAddon" in member().actions("ApplyRole")
    assert not hub().allows("PlanRole", "sts:AssumeRole", [f"arn:aws:iam::{MEMBER}:role/eksdns-apply"])
    assert not any(name.startswith("s3:") for name in hub().actions("PlanRole"))


def test_nothing_that_writes_is_made_before_it_is_asked_for():
    made = {name for name, one in hub().template["Resources"].items() if "Condition" not in one}
    assert made == {"FindAccounts", "PlanRole"}
    assert hub().template["Parameters"]["Rollout"]["Default"] == "no"


def test_members_let_in_the_roles_of_the_hub_only():
    for role, comes in (("ReadRole", "eksdns-plan"), ("ApplyRole", "eksdns-rollout")):
        (statement,) = member().resource(role)["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Condition"] == {
            "ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{HUB}:role/{comes}"}
        }
    with_id = Stack(member().template, {"HubAccount": HUB, "ExternalId": "x"}, MEMBER)
    (statement,) = with_id.resource("ReadRole")["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"]["StringEquals"] == {"sts:ExternalId": "x"}


NAMES = {"GitHubOwner": "acme", "GitHubRepository": "dns", "StateBucket": "acme-eksdns"}
NUMBERS = {"GitHubOwnerId": "123", "GitHubRepositoryId": "456"}
OLD, NEW = "repo:acme/dns", "repo:acme@123/dns@456"


@pytest.mark.parametrize(
    ("parameters", "prefixes"),
    [
        (NAMES, [OLD]),
        (NAMES | {"TrustNames": "no"}, [OLD]),
        (NAMES | {"GitHubOwnerId": "123"}, [OLD]),
        (NAMES | NUMBERS, [OLD, NEW]),
        (NAMES | NUMBERS | {"TrustNames": "no"}, [NEW]),
    ],
    ids=["names", "never-nobody", "half", "both", "numbers"],
)
def test_both_forms_of_the_subject_are_trusted_as_far_as_they_are_known(parameters, prefixes):
    stack = Stack(read_template(ACCESS / "hub.yaml"), parameters, HUB)
    ends = {
        "PlanRole": ["pull_request", "ref:refs/heads/main"],
        "RolloutRole": [f"environment:eksdns-{name}" for name in ("apply", "approval", "operate")],
    }
    for role, suffixes in ends.items():
        (statement,) = stack.resource(role)["AssumeRolePolicyDocument"]["Statement"]
        trusted = statement["Condition"]["StringEquals"]
        assert trusted["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"
        assert trusted["token.actions.githubusercontent.com:sub"] == [
            f"{prefix}:{suffix}" for prefix in prefixes for suffix in suffixes
        ]
