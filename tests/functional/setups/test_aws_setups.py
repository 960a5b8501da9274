"""AWS configurations as they are found in practice: each problem is named for what it is, in every client."""

import sys
import zoneinfo

import boto3
import pytest
from moto import mock_aws

PLAN = ("plan", "--cluster", "prod", "--lameduck", "20s")
HISTORY = ("history", "--state", "s3://acme-eksdns/runs")
VERBS = [PLAN, HISTORY, ("drift", "--cluster", "prod", "--lameduck", "20s"), ("doctor", "--cluster", "prod")]


@pytest.fixture
def configured(bare, tmp_path, monkeypatch):
    """A command line on a machine with the given AWS configuration."""

    def call(text, *args, **environ):
        if text is not None:
            (tmp_path / "config").write_bytes(text.encode("latin-1"))
            monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        return bare(*args)

    return call


LOGIN = "[profile login]\nlogin_session = arn:aws:sts::111122223333:assumed-role/Admin/jane\n"
LOOP = "".join(
    f"[profile {one}]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = {other}\n"
    for one, other in (("a", "b"), ("b", "a"))
)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
@pytest.mark.parametrize(
    ("text", "profile", "said", "hint"),
    [
        (LOGIN, "login", "missing-dependency", "eksaddon[login]"),
        (LOGIN, "nope", "profiles: login", "choose another profile"),
        (LOGIN, "logn", "did you mean login?", "choose another profile"),
        ("[profile\nx", None, "cannot parse", "correct the AWS configuration"),
        ("\xff\xfe[default]\n", None, "not UTF-8", "correct the AWS configuration"),
        ("[default]\nmax_attempts = many\n", None, "max_attempts", "correct the AWS configuration"),
        (LOOP, "a", "Infinite loop", "correct the AWS configuration"),
        ("[default]\ncredential_process = /no/such/program\n", None, "no-credentials", "aws sso login"),
    ],
    ids=["aws-login", "no-profile", "mistyped", "broken", "latin-1", "number", "loop", "no-program"],
)
def test_a_setup_is_named_for_what_it_is(configured, verb, text, profile, said, hint):  # noqa: PLR0917  # its table
    keys = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"} if "max_attempts" in text else {}
    ended = configured(text, *verb, **({"AWS_PROFILE": profile} if profile else {}), **keys)
    everything = ended.out + ended.err
    assert ended.code == 1, everything
    assert said in everything
    assert "hint: " in everything and hint in everything  # noqa: PT018  # one sentence
    for wrong in ("refused", "Traceback", "bug in eksdns"):
        assert wrong not in everything


def test_a_profile_of_the_command_line_that_does_not_exist_names_those_that_are(configured):
    ended = configured(LOGIN, *PLAN, "--profile", "logn")
    assert ended.code == 64
    assert "--profile logn: there is no AWS profile 'logn'" in ended.err
    assert "profiles: login; did you mean login?" in ended.err


def test_a_module_that_this_python_lacks_is_named(configured, monkeypatch):
    """As on a system whose Python was built without sqlite3 or ssl."""
    monkeypatch.delitem(sys.modules, "eksaddon.aws.state_bucket", raising=False)
    monkeypatch.setitem(sys.modules, "botocore.session", None)
    ended = configured(None, *HISTORY)
    assert ended.code == 1, ended.err
    assert "cannot load the module botocore.session" in ended.err
    assert "Traceback" not in ended.err


def test_a_machine_without_time_zone_data_is_named_as_such_and_utc_needs_none(bare, tmp_path, monkeypatch):
    file = tmp_path / "eksdns.yaml"
    hours = "{from: '08:00', to: '09:00', timezone: %s}"
    text = f"version: 1\ncoredns: {{lameduck: 20s}}\nrollout:\n  waves: [{{name: a}}]\n  windows: [{hours}]\n"
    before = zoneinfo.TZPATH
    monkeypatch.setitem(sys.modules, "tzdata", None)
    zoneinfo.reset_tzpath([])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        file.write_text(text % "Europe/Berlin")
        lacking = bare("validate")
        file.write_text(text % "UTC")
        fine = bare("validate")
    finally:
        zoneinfo.reset_tzpath(before)
    assert lacking.code == 1
    assert "has no time zone data" in lacking.err
    assert "tzdata" in lacking.err
    assert fine.code == 0, fine.err


@pytest.fixture
def s3(bare, monkeypatch):  # noqa: ARG001  # nothing of this machine's AWS configuration counts
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield boto3.client("s3", region_name="eu-west-1")


def test_a_bucket_that_does_not_exist_is_named_in_our_words(s3, bare):  # noqa: ARG001  # a bucket service
    ended = bare(*HISTORY)
    assert ended.code == 1
    assert "s3://acme-eksdns/runs" in ended.err
    assert "the bucket does not exist (ListObjectsV2: NoSuchBucket)" in ended.err
    assert "An error occurred" not in ended.err


def test_settings_of_the_state_bucket_are_in_its_url(s3, bare):
    s3.create_bucket(Bucket="acme-eksdns", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    state = "s3://acme-eksdns/runs?region=eu-west-1&ssetype=aws:kms&bucketowner=123456789012"
    assert bare("history", "--state", state).code == 0
    ended = bare("history", "--state", "s3://acme-eksdns/runs?regoin=eu-west-1")
    assert ended.code == 64
    assert "hint: did you mean region?" in ended.err
