"""Three ways to have AWS without AWS, behind one face: the simulator twice, and moto."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.loaders import Loader, create_loader

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.accounts.organizations import Organization
from eksaddon.sim.api.identities import Account, Role
from eksaddon.sim.api.keys import access_key_of
from eksaddon.sim.eks.seeds import AddonSeed
from eksaddon.sim.http.server import running
from eksaddon.sim.inprocess.botocore_hook import InProcess, boto3_session
from eksaddon.sim.resources import Cluster
from eksaddon.sim.world import World

HUB = "123456789012"
"""moto's own default account, so that both have the same."""
REGION = "eu-west-1"
VERSION = "v1.12.4-eksbuild.29"
OTHER_VERSION = "v1.13.2-eksbuild.21"
ROLE = "eksdns-apply"
PLAIN = '{"replicaCount": 2}'
CLUSTERS = [f"c-{number:03}" for number in range(1, 26)]
WITHOUT_ADDON = "c-025"

SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-06/schema#",
    "type": "object",
    "additionalProperties": False,
    "properties": {"replicaCount": {"type": "integer"}, "corefile": {"type": "string"}},
}
SCHEMAS = {VERSION: SCHEMA, OTHER_VERSION: SCHEMA}


class TestClock:
    __test__ = False

    def __init__(self, start: float = 1_800_000_000.0) -> None:
        self.seconds = start

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class Aws:
    """One of the three.

    Attributes:
        members: Ids of the organization's accounts, the management account among them.
        member: One that is not the management account; it has the cluster `theirs`.
        finish: Lets all updates end.
        world: What is behind it, where it is the simulator.
    """

    name: str
    session: boto3.Session
    endpoint: str | None
    members: list[str]
    member: str
    finish: Callable[[], None]
    world: World | None = None
    clients: list[Any] = field(default_factory=list)

    def close(self) -> None:
        for client in self.clients:
            client.close()

    @property
    def simulation(self) -> World:
        assert self.world is not None
        return self.world

    def client(self, service: str, region: str = REGION) -> Any:
        return self._client(self.session, service, region)

    def in_member(self, service: str, region: str = REGION, **wanted: Any) -> Any:
        """A client with the keys of a role of the member account."""
        arn = f"arn:aws:iam::{self.member}:role/{ROLE}"
        answer = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="test", **wanted)
        return self.with_keys(answer["Credentials"], service, region)

    def with_keys(self, keys: Any, service: str, region: str = REGION) -> Any:
        return self._client(
            self.session,
            service,
            region,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )

    def patient(self, service: str, attempts: int) -> Any:
        """A client that repeats requests, as clients do."""
        return self._client(self.session, service, REGION, attempts=attempts)

    def impatient(self, service: str) -> Any:
        """A client for answers that never come; any other may come late on a busy machine."""
        return self._client(self.session, service, REGION, read_timeout=0.2)

    def _client(
        self,
        session: boto3.Session,
        service: str,
        region: str,
        *,
        attempts: int = 1,
        read_timeout: float = 60.0,
        **keys: str,
    ) -> Any:
        retries = {"mode": "standard", "total_max_attempts": attempts}
        config = Config(retries=retries, read_timeout=read_timeout)  # type: ignore[arg-type]  # as it is documented
        factory: Any = session.client  # a name out of many, for which there are no overloads
        client = factory(service, region_name=region, endpoint_url=self.endpoint, config=config, **keys)
        self.clients.append(client)
        return client


def world(now: Callable[[], float], **options: Any) -> World:
    """A hub with clusters, a member account with one, and an account that is being closed."""
    world = World(SCHEMAS.get, now, default_account=HUB, organization=Organization(HUB), **options)
    roles = {ROLE: Role(ROLE), "picky": Role("picky", external_id="secret", trusts=("*:user/*",))}
    world.add_account(Account(HUB, "hub", roles={ROLE: Role(ROLE)}))
    world.add_account(
        Account("222222222222", "shop", unit="/Workloads/Prod", tags=(("env", "prod"),), roles=roles)
    )
    world.add_account(Account("333333333333", "old", status="SUSPENDED", unit="/Workloads"))
    seed = AddonSeed(VERSION, PLAIN)
    for name in CLUSTERS:
        ref = ClusterRef(HUB, REGION, name)
        world.add_cluster(Cluster(ref, now() - 1000), [] if name == WITHOUT_ADDON else [seed])
    world.add_cluster(Cluster(ClusterRef("222222222222", REGION, "theirs"), now() - 1000), [seed])
    return world


