"""moto as an oracle that knows nothing of us: STS, Organizations, and clusters by account."""

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from moto import mock_aws  # before any session is made, or it is not mocked

from eksaddon.aws.connect import Aws
from eksaddon.aws.settings import Settings
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.observed import Managed, NotInstalled, Unreachable
from eksaddon.domain.target import Access, AssumedRole, ClusterRef, CurrentCredentials, Scope
from eksaddon.domain.update import UpdateRecord
from eksaddon.ports import Identity, Members, UpdateRequest
from eksaddon.schema import AddonSchema
from tests.support.aws.moto_addons import install_addon

pytestmark = pytest.mark.slow


OWN = "123456789012"
MEMBER = "222233334444"
ROLE = f"arn:aws:iam::{MEMBER}:role/eksdns-apply"
SETTINGS = Settings(mode="standard", attempts=1)


@pytest.fixture
def aws() -> Iterator[Aws]:
    access: dict[str, Access] = {OWN: CurrentCredentials(), MEMBER: AssumedRole((ROLE,))}
    with mock_aws():
        one = Aws(access.__getitem__, settings=SETTINGS, home_region="eu-west-1", transport=lambda _: None)
        yield one
        one.close()


def client(service: str, region: str = "eu-west-1", **keys: Any) -> Any:
    return botocore.session.get_session().create_client(service, region_name=region, **keys)


def member(region: str) -> Any:
    keys = client("sts").assume_role(RoleArn=ROLE, RoleSessionName="test")["Credentials"]
    return client(
        "eks",
        region,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def create_clusters(eks: Any, *names: str) -> None:
    for name in names:
        eks.create_cluster(name=name, roleArn=f"arn:aws:iam::{OWN}:role/eks", resourcesVpcConfig={})


def test_who_we_are(aws: Aws) -> None:
    identity = aws.directory.identity()
    assert isinstance(identity, Identity)
    assert (identity.account, identity.partition) == (OWN, "aws")


def test_each_account_and_region_shows_its_own_clusters(aws: Aws) -> None:
    create_clusters(client("eks"), "own")
    create_clusters(member("eu-west-1"), "theirs-1", "theirs-2")
    create_clusters(member("us-east-1"), "overseas")
    assert aws.addons.clusters(Scope(OWN, "eu-west-1")) == ("own",)
    assert aws.addons.clusters(Scope(OWN, "us-east-1")) == ()
    assert aws.addons.clusters(Scope(MEMBER, "eu-west-1")) == ("theirs-1", "theirs-2")
    assert aws.addons.clusters(Scope(MEMBER, "us-east-1")) == ("overseas",)


def test_an_organization_shows_its_accounts_by_unit_and_tag(aws: Aws) -> None:
    org = client("organizations")
    org.create_organization(FeatureSet="ALL")
    root = org.list_roots()["Roots"][0]["Id"]
    units: dict[str, str] = {}
    for path, parent in (
        ("/Workloads", root),
        ("/Workloads/Prod", "/Workloads"),
        ("/Workloads/Test", "/Workloads"),
    ):
        name = path.rsplit("/", 1)[1]
        created = org.create_organizational_unit(ParentId=units.get(parent, parent), Name=name)
        units[path] = created["OrganizationalUnit"]["Id"]
    ids: dict[str, str] = {}
    for name, unit, tag in (
        ("shop", "/Workloads/Prod", "gold"),
        ("lab", "/Workloads/Test", "tin"),
        ("old", "", ""),
    ):
        status = org.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]
        ids[name] = status["AccountId"]
        if unit:
            org.move_account(AccountId=ids[name], SourceParentId=root, DestinationParentId=units[unit])
            org.tag_resource(ResourceId=ids[name], Tags=[{"Key": "tier", "Value": tag}])
    org.close_account(AccountId=ids["old"])

    everyone = aws.organization().members()
    assert isinstance(everyone, Members)
    assert {one.name for one in everyone.active} == {"master", "shop", "lab"}
    assert [(one.id, one.state != "ACTIVE") for one in everyone.left_out] == [(ids["old"], True)]

    below = aws.organization().members(("/Workloads",), with_tags=True)
    assert isinstance(below, Members)
    assert {(one.name, one.path, one.tags) for one in below.active} == {
        ("shop", "/Workloads/Prod", (("tier", "gold"),)),
        ("lab", "/Workloads/Test", (("tier", "tin"),)),
    }

    by_id = aws.organization().members((units["/Workloads/Prod"], "Workloads/Prod", "/Workloads/Prod/"))
    assert isinstance(by_id, Members)
    assert [one.id for one in by_id.active] == [ids["shop"]]

    absent = aws.organization().members(("/Workloads/Stage",))
    assert isinstance(absent, Trouble)
    assert absent.cause is Cause.NOT_FOUND
    assert "units below /Workloads: Prod, Test" in absent.message

    unknown = aws.organization().members(("ou-0000-00000000",))
    assert isinstance(unknown, Trouble)


def test_an_organization_of_many_pages_is_read_whole(aws: Aws) -> None:
    org = client("organizations")
    org.create_organization(FeatureSet="ALL")
    for number in range(25):
        org.create_account(AccountName=f"a{number}", Email=f"a{number}@example.com")
    everyone = aws.organization().members(("/",))
    assert isinstance(everyone, Members)
    assert len({one.id for one in everyone.active}) == 26


VERSION = "v1.11.4-eksbuild.2"


def test_the_add_on_plane_works_on_clusters_that_moto_keeps(aws: Aws) -> None:
    create_clusters(member("eu-west-1"), "prod", "bare")
    install_addon(MEMBER, "eu-west-1", "prod", VERSION, '{"replicaCount": 2}')
    prod, bare, none = (ClusterRef(MEMBER, "eu-west-1", name) for name in ("prod", "bare", "none"))

    assert aws.addons.read(prod) == Managed(prod, VERSION, "ACTIVE", '{"replicaCount": 2}')
    assert aws.addons.read(bare) == NotInstalled(bare)
    absent = aws.addons.read(none)
    assert isinstance(absent, Unreachable)
    assert absent.trouble.cause is Cause.NO_SUCH_CLUSTER
    assert isinstance(aws.addons.schema(prod.scope, VERSION), AddonSchema)

    request = UpdateRequest("{}", ResolveConflicts.NONE, "token-1")
    begun = aws.addons.update(prod, request)
    assert isinstance(begun, UpdateRecord)
    assert aws.addons.update(prod, request) == begun
    ended = aws.addons.describe_update(prod, begun.id)
    assert isinstance(ended, UpdateRecord)
    assert (ended.status, dict(ended.params)["ConfigurationValues"]) == ("Successful", "{}")
    assert aws.addons.updates(prod) == (begun.id,)
    assert aws.addons.read(prod) == Managed(prod, VERSION, "ACTIVE", "{}")
    elsewhere = aws.addons.read(ClusterRef(OWN, "eu-west-1", "prod"))
    assert isinstance(elsewhere, Unreachable)
