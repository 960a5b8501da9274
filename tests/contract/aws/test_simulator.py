"""The real adapter on the simulated AWS, in this process and over HTTP: both must look the same."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from eksaddon.aws.connect import Aws
from eksaddon.aws.network.http import Transport
from eksaddon.aws.sessions import Hermetic
from eksaddon.aws.settings import Settings
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.observed import AutoMode, Connected, Managed, NotActive, NotInstalled, Unreachable
from eksaddon.domain.target import Access, AssumedRole, ClusterRef, CurrentCredentials, Scope
from eksaddon.domain.update import UpdateRecord
from eksaddon.ports import Identity, Members, UpdateRequest
from eksaddon.sim.accounts.organizations import Organization
from eksaddon.sim.addon.update_script import Pace
from eksaddon.sim.api import faults
from eksaddon.sim.api.faults import Fault, Match
from eksaddon.sim.api.identities import Account, Role
from eksaddon.sim.api.keys import access_key_of
from eksaddon.sim.eks.seeds import AddonSeed
from eksaddon.sim.http.server import running
from eksaddon.sim.inprocess.botocore_hook import InProcess
from eksaddon.sim.resources import Cluster
from eksaddon.sim.world import World

HUB, SHOP, SHUT = "111122223333", "222233334444", "333344445555"
VERSION = "v1.11.4-eksbuild.2"
ROLE = Role("eksdns", external_id="x-7")
DOCUMENT = '{"replicaCount": 2}'
START = 1767225600.0


@dataclass
class Time:
    now: float = START


@dataclass
class Setup:
    """A small world, and the adapter that looks at it."""

    world: World
    aws: Aws
    time: Time

    def trouble(self, answer: object) -> Trouble:
        assert isinstance(answer, Trouble)
        return answer

    def calls(self, operation: str) -> int:
        return sum(1 for call in self.world.calls if call.operation == operation)


def schema(version: str) -> Mapping[str, object] | None:
    if not version.startswith("v1."):
        return None
    keys = {"replicaCount": {"type": "integer"}, "corefile": {"type": "string"}}
    return {"type": "object", "properties": keys, "additionalProperties": False}


def at(name: str, account: str = SHOP, region: str = "eu-west-1") -> ClusterRef:
    return ClusterRef(account, region, name)


def populated(time: Time) -> World:
    world = World(
        schema,  # type: ignore[arg-type]  # a schema is JSON
        lambda: time.now,
        default_account=HUB,
        organization=Organization(HUB, units=("/Shops/Closed",)),
        pace=Pace(update=(30.0, 30.0)),
    )
    world.add_account(Account(HUB, "hub"))
    world.add_account(
        Account(
            SHOP,
            "shop",
            unit="/Shops",
            tags=(("env", "prod"),),
            regions=("eu-west-1",),
            roles={"eksdns": ROLE},
        )
    )
    world.add_account(Account(SHUT, "shut", status="SUSPENDED", unit="/Shops", roles={}))
    addon = AddonSeed(VERSION, DOCUMENT)
    for name in ("prod", "test"):
        world.add_cluster(Cluster(at(name), START), [addon])
    world.add_cluster(Cluster(at("bare"), START))
    world.add_cluster(Cluster(at("auto"), START, auto_mode=True))
    world.add_cluster(Cluster(at("young"), START, status="CREATING"))
    world.add_cluster(Cluster(at("distant"), START, connector="EKS_ANYWHERE"))
    for number in range(120):
        world.add_cluster(Cluster(at(f"c{number:03}", region="us-east-1"), START), [addon])
    return world


@contextmanager
def looking(world: World, time: Time, access: Callable[[str], Access], *, http: bool) -> Iterator[Aws]:
    def opened(hermetic: Hermetic | None, transport: Transport | None) -> Aws:
        return Aws(
            access,
            settings=Settings(mode="standard", attempts=4, read_timeout=5.0),
            home_region="eu-west-1",
            hermetic=hermetic,
            transport=transport,
            now=lambda: time.now,
        )

    if not http:
        yield opened(Hermetic(access_key_of(HUB), "s"), InProcess(world.handle))
        return
    with running(world.handle) as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address.url)
        patch.setenv("AWS_ACCESS_KEY_ID", access_key_of(HUB))
        aws = opened(None, None)
        try:
            yield aws
        finally:
            aws.close()


def member(account: str) -> Access:
    if account == HUB:
        return CurrentCredentials()
    return AssumedRole((f"arn:aws:iam::{account}:role/eksdns",), external_id="x-7")


@pytest.fixture(params=["in process", "over http"])
def setup(request: pytest.FixtureRequest) -> Iterator[Setup]:
    time = Time()
    world = populated(time)
    with looking(world, time, member, http=request.param == "over http") as aws:
        yield Setup(world, aws, time)


def request_for(text: str, token: str = "token-1") -> UpdateRequest:
    return UpdateRequest(text, ResolveConflicts.NONE, token)


def test_we_are_who_the_simulator_says(setup: Setup) -> None:
    identity = setup.aws.directory.identity()
    assert isinstance(identity, Identity)
    assert (identity.account, identity.partition) == (HUB, "aws")


def test_the_clusters_of_a_member_are_listed_whole(setup: Setup) -> None:
    listed = setup.aws.addons.clusters(Scope(SHOP, "us-east-1"))
    assert isinstance(listed, tuple)
    assert len(listed) == 120
    assert setup.calls("ListClusters") == 2
    assert setup.calls("AssumeRole") == 1


def test_each_kind_of_cluster_is_distinguished_from_the_others(setup: Setup) -> None:
    seen = {name: setup.aws.addons.read(at(name)) for name in ("bare", "auto", "young", "distant", "none")}
    assert isinstance(seen["bare"], NotInstalled)
    assert isinstance(seen["auto"], AutoMode)
    assert isinstance(seen["young"], NotActive)
    assert isinstance(seen["distant"], Connected)
    assert isinstance(seen["none"], Unreachable)
    assert seen["none"].trouble.cause is Cause.NO_SUCH_CLUSTER
    found = setup.aws.addons.read(at("prod"))
    assert isinstance(found, Managed)
    assert (found.version, found.status, found.text) == (VERSION, "ACTIVE", DOCUMENT)


def test_an_update_is_followed_to_its_end(setup: Setup) -> None:
    begun = setup.aws.addons.update(at("prod"), request_for('{"replicaCount": 3}'))
    assert isinstance(begun, UpdateRecord)
    assert begun.status == "InProgress"
    busy = setup.trouble(setup.aws.addons.update(at("prod"), request_for("{}", "token-2")))
    assert busy.cause is Cause.BUSY
    setup.time.now += 31
    ended = setup.aws.addons.describe_update(at("prod"), begun.id)
    assert isinstance(ended, UpdateRecord)
    assert ended.status == "Successful"
    assert dict(ended.params)["ConfigurationValues"] == '{"replicaCount": 3}'
    assert ended.created_at == START
    assert setup.world.document(at("prod")) == '{"replicaCount": 3}'


def test_the_same_intent_sent_twice_is_one_update(setup: Setup) -> None:
    first = setup.aws.addons.update(at("prod"), request_for('{"replicaCount": 3}'))
    again = setup.aws.addons.update(at("prod"), request_for('{"replicaCount": 3}'))
    assert isinstance(first, UpdateRecord)
    assert isinstance(again, UpdateRecord)
    assert first.id == again.id
    assert setup.aws.addons.updates(at("prod")) == (first.id,)


def test_an_update_whose_answer_is_lost_is_found_again_by_its_document(setup: Setup) -> None:
    setup.world.add_fault(Fault(faults.Reset(after=True), Match(operation="UpdateAddon"), times=4))
    lost = setup.trouble(setup.aws.addons.update(at("prod"), request_for('{"replicaCount": 3}')))
    assert lost.cause is Cause.TRANSPORT
    ids = setup.aws.addons.updates(at("prod"))
    assert isinstance(ids, tuple)
    assert len(ids) == 1
    own = setup.aws.addons.describe_update(at("prod"), ids[0])
    assert isinstance(own, UpdateRecord)
    assert dict(own.params)["ConfigurationValues"] == '{"replicaCount": 3}'


def test_rejections_quote_the_message_of_eks(setup: Setup) -> None:
    trouble = setup.trouble(setup.aws.addons.update(at("prod"), request_for('{"replicaCounts": 3}')))
    assert trouble.cause is Cause.INVALID
    assert "replicaCounts" in trouble.message
    assert setup.world.document(at("prod")) == DOCUMENT


def test_the_schema_of_a_version_is_asked_for_once(setup: Setup) -> None:
    for region in ("eu-west-1", "us-east-1"):
        found = setup.aws.addons.schema(Scope(SHOP, region), VERSION)
        assert not isinstance(found, Trouble)
        assert found.document["properties"]["replicaCount"] == {"type": "integer"}
    assert setup.calls("DescribeAddonConfiguration") == 1
    unknown = setup.trouble(setup.aws.addons.schema(Scope(SHOP, "eu-west-1"), "v0.0.1-eksbuild.1"))
    assert unknown.cause in (Cause.NOT_FOUND, Cause.INVALID)


PASSING = [
    faults.TOO_MANY_REQUESTS,
    faults.THROTTLING,
    faults.SERVER_ERROR,
    faults.UNAVAILABLE,
    faults.UNAVAILABLE_PAGE,
    faults.Reset(after=False),
    faults.Reset(after=True),
    faults.Truncate(0.5),
    faults.Truncate(0.0),
    faults.Expire(),
]


@pytest.mark.parametrize("effect", PASSING, ids=str)
def test_passing_faults_change_no_answer_and_send_no_update_twice(
    setup: Setup, effect: faults.Effect
) -> None:
    setup.world.add_fault(Fault(effect, Match(service="eks"), each=True, times=1))
    listed = setup.aws.addons.clusters(Scope(SHOP, "us-east-1"))
    assert isinstance(listed, tuple)
    assert len(listed) == 120
    assert isinstance(setup.aws.addons.read(at("prod")), Managed)
    assert isinstance(setup.aws.addons.read(at("auto")), AutoMode)
    begun = setup.aws.addons.update(at("prod"), request_for('{"replicaCount": 3}'))
    assert isinstance(begun, UpdateRecord)
    assert setup.aws.addons.updates(at("prod")) == (begun.id,)


@pytest.mark.parametrize(
    ("effect", "cause"),
    [
        (faults.TOO_MANY_REQUESTS, Cause.THROTTLED),
        (faults.UNAVAILABLE_PAGE, Cause.SERVER),
        (faults.Reset(after=True), Cause.TRANSPORT),
        (faults.Cut(), Cause.TRANSPORT),
        (faults.Truncate(0.5), Cause.TRUNCATED),
        (faults.Expire(), Cause.CREDENTIALS_INVALID),
        (faults.Deny(), Cause.DENIED),
        (faults.Deny(by_guardrail=True), Cause.DENIED_BY_SCP),
        (faults.Page(200, b"<html>Please log in</html>"), Cause.UNREADABLE),
    ],
    ids=str,
)
def test_lasting_faults_are_reported_by_their_cause(
    setup: Setup, effect: faults.Effect, cause: Cause
) -> None:
    setup.world.add_fault(Fault(effect, Match(service="eks")))
    assert setup.trouble(setup.aws.addons.clusters(Scope(SHOP, "us-east-1"))).cause is cause
    found = setup.aws.addons.read(at("prod"))
    assert isinstance(found, Unreachable)
    assert found.trouble.cause is cause


def test_a_role_that_does_not_exist_is_asked_for_once(setup: Setup) -> None:
    troubles = [setup.trouble(setup.aws.addons.clusters(Scope(SHUT, "eu-west-1"))) for _ in range(3)]
    assert {trouble.cause for trouble in troubles} == {Cause.ROLE_NOT_ASSUMABLE}
    assert setup.calls("AssumeRole") == 1


def test_a_region_that_is_off_is_distinguished_from_bad_keys(setup: Setup) -> None:
    trouble = setup.trouble(setup.aws.addons.clusters(Scope(SHOP, "me-central-1")))
    assert trouble.cause is Cause.REGION_NOT_ENABLED


def test_keys_that_ran_out_are_renewed_in_the_middle_of_a_run(setup: Setup) -> None:
    assert isinstance(setup.aws.addons.read(at("prod")), Managed)
    setup.time.now += 3 * 3600
    assert isinstance(setup.aws.addons.read(at("prod")), Managed)
    assert setup.calls("AssumeRole") == 2


def test_the_organization_is_read_with_units_and_tags(setup: Setup) -> None:
    found = setup.aws.organization().members(("/Shops",), with_tags=True)
    assert isinstance(found, Members)
    assert [(one.id, one.path, one.tags) for one in found.active] == [(SHOP, "/Shops", (("env", "prod"),))]
    assert [one.id for one in found.left_out] == [SHUT]


def test_a_member_cannot_read_the_organization(setup: Setup) -> None:
    trouble = setup.trouble(setup.aws.organization(member(SHOP)).members())
    assert trouble.cause is Cause.DENIED


def test_enabled_regions_of_a_member_are_reported(setup: Setup) -> None:
    regions = setup.aws.directory.enabled_regions(SHOP)
    assert isinstance(regions, tuple)
    assert "eu-west-1" in regions
    assert "me-central-1" not in regions
