"""Who we are and whose accounts known scenarios: the adapter on the simulator, twice, and on moto."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from eksaddon.aws.connect import Aws
from eksaddon.aws.network.http import Transport
from eksaddon.aws.sessions import Hermetic
from eksaddon.aws.settings import Settings
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.target import Access, AssumedRole, CurrentCredentials, Scope
from eksaddon.ports import Identity, Members
from eksaddon.sim.api.keys import access_key_of
from eksaddon.sim.inprocess.botocore_hook import InProcess
from tests.support.aws import backends
from tests.support.aws.backends import BACKENDS, CLUSTERS, EACH_BACKEND, HUB, REGION, ROLE


def entered(account: str) -> Access:
    chain = (f"arn:aws:iam::{account}:role/{ROLE}",)
    return CurrentCredentials() if account == HUB else AssumedRole(chain)


@pytest.fixture(params=EACH_BACKEND)
def backend(request: pytest.FixtureRequest) -> Iterator[backends.Aws]:
    with BACKENDS[request.param]() as one:
        yield one


@pytest.fixture
def aws(backend: backends.Aws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """The adapter, as the current credentials of the management account."""
    settings = Settings(mode="standard", attempts=1, read_timeout=5.0)

    def made(hermetic: Hermetic | None, transport: Transport | None, now: Callable[[], float]) -> Aws:
        return Aws(
            entered,
            settings=settings,
            home_region=REGION,
            hermetic=hermetic,
            transport=transport,
            now=now,
        )

    if backend.world is None:
        one = made(None, lambda _: None, time.time)
    elif backend.endpoint is None:
        key = Hermetic(access_key_of(HUB), "s")
        one = made(key, InProcess(backend.world.handle), backend.world.now)
    else:
        monkeypatch.setenv("AWS_ENDPOINT_URL", backend.endpoint)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", access_key_of(HUB))
        one = made(None, None, backend.world.now)
    with closing(one):
        yield one


def test_current_credentials_are_those_of_the_management_account(aws: Aws) -> None:
    identity = aws.directory.identity()
    assert isinstance(identity, Identity)
    assert (identity.account, identity.partition) == (HUB, "aws")


def test_a_role_makes_us_its_account(backend: backends.Aws, aws: Aws) -> None:
    identity = aws.directory.identity(entered(backend.member))
    assert isinstance(identity, Identity)
    assert identity.account == backend.member
    assert f"assumed-role/{ROLE}/" in identity.arn


def test_a_chain_of_roles_ends_in_the_account_of_the_last(backend: backends.Aws, aws: Aws) -> None:
    there, back = (f"arn:aws:iam::{account}:role/{ROLE}" for account in (backend.member, HUB))
    identity = aws.directory.identity(AssumedRole((there, back)))
    assert isinstance(identity, Identity)
    assert (identity.account, identity.partition) == (HUB, "aws")


def test_keys_of_a_member_are_temporary(backend: backends.Aws, aws: Aws) -> None:
    keys = aws.keys(backend.member)
    assert not isinstance(keys, Trouble)
    assert keys.token
    assert (keys.access_key or "").startswith("ASIA")


def test_each_account_shows_its_own_clusters(backend: backends.Aws, aws: Aws) -> None:
    assert aws.addons.clusters(Scope(HUB, REGION)) == tuple(CLUSTERS)
    assert aws.addons.clusters(Scope(backend.member, REGION)) == ("theirs",)


def test_everyone_in_the_organization_is_found_once(backend: backends.Aws, aws: Aws) -> None:
    for units in ((), ("/",), ("/", "/Workloads")):
        found = aws.organization().members(units)
        assert isinstance(found, Members)
        assert sorted(one.id for one in (*found.active, *found.left_out)) == sorted(backend.members)


def test_accounts_that_are_closed_are_excluded_and_counted(backend: backends.Aws, aws: Aws) -> None:
    if backend.world is None:
        backend.client("organizations").close_account(AccountId=backend.members[-1])
    found = aws.organization().members()
    assert isinstance(found, Members)
    assert [one.name for one in found.left_out] == ["old"]
    assert backend.member in {one.id for one in found.active}


@pytest.mark.parametrize("unit", ["/Workloads", "/Workloads/Prod", "Workloads/Prod/"])
def test_a_unit_shows_the_accounts_below_it_with_their_tags(
    backend: backends.Aws, aws: Aws, unit: str
) -> None:
    found = aws.organization().members((unit,), with_tags=True)
    assert isinstance(found, Members)
    tagged = {(one.id, one.name, one.tags) for one in found.active}
    assert tagged == {(backend.member, "shop", (("env", "prod"),))}


def test_a_unit_can_be_given_by_its_id(backend: backends.Aws, aws: Aws) -> None:
    organizations = backend.client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    (unit,) = organizations.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]
    found = aws.organization().members((unit["Id"],))
    assert isinstance(found, Members)
    assert [one.id for one in found.active] == [backend.member]


def test_a_unit_that_does_not_exist_is_reported_with_those_that_are(aws: Aws) -> None:
    absent = aws.organization().members(("/Workloads/Stage",))
    assert isinstance(absent, Trouble)
    assert absent.cause is Cause.NOT_FOUND
    assert "units below /Workloads: Prod" in absent.message


def test_an_id_of_no_unit_is_a_trouble_and_no_empty_list(aws: Aws) -> None:
    absent = aws.organization().members(("ou-zzzz-12345678",))
    assert isinstance(absent, Trouble)
    assert absent.cause is Cause.NOT_FOUND
