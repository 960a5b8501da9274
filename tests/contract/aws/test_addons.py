"""EksAddons over a socket: what is asked, how often, and what the answers mean."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from eksaddon.aws.connect import Aws
from eksaddon.aws.settings import Settings
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.observed import (
    AutoMode,
    Connected,
    Managed,
    NotActive,
    NotInstalled,
    Observed,
    Unreachable,
)
from eksaddon.domain.target import Access, AssumedRole, ClusterRef, CurrentCredentials, Scope
from eksaddon.domain.update import UpdateRecord
from eksaddon.ports import UpdateRequest
from eksaddon.schema import AddonSchema
from tests.support.network.loopback import Answer, Loopback, Reply, Reset, Seen, error, loopback, ok

ACCOUNT = "111122223333"
SCOPE = Scope(ACCOUNT, "eu-west-1")
PROD = ClusterRef(ACCOUNT, "eu-west-1", "prod")
REQUEST = UpdateRequest('{"replicaCount": 3}', ResolveConflicts.NONE, "token-1")
NO_ADDON = error(404, "ResourceNotFoundException", "No addon: coredns found in cluster: prod")
NO_CLUSTER = error(404, "ResourceNotFoundException", "No cluster found for name: prod.")
DENIED = error(403, "AccessDeniedException", "User: x is not authorized to perform: eks:DescribeAddon on y")
ADDON = ok({"addon": {"addonVersion": "v1.11.4-eksbuild.2", "status": "ACTIVE"}})
SETTINGS = Settings(mode="standard", attempts=3, read_timeout=5.0)


@dataclass
class Eks:
    """Answers by path; a list of answers is given out one by one, the last one for ever."""

    answers: Mapping[str, list[Answer]]
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, seen: Seen) -> Answer:
        with self._lock:
            left = self.answers.get(seen.path, [error(400, "InvalidRequestException", seen.target)])
            return left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def served(
    answer: Callable[[Seen], Answer], access: Access | None = None, settings: Settings = SETTINGS
) -> Iterator[tuple[Aws, Loopback]]:
    with loopback(answer) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", server.url)
        aws = Aws(lambda _: access or CurrentCredentials(), settings=settings)
        try:
            yield aws, server
        finally:
            aws.close()


def cluster(status: str = "ACTIVE", **members: object) -> Reply:
    return ok({"cluster": {"name": "prod", "status": status, **members}})


def read(answers: Mapping[str, list[Answer]]) -> tuple[Observed, list[str]]:
    with served(Eks(answers)) as (aws, server):
        return aws.addons.read(PROD), [seen.path for seen in server.seen]


AT_ADDON, AT_CLUSTER, AT_ADDONS = "/clusters/prod/addons/coredns", "/clusters/prod", "/clusters/prod/addons"


def test_an_installed_add_on_costs_one_call() -> None:
    found, paths = read({AT_ADDON: [ADDON]})
    assert found == Managed(PROD, "v1.11.4-eksbuild.2", "ACTIVE", None)
    assert paths == [AT_ADDON]


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        (cluster(), NotInstalled(PROD)),
        (cluster(computeConfig={"enabled": True}), AutoMode(PROD)),
        (cluster("CREATING"), NotActive(PROD, "CREATING")),
        (cluster("PENDING", connectorConfig={"provider": "GKE"}), Connected(PROD)),
    ],
)
def test_without_the_add_on_one_more_call_reports_what_the_cluster_is(
    described: Reply, expected: Observed
) -> None:
    found, paths = read({AT_ADDON: [NO_ADDON], AT_CLUSTER: [described]})
    assert found == expected
    assert paths == [AT_ADDON, AT_CLUSTER]


@pytest.mark.parametrize(
    ("answers", "cause", "calls"),
    [
        ({AT_ADDON: [NO_CLUSTER]}, Cause.NO_SUCH_CLUSTER, 1),
        ({AT_ADDON: [NO_ADDON], AT_CLUSTER: [NO_CLUSTER]}, Cause.NO_SUCH_CLUSTER, 2),
        ({AT_ADDON: [DENIED], AT_CLUSTER: [NO_CLUSTER]}, Cause.NO_SUCH_CLUSTER, 2),
        ({AT_ADDON: [DENIED], AT_CLUSTER: [DENIED]}, Cause.DENIED, 2),
        (
            {AT_ADDON: [DENIED], AT_CLUSTER: [cluster()], AT_ADDONS: [ok({"addons": ["coredns"]})]},
            Cause.DENIED,
            3,
        ),
        ({AT_ADDON: [DENIED], AT_CLUSTER: [cluster()], AT_ADDONS: [DENIED]}, Cause.DENIED, 3),
        (
            {
                AT_ADDON: [error(400, "InvalidRequestException", "no")],
                AT_CLUSTER: [cluster()],
            },
            Cause.INVALID,
            2,
        ),
        ({AT_ADDON: [error(500, "ServerException", "internal")]}, Cause.SERVER, 3),
        ({AT_ADDON: [ok({})]}, Cause.UNREADABLE, 1),
        ({AT_ADDON: [Reply(b"<html>Not Found</html>", 404)]}, Cause.UNREADABLE, 1),
    ],
)
def test_an_unreadable_cluster_is_unreachable_with_its_cause(
    answers: Mapping[str, list[Answer]], cause: Cause, calls: int
) -> None:
    found, paths = read({path: list(each) for path, each in answers.items()})
    assert isinstance(found, Unreachable)
    assert (found.ref, found.trouble.cause) == (PROD, cause)
    assert len(paths) == calls


@pytest.mark.parametrize(
    ("listed", "described", "expected"),
    [
        ([], cluster(), NotInstalled(PROD)),
        (["vpc-cni"], cluster(computeConfig={"enabled": True}), AutoMode(PROD)),
    ],
)
def test_a_policy_that_allows_only_the_list_still_shows_that_there_is_no_add_on(
    listed: list[str], described: Reply, expected: Observed
) -> None:
    found, _ = read({AT_ADDON: [DENIED], AT_CLUSTER: [described], AT_ADDONS: [ok({"addons": listed})]})
    assert found == expected


@pytest.mark.parametrize("described", [cluster("DELETING"), cluster("PENDING", connectorConfig={"id": "x"})])
def test_a_denied_add_on_of_a_cluster_that_has_none_is_not_called_denied(described: Reply) -> None:
    found, _ = read({AT_ADDON: [DENIED], AT_CLUSTER: [described], AT_ADDONS: [ok({"addons": ["coredns"]})]})
    assert isinstance(found, NotActive | Connected)


def test_a_denial_by_the_organization_is_final_and_costs_one_call() -> None:
    denied = error(403, "AccessDeniedException", "x with an explicit deny in a service control policy")
    found, paths = read({AT_ADDON: [denied]})
    assert isinstance(found, Unreachable)
    assert found.trouble.cause is Cause.DENIED_BY_SCP
    assert len(paths) == 1


def test_a_name_that_no_cluster_has_is_refused_without_a_call() -> None:
    bad = ClusterRef(ACCOUNT, "eu-west-1", "../nodes")
    with served(Eks({})) as (aws, server):
        found = aws.addons.read(bad)
        assert isinstance(found, Unreachable)
        answers = (
            aws.addons.update(bad, REQUEST),
            aws.addons.describe_update(bad, "u1"),
            aws.addons.updates(bad),
        )
        assert {answer.cause for answer in answers if isinstance(answer, Trouble)} == {Cause.INVALID}
        assert server.seen == []


# --- lists


def paged(total: int, size: int = 100) -> Callable[[Seen], Answer]:
    names = [f"c{number}" for number in range(total)]

    def answer(seen: Seen) -> Answer:
        start = int(
            dict(pair.split("=") for pair in seen.target.partition("?")[2].split("&")).get("nextToken", 0)
        )
        end = start + size
        return ok({"clusters": names[start:end], "nextToken": str(end) if end < total else None})

    return answer


@pytest.mark.parametrize(("total", "calls"), [(0, 1), (100, 1), (101, 2), (251, 3)])
def test_all_pages_of_clusters_are_read_and_no_more(total: int, calls: int) -> None:
    with served(paged(total)) as (aws, server):
        listed = aws.addons.clusters(SCOPE)
    assert isinstance(listed, tuple)
    assert len(listed) == total
    assert len(server.seen) == calls


@pytest.mark.parametrize(
    ("second", "cause"),
    [
        (Reply(b'{"clusters": ["c1', announced=400), Cause.TRUNCATED),
        (Reply(b"<html>"), Cause.UNREADABLE),
        (ok({}), Cause.UNREADABLE),
        (error(403, "ExpiredTokenException", "old"), Cause.CREDENTIALS_EXPIRED),
    ],
)
def test_a_bad_page_makes_no_shorter_list(second: Answer, cause: Cause) -> None:
    first = ok({"clusters": ["a"], "nextToken": "1"})
    with served(lambda seen: second if "nextToken" in seen.target else first) as (aws, _):
        listed = aws.addons.clusters(SCOPE)
    assert isinstance(listed, Trouble)
    assert listed.cause is cause


def test_a_page_that_was_cut_once_is_asked_for_again_and_the_list_is_whole() -> None:
    cut = [Reply(b'{"clusters": ["c1', announced=400)]
    whole = paged(251)

    def answer(seen: Seen) -> Answer:
        return cut.pop() if "nextToken=100" in seen.target and cut else whole(seen)

    with served(answer) as (aws, _):
        listed = aws.addons.clusters(SCOPE)
    assert isinstance(listed, tuple)
    assert len(listed) == len(set(listed)) == 251


# --- schemas


SCHEMA = ok({"configurationSchema": json.dumps({"type": "object"})})
AT_SCHEMA = "/addons/configuration-schemas"


def test_each_version_costs_one_call_over_all_accounts_regions_and_threads() -> None:
    scopes = [Scope(f"{number:012}", region) for number in range(4) for region in ("eu-west-1", "us-east-1")]
    together = threading.Barrier(16, timeout=10)
    with served(Eks({AT_SCHEMA: [SCHEMA]})) as (aws, server), ThreadPoolExecutor(16) as threads:

        def want(number: int) -> AddonSchema | Trouble:
            together.wait()
            return aws.addons.schema(scopes[number % 8], f"v1.{number % 2}")

        found = list(threads.map(want, range(16)))
    assert all(isinstance(schema, AddonSchema) for schema in found)
    assert len(server.seen) == 2


def test_a_schema_that_one_account_may_not_read_is_read_by_the_next() -> None:
    with served(Eks({AT_SCHEMA: [DENIED, SCHEMA]})) as (aws, server):
        first = aws.addons.schema(SCOPE, "v1")
        again = aws.addons.schema(SCOPE, "v1")
        other = aws.addons.schema(Scope("444455556666", "eu-west-1"), "v1")
    assert isinstance(first, Trouble)
    assert again is first
    assert isinstance(other, AddonSchema)
    assert len(server.seen) == 2


def test_a_version_that_eks_does_not_know_is_a_trouble() -> None:
    unknown = error(404, "ResourceNotFoundException", "no such version")
    with served(Eks({AT_SCHEMA: [unknown]})) as (aws, _):
        trouble = aws.addons.schema(SCOPE, "v9")
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.NOT_FOUND


# --- updates


AT_UPDATE = f"{AT_ADDON}/update"
ACCEPTED = ok({"update": {"id": "u1", "status": "InProgress"}})


def test_an_update_sends_the_whole_intent_and_no_more() -> None:
    with served(Eks({AT_UPDATE: [ACCEPTED]})) as (aws, server):
        aws.addons.update(PROD, REQUEST)
        aws.addons.update(PROD, UpdateRequest("{}", ResolveConflicts.PRESERVE, "token-2", role_arn="arn:r"))
    assert [seen.document for seen in server.seen] == [
        {
            "configurationValues": '{"replicaCount": 3}',
            "resolveConflicts": "NONE",
            "clientRequestToken": "token-1",
        },
        {
            "configurationValues": "{}",
            "resolveConflicts": "PRESERVE",
            "clientRequestToken": "token-2",
            "serviceAccountRoleArn": "arn:r",
        },
    ]


@pytest.mark.parametrize("fault", [Reset(), Reply(b'{"update"', announced=90), Reply(b"", 502)])
def test_an_update_whose_answer_was_lost_is_repeated_with_the_same_token(fault: Answer) -> None:
    with served(Eks({AT_UPDATE: [fault, ACCEPTED]})) as (aws, server):
        record = aws.addons.update(PROD, REQUEST)
    assert isinstance(record, UpdateRecord)
    assert record.id == "u1"
    assert [seen.document["clientRequestToken"] for seen in server.seen] == ["token-1", "token-1"]


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (error(409, "ResourceInUseException", "is currently in UPDATING state"), Cause.BUSY),
        (error(400, "InvalidParameterException", "Json schema validation failed"), Cause.INVALID),
        (NO_CLUSTER, Cause.NO_SUCH_CLUSTER),
        (ok({}), Cause.UNREADABLE),
    ],
)
def test_an_update_that_is_refused_is_sent_once(fault: Answer, cause: Cause) -> None:
    with served(Eks({AT_UPDATE: [fault]})) as (aws, server):
        trouble = aws.addons.update(PROD, REQUEST)
    assert isinstance(trouble, Trouble)
    assert trouble.cause is cause
    assert len(server.seen) == 1


def test_an_update_is_described_as_one_of_the_add_on() -> None:
    described = ok({"update": {"id": "u1", "status": "Successful", "createdAt": 1767225600.0}})
    with served(Eks({"/clusters/prod/updates/u1": [described]})) as (aws, server):
        record = aws.addons.describe_update(PROD, "u1")
    assert not isinstance(record, Trouble)
    assert (record.status, record.created_at) == ("Successful", 1767225600.0)
    assert server.seen[0].target.endswith("?addonName=coredns")


def test_updates_are_listed_in_the_order_of_eks() -> None:
    with served(Eks({"/clusters/prod/updates": [ok({"updateIds": ["b", "a"]})]})) as (aws, server):
        assert aws.addons.updates(PROD) == ("b", "a")
    assert "addonName=coredns" in server.seen[0].target


# --- clients


def test_a_released_scope_is_served_again_by_a_new_client() -> None:
    with served(Eks({AT_ADDON: [ADDON]})) as (aws, server):
        aws.addons.read(PROD)
        aws.release(SCOPE)
        aws.release(SCOPE)
        assert isinstance(aws.addons.read(PROD), Managed)
    assert server.connections == 1


def test_an_account_whose_profile_is_missing_is_unreachable() -> None:
    with served(Eks({}), access=AssumedRole(("arn:aws:iam::1:role/r",), profile="absent")) as (aws, server):
        found = aws.addons.read(PROD)
        assert isinstance(found, Unreachable)
        assert found.trouble.cause is Cause.NO_PROFILE
        assert isinstance(aws.addons.clusters(SCOPE), Trouble)
        assert server.seen == []
