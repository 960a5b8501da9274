"""Entering accounts: roles, chains, renewal, who we are; over a socket."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote_to_bytes

import pytest

from eksaddon.aws.connect import Aws
from eksaddon.aws.settings import Settings
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.target import Access, AssumedRole, CurrentCredentials, ProfileCredentials, Scope
from eksaddon.ports import Identity
from tests.support.network.loopback import Answer, Loopback, Reply, Reset, Seen, error, loopback, ok

MEMBER = "arn:aws:iam::222233334444:role/eksdns-apply"
HUB = "arn:aws:iam::111122223333:role/hub"
SCOPES = [Scope("222233334444", region) for region in ("eu-west-1", "us-east-1", "sa-east-1")]
EXPIRED = error(403, "ExpiredTokenException", "The security token included in the request is expired")


def sts_error(status: int, code: str, message: str) -> Reply:
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    return Reply(body.encode(), status)


def sts_reply(operation: str, inner: str) -> Reply:
    result = f"<{operation}Result>{inner}</{operation}Result>"
    namespace = "https://sts.amazonaws.com/doc/2011-06-15/"
    return Reply(f'<{operation}Response xmlns="{namespace}">{result}</{operation}Response>'.encode())


@dataclass
class Cloud:
    """STS that numbers the keys it gives, and EKS without clusters; answers can be put first.

    Attributes:
        life: Seconds from the cloud's own clock to the end of the keys.
    """

    now: float = 1767225600.0
    life: int = 3600
    first: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    signers: list[tuple[str, str]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, seen: Seen) -> Answer:
        form = {name: values[0] for name, values in parse_qs(seen.body.decode()).items()}
        action = form.get("Action", "ListClusters")
        with self._lock:
            self.signers.append((action, seen.headers["authorization"].split("/")[0].rsplit("=")[-1]))
            if self.first.get(action):
                return self.first[action].pop(0)
            if action == "AssumeRole":
                self.asked.append(form)
                return self._keys(len(self.asked))
        if action == "GetCallerIdentity":
            inner = "<Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/jane</Arn>"
            return sts_reply(action, inner)
        return ok({"clusters": []})

    def _keys(self, number: int) -> Reply:
        until = f"<Expiration>{int(self.now + self.life)}</Expiration>"
        keys = f"<AccessKeyId>ASIA{number}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
        return sts_reply(
            "AssumeRole", f"<Credentials>{keys}<SessionToken>t</SessionToken>{until}</Credentials>"
        )


@contextmanager
def entered(
    cloud: Callable[[Seen], Answer], *arns: str, access: Access | None = None, **options: object
) -> Iterator[tuple[Aws, Loopback]]:
    access = access or (AssumedRole(arns) if arns else CurrentCredentials())
    settings = Settings(mode="standard", attempts=3, read_timeout=5.0)
    now = (lambda: cloud.now) if isinstance(cloud, Cloud) else (lambda: 0.0)
    with loopback(cloud) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", server.url)
        aws = Aws(lambda _: access, settings=settings, now=now, run="r1", **options)  # type: ignore[arg-type]  # only home_region is given
        try:
            yield aws, server
        finally:
            aws.close()


def trouble_of(answer: object) -> Trouble:
    assert isinstance(answer, Trouble)
    return answer


def test_a_role_is_assumed_once_for_all_regions_and_threads() -> None:
    cloud = Cloud()
    together = threading.Barrier(12, timeout=10)
    with entered(cloud, MEMBER) as (aws, _), ThreadPoolExecutor(12) as threads:

        def ask(number: int) -> tuple[str, ...] | Trouble:
            together.wait()
            return aws.addons.clusters(SCOPES[number % 3])

        assert list(threads.map(ask, range(12))) == [()] * 12
    assert len(cloud.asked) == 1
    assert {signer for action, signer in cloud.signers if action == "ListClusters"} == {"ASIA1"}


def test_a_role_is_assumed_with_a_telling_name_and_the_external_id() -> None:
    cloud = Cloud()
    with entered(cloud, access=AssumedRole((MEMBER,), external_id="x-7")) as (aws, _):
        aws.addons.clusters(SCOPES[0])
    wanted = {"RoleArn": MEMBER, "RoleSessionName": "eksdns-r1", "ExternalId": "x-7"}
    assert cloud.asked[0].items() >= wanted.items()


def test_a_chain_assumes_each_role_with_the_one_before_and_shares_the_hub() -> None:
    cloud = Cloud()
    accounts = {
        number: AssumedRole((HUB, f"arn:aws:iam::{number}:role/r"), external_id="x-7")
        for number in ("222233334444", "333344445555")
    }
    with loopback(cloud) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", server.url)
        aws = Aws(accounts.__getitem__, now=lambda: cloud.now)
        for account in accounts:
            assert aws.addons.clusters(Scope(account, "eu-west-1")) == ()
        aws.close()
    assert [form["RoleArn"] for form in cloud.asked] == [
        HUB,
        *(access.arns[1] for access in accounts.values()),
    ]
    assert ["ExternalId" in form for form in cloud.asked] == [False, True, True]
    assumed_by = [signer for action, signer in cloud.signers if action == "AssumeRole"]
    assert assumed_by == ["AKIAIOSFODNN7EXAMPLE", "ASIA1", "ASIA1"]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (sts_error(403, "AccessDenied", "User: x is not authorized to perform: sts:AssumeRole on y"), "role"),
        (sts_error(400, "ValidationError", "1 validation error detected"), "role"),
        (
            sts_error(403, "AccessDenied", "x with an explicit deny in a service control policy"),
            Cause.DENIED_BY_SCP,
        ),
        (sts_error(403, "AccessDenied", "MultiFactorAuthentication failed"), Cause.MFA_REQUIRED),
        (sts_error(403, "ExpiredToken", "expired"), Cause.CREDENTIALS_EXPIRED),
        (sts_error(403, "InvalidClientTokenId", "invalid"), Cause.CREDENTIALS_INVALID),
        (sts_error(403, "RegionDisabledException", "STS is not activated"), Cause.REGION_NOT_ENABLED),
        (Reply(b"<html>Log in</html>"), Cause.UNREADABLE),
        (sts_reply("AssumeRole", ""), Cause.UNREADABLE),
        (Reply(b"<AssumeRoleRes", announced=90), Cause.TRUNCATED),
        (Reset(), Cause.TRANSPORT),
    ],
)
def test_a_role_that_cannot_be_assumed_is_asked_for_once_and_told_by_its_cause(
    answer: Answer, cause: Cause | str
) -> None:
    expected = Cause.ROLE_NOT_ASSUMABLE if cause == "role" else cause
    with entered(lambda _: answer, MEMBER) as (aws, server):
        troubles = [trouble_of(aws.addons.clusters(scope)) for scope in SCOPES]
    assert {(trouble.cause, trouble.operation) for trouble in troubles} == {(expected, "AssumeRole")}
    assert MEMBER in troubles[0].message
    attempts = 3 if expected in (Cause.TRANSPORT, Cause.TRUNCATED) else 1
    assert len(server.seen) == attempts


def test_keys_that_near_their_end_are_renewed() -> None:
    cloud = Cloud()
    with entered(cloud, MEMBER) as (aws, _):
        aws.addons.clusters(SCOPES[0])
        cloud.now += 3500
        aws.addons.clusters(SCOPES[0])
    assert [signer for action, signer in cloud.signers if action == "ListClusters"] == ["ASIA1", "ASIA2"]


def test_keys_that_aws_calls_expired_are_replaced_and_the_call_is_repeated() -> None:
    cloud = Cloud(first={"ListClusters": [EXPIRED]})
    with entered(cloud, MEMBER) as (aws, _):
        assert aws.addons.clusters(SCOPES[0]) == ()
    assert [signer for action, signer in cloud.signers if action == "ListClusters"] == ["ASIA1", "ASIA2"]


def test_new_keys_that_aws_calls_expired_point_at_a_clock() -> None:
    cloud = Cloud(first={"ListClusters": [EXPIRED, EXPIRED]})
    with entered(cloud, MEMBER) as (aws, _):
        assert trouble_of(aws.addons.clusters(SCOPES[0])).cause is Cause.CREDENTIALS_INVALID


def test_when_the_base_runs_out_during_renewal_the_base_is_blamed() -> None:
    cloud = Cloud()
    with entered(cloud, MEMBER) as (aws, _):
        aws.addons.clusters(SCOPES[0])
        cloud.first = {"ListClusters": [EXPIRED], "AssumeRole": [sts_error(403, "ExpiredToken", "old")]}
        trouble = trouble_of(aws.addons.clusters(SCOPES[0]))
    assert (trouble.cause, trouble.operation) == (Cause.CREDENTIALS_EXPIRED, "AssumeRole")


def test_a_base_that_ran_out_is_not_renewed_by_anybody() -> None:
    cloud = Cloud(first={"ListClusters": [EXPIRED, EXPIRED]})
    with entered(cloud) as (aws, server):
        assert trouble_of(aws.addons.clusters(SCOPES[0])).cause is Cause.CREDENTIALS_EXPIRED
        assert len(server.seen) == 1


def test_a_hub_whose_keys_ran_out_early_is_entered_again() -> None:
    cloud = Cloud()
    expired = [sts_error(403, "ExpiredToken", "old")]

    def answer(seen: Seen) -> Answer:
        return expired.pop() if MEMBER.encode() in unquote_to_bytes(seen.body) and expired else cloud(seen)

    with entered(answer, HUB, MEMBER) as (aws, _):
        assert aws.addons.clusters(SCOPES[0]) == ()
    assert [form["RoleArn"] for form in cloud.asked] == [HUB, HUB, MEMBER]


# --- where AssumeRole is sent


@pytest.mark.parametrize(
    ("configured", "given", "arn", "region"),
    [
        ("eu-north-1", "", MEMBER, "eu-north-1"),
        ("eu-north-1", "eu-west-3", MEMBER, "eu-west-3"),
        ("", "", MEMBER, "us-east-1"),
        ("eu-north-1", "", MEMBER.replace("aws", "aws-cn"), "cn-north-1"),
        ("us-gov-east-1", "", MEMBER.replace("aws", "aws-us-gov"), "us-gov-east-1"),
    ],
)
def test_a_role_is_assumed_in_the_users_region_or_in_one_that_is_never_off(
    monkeypatch: pytest.MonkeyPatch, configured: str, given: str, arn: str, region: str
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", configured)
    cloud = Cloud()
    with entered(cloud, arn, home_region=given) as (aws, server):
        aws.addons.clusters(SCOPES[0])
    assert f"/{region}/sts/aws4_request" in server.seen[0].headers["authorization"]


@pytest.mark.parametrize(
    ("variables", "access", "region"),
    [
        ({}, CurrentCredentials(), ""),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, CurrentCredentials(), "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-west-3"}, CurrentCredentials(), "eu-west-3"),
        ({}, ProfileCredentials("shop"), "eu-north-1"),
        ({}, AssumedRole((MEMBER,), profile="shop"), "eu-north-1"),
        ({}, ProfileCredentials("absent"), ""),
    ],
)
def test_the_region_is_that_of_the_environment_or_the_profile(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    variables: dict[str, str],
    access: Access,
    region: str,
) -> None:
    (tmp_path / "config").write_text("[profile shop]\nregion = eu-north-1\n")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Aws(lambda _: access).region_of(access) == region


# --- who we are


def test_current_credentials_ask_sts_who_they_are() -> None:
    with entered(Cloud()) as (aws, _):
        identity = aws.directory.identity()
    assert identity == Identity("111122223333", "arn:aws:iam::111122223333:user/jane", "aws")


def test_credentials_that_know_their_account_cost_no_call(tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text(
        "[shop]\naws_access_key_id = A\naws_secret_access_key = s\naws_account_id = 222233334444\n"
        "region = cn-north-1\n"
    )
    with entered(Cloud()) as (aws, server):
        assert aws.directory.identity(ProfileCredentials("shop")) == Identity("222233334444", "", "aws-cn")
        assert server.seen == []


@pytest.mark.parametrize(
    ("answer", "cause", "calls"),
    [
        (Reply(b"<html>Not Found</html>", 404), Cause.UNREADABLE, 1),
        (Reply(b'{"message": "not implemented"}', 501), Cause.SERVER, 1),
        (Reset(), Cause.TRANSPORT, 2),
        (sts_error(403, "ExpiredToken", "old"), Cause.CREDENTIALS_EXPIRED, 1),
        (sts_reply("GetCallerIdentity", "<Account>1</Account>"), Cause.UNREADABLE, 1),
    ],
)
def test_where_sts_does_not_answer_there_is_soon_a_trouble(answer: Answer, cause: Cause, calls: int) -> None:
    with entered(lambda _: answer) as (aws, server):
        assert trouble_of(aws.directory.identity()).cause is cause
        assert len(server.seen) == calls


def test_without_credentials_there_is_no_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with entered(Cloud()) as (aws, _):
        assert trouble_of(aws.directory.identity()).cause is Cause.NO_CREDENTIALS
        assert trouble_of(aws.directory.enabled_regions("1")).cause is Cause.NO_CREDENTIALS
        assert trouble_of(aws.organization().members()).cause is Cause.NO_CREDENTIALS
        assert trouble_of(aws.keys("1")).cause is Cause.NO_CREDENTIALS


def test_keys_of_an_account_are_those_of_its_role() -> None:
    with entered(Cloud(), MEMBER) as (aws, _):
        keys = aws.keys("222233334444")
    assert not isinstance(keys, Trouble)
    assert (keys.access_key, keys.token) == ("ASIA1", "t")


def test_an_organization_without_a_root_has_no_units() -> None:
    with entered(lambda _: ok({"Roots": []})) as (aws, _):
        assert trouble_of(aws.organization().members(("/Shops",))).cause is Cause.NOT_FOUND


def test_credentials_that_cannot_be_fetched_tell_so_when_asked_who_they_are(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(
        "[profile deep]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\nregion = eu-west-1\n"
        "[profile base]\naws_access_key_id = A\naws_secret_access_key = s\n"
    )
    with entered(lambda _: sts_error(403, "ExpiredToken", "old")) as (aws, _):
        trouble = trouble_of(aws.directory.identity(ProfileCredentials("deep")))
    assert trouble.cause is Cause.CREDENTIALS_EXPIRED


# --- regions


def regions(*pairs: tuple[str, str], after: str | None = None) -> Reply:
    return ok(
        {
            "Regions": [{"RegionName": name, "RegionOptStatus": status} for name, status in pairs],
            "NextToken": after,
        }
    )


def test_enabled_regions_are_those_that_are_on_over_all_pages() -> None:
    pages = [
        regions(("us-east-1", "ENABLED_BY_DEFAULT"), ("af-south-1", "DISABLED"), after="2"),
        regions(("ap-east-1", "ENABLED"), ("me-south-1", "ENABLING"), ("eu-south-1", "DISABLING")),
    ]
    with entered(lambda _: pages.pop(0)) as (aws, _):
        assert aws.directory.enabled_regions("111122223333") == ("ap-east-1", "us-east-1")


def test_regions_that_may_not_be_listed_are_a_trouble_with_the_missing_action() -> None:
    denied = error(
        403, "AccessDeniedException", "User: x is not authorized to perform: account:ListRegions on y"
    )
    with entered(lambda _: denied) as (aws, _):
        trouble = trouble_of(aws.directory.enabled_regions("111122223333"))
    assert trouble.hint == "the role needs account:ListRegions"