@contextmanager
def in_process() -> Iterator[Aws]:
    clock = TestClock()
    simulated = world(clock)
    with closing(_simulated("in-process", simulated, clock, None)) as aws:
        yield aws


@contextmanager
def over_http() -> Iterator[Aws]:
    clock = TestClock()
    simulated = world(clock)
    with (
        running(simulated.handle) as address,
        closing(_simulated("http", simulated, clock, address.url)) as aws,
    ):
        yield aws


def _simulated(name: str, simulated: World, clock: TestClock, endpoint: str | None) -> Aws:
    if endpoint is None:
        session = boto3_session(InProcess(simulated.handle, sleep=clock.sleep), account=HUB, region=REGION)
    else:
        session = _plain_session(access_key_of(HUB))

    members = [each.id for each in simulated.accounts()]
    return Aws(name, session, endpoint, members, "222222222222", lambda: clock.sleep(100), simulated)


def _plain_session(access_key: str) -> boto3.Session:
    inner = botocore.session.Session()
    inner.register_component("data_loader", _loader())
    return boto3.Session(access_key, "secret", region_name=REGION, botocore_session=inner)


@cache
def _loader() -> Loader:
    """Read botocore's models once for all tests."""
    return create_loader()


@contextmanager
def through_moto() -> Iterator[Aws]:
    from moto import mock_aws
    from moto.eks.models import eks_backends

    from tests.support.aws import moto_addons

    moto_addons.SCHEMAS.update(SCHEMAS)
    with mock_aws():
        session = _plain_session("AKIATEST")
        member, members = _moto_organization(session)
        for account, names in ((HUB, CLUSTERS), (member, ["theirs"])):
            for name in names:
                _moto_cluster(eks_backends[account][REGION], account, name)
                if name != WITHOUT_ADDON:
                    addon = moto_addons.Addon("coredns", VERSION, PLAIN)
                    moto_addons.addon_backends[account][REGION].put(name, addon)

        def finish() -> None:
            for account in members:
                moto_addons.addon_backends[account][REGION].finish()

        with closing(Aws("moto", session, None, members, member, finish)) as aws:
            yield aws


def _moto_organization(session: boto3.Session) -> tuple[str, list[str]]:
    organizations = session.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    made = [
        organizations.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]
        for name in ("shop", "old")
    ]
    member = made[0]["AccountId"]
    root = organizations.list_roots()["Roots"][0]["Id"]
    parent = root
    for name in ("Workloads", "Prod"):
        unit = organizations.create_organizational_unit(ParentId=parent, Name=name)
        parent = unit["OrganizationalUnit"]["Id"]
    organizations.move_account(AccountId=member, SourceParentId=root, DestinationParentId=parent)
    organizations.tag_resource(ResourceId=member, Tags=[{"Key": "env", "Value": "prod"}])
    return member, [HUB, *(each["AccountId"] for each in made)]


def _moto_cluster(backend: Any, account: str, name: str) -> None:
    """Put it there directly: moto's own way makes a session for each, which takes 95 ms."""
    from moto.eks.models import Cluster as MotoCluster

    backend.clusters[name] = MotoCluster(
        name=name,
        role_arn=f"arn:aws:iam::{account}:role/eks",
        resources_vpc_config={},
        account_id=account,
        region_name=REGION,
        aws_partition="aws",
    )
    backend.cluster_count += 1


BACKENDS = {"in-process": in_process, "http": over_http, "moto": through_moto}
EACH_BACKEND = [*(name for name in BACKENDS if name != "moto"), pytest.param("moto", marks=pytest.mark.slow)]
"""For a fixture."""
