"""Journals and the lock in S3: conditional writes, lost answers, settings."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, IncompleteReadError

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.ports import Held
from eksaddon.store.bucket import Bucket, BucketOptions
from eksaddon.store.bucket_url import BucketUrl, read_bucket_url
from eksaddon.store.s3 import S3Store
from tests.support.store.places import KEYS, NAME, RECORDS, _private_store, holder

GUARDED = "guarded-runs"


def test_a_second_writer_in_s3_is_refused_even_with_equal_records(bucket: Any) -> None:
    store = S3Store(Bucket(bucket, NAME, ""))
    first, second = store.create("r1"), store.create("r1")
    first.append(RECORDS)
    with pytest.raises(EksdnsError, match="another process") as caught:
        second.append(RECORDS)
    assert caught.value.exit_code is ExitCode.REFUSED
    assert list(store.open("r1").read()) == RECORDS


class Client:
    """Passes everything on, and spoils what a test asks for."""

    def __init__(self, inner: Any, **spoilt: Callable[..., Any]) -> None:
        self._inner = inner
        self._spoilt = spoilt

    def __getattr__(self, name: str) -> Any:  # any method of a client
        return self._spoilt.get(name) or getattr(self._inner, name)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, "PutObject")


def test_a_write_whose_answer_was_lost_is_known_again(bucket: Any) -> None:
    def put(**asked: Any) -> Any:  # as boto3
        bucket.put_object(**asked)
        raise refusal("PreconditionFailed")  # botocore's own repeat met what it had written

    journal = S3Store(Bucket(cast("Any", Client(bucket, put_object=put)), NAME, "")).create("r1")
    journal.append(RECORDS)
    assert list(S3Store(Bucket(bucket, NAME, "")).open("r1").read()) == RECORDS


def test_an_object_that_is_gone_or_damaged_is_an_error_not_a_shorter_record(bucket: Any) -> None:
    store = S3Store(Bucket(bucket, NAME, ""))
    journal = store.create("r1")
    for record in RECORDS:
        journal.append([record])
    bucket.put_object(Bucket=NAME, Key="runs/r1/00000002.jsonl", Body=b"")
    with pytest.raises(EksdnsError, match="damaged or missing"):
        store.open("r1").read()
    bucket.delete_object(Bucket=NAME, Key="runs/r1/00000001.jsonl")
    with pytest.raises(EksdnsError, match=r"found 00000002.jsonl instead of 00000001.jsonl"):
        store.open("r1").append(RECORDS)


@pytest.mark.parametrize(
    ("code", "hint"),
    [("NoSuchBucket", "create the bucket"), ("AccessDenied", "s3:PutObject"), ("Strange", "check --state")],
)
def test_a_rejection_by_s3_is_a_clear_error(bucket: Any, code: str, hint: str) -> None:
    def no(**_: Any) -> Any:  # as boto3
        raise refusal(code)

    for spoilt in ("put_object", "get_object"):
        store = S3Store(Bucket(cast("Any", Client(bucket, **{spoilt: no})), NAME, ""))
        with pytest.raises(EksdnsError) as caught:
            store.lock().acquire(KEYS, holder(), 0.0)
        assert hint in caught.value.hint
    with pytest.raises(EksdnsError, match="NoSuchBucket"):
        S3Store(Bucket(bucket, "another-bucket", "")).runs()


def test_a_connection_that_is_lost_is_a_clear_error(bucket: Any) -> None:
    def lost(**_: Any) -> Any:  # as boto3
        raise ConnectTimeoutError(endpoint_url="https://s3")

    for spoilt in ("put_object", "get_object"):
        store = S3Store(Bucket(cast("Any", Client(bucket, **{spoilt: lost})), NAME, ""))
        with pytest.raises(EksdnsError, match="Connect timeout"):
            store.lock().acquire(KEYS, holder(), 0.0)


def test_a_lock_that_changes_all_the_time_is_abandoned(bucket: Any) -> None:
    S3Store(Bucket(bucket, NAME, "")).lock().acquire(KEYS, holder(), 0.0)

    def never(**_: Any) -> Any:  # as boto3
        raise refusal("PreconditionFailed")

    lock = quick(Client(bucket, put_object=never)).lock()
    for use in (
        lambda: lock.acquire(frozenset({"z"}), holder("r2"), 0.0),
        lambda: lock.renew(holder(), 0.0),
        lambda: lock.release(holder()),
    ):
        with pytest.raises(EksdnsError, match="keeps changing"):
            use()


@pytest.fixture(params=["versioned", "kms", "object-lock"])
def guarded_bucket(request: pytest.FixtureRequest, bucket: Any) -> Any:
    """A bucket as companies keep their state in."""
    bucket.create_bucket(Bucket=GUARDED, ObjectLockEnabledForBucket=request.param == "object-lock")
    if request.param == "versioned":
        bucket.put_bucket_versioning(Bucket=GUARDED, VersioningConfiguration={"Status": "Enabled"})
    elif request.param == "kms":
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
        bucket.put_bucket_encryption(Bucket=GUARDED, ServerSideEncryptionConfiguration={"Rules": [rule]})
    else:
        keep = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}
        lock = {"ObjectLockEnabled": "Enabled", "Rule": keep}
        bucket.put_object_lock_configuration(Bucket=GUARDED, ObjectLockConfiguration=lock)
    return bucket


def test_versioned_encrypted_and_locked_buckets_hold_journals_and_locks(guarded_bucket: Any) -> None:
    store = S3Store(Bucket(guarded_bucket, GUARDED, "p/"))
    journal = store.create("r1")
    journal.append(RECORDS[:1])
    journal.append(RECORDS[1:])
    assert list(store.open("r1").read()) == RECORDS
    lock = store.lock()
    assert lock.acquire(KEYS, holder(), 0.0) == Held(100.0)
    assert lock.renew(holder(until=200.0), 50.0) is True
    lock.release(holder())
    assert lock.held_for("r1", 60.0) == ()
    assert store.runs() == ("r1",)


def test_encryption_key_and_owner_are_sent_with_what_they_belong_to(bucket: Any) -> None:
    sent: dict[str, dict[str, Any]] = {}

    def noted(name: str) -> Callable[..., Any]:
        def call(**asked: Any) -> Any:
            sent[name] = asked
            return getattr(bucket, name)(**asked)

        return call

    client = Client(bucket, put_object=noted("put_object"), get_object=noted("get_object"))
    options = BucketOptions("aws:kms", "alias/eksdns", "123456789012")
    store = S3Store(Bucket(cast("Any", client), NAME, "", options=options))
    store.create("r1").append(RECORDS)
    assert list(store.open("r1").read()) == RECORDS
    wanted = {
        "ServerSideEncryption": "aws:kms",
        "SSEKMSKeyId": "alias/eksdns",
        "ExpectedBucketOwner": "123456789012",
    }
    assert wanted.items() <= sent["put_object"].items()
    assert sent["get_object"]["ExpectedBucketOwner"] == "123456789012"
    assert "SSEKMSKeyId" not in sent["get_object"]


@pytest.mark.parametrize(
    ("query", "url"),
    [
        ("region=eu-west-1&profile=ops", BucketUrl(NAME, "a/", region="eu-west-1", profile="ops")),
        ("endpoint=https://minio:9000", BucketUrl(NAME, "a/", endpoint="https://minio:9000")),
        (
            "endpoint=https://storage:9000&region=us-ord-1",
            BucketUrl(NAME, "a/", region="us-ord-1", endpoint="https://storage:9000"),
        ),
        ("kmskeyid=alias/x", BucketUrl(NAME, "a/", encryption="aws:kms", key="alias/x")),
        ("ssetype=aws:kms:dsse", BucketUrl(NAME, "a/", encryption="aws:kms:dsse")),
        ("bucketowner=123456789012", BucketUrl(NAME, "a/", owner="123456789012")),
    ],
)
def test_settings_follow_the_prefix(query: str, url: BucketUrl) -> None:
    assert read_bucket_url(f"s3://{NAME}/a?{query}") == url


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("regoin=eu-west-1", "did you mean region?"),
        ("what=1", "settings: region"),
        ("region=Ireland", "eu-west-1"),
        ("region=eu-wset-1", "did you mean eu-west-1?"),
        ("region=xx-nowhere-1", "region is a region, for example eu-west-1"),
        ("endpoint=minio", "https://"),
        ("ssetype=kms", "aws:kms"),
        ("bucketowner=1", "12 digits"),
        ("ssetype=AES256&kmskeyid=x", "aws:kms"),
        ("profile=", "not empty"),
        ("profile=a&profile=b", "remove one"),
    ],
)
def test_a_setting_that_is_unknown_or_not_valid_is_a_usage_error(query: str, hint: str) -> None:
    with pytest.raises(EksdnsError) as caught:
        read_bucket_url(f"s3://{NAME}/a?{query}")
    assert caught.value.exit_code is ExitCode.USAGE
    assert hint in caught.value.hint


class Broken:
    """A body that ends before its length."""

    def read(self) -> bytes:
        raise IncompleteReadError(actual_bytes=1, expected_bytes=2)


def conflicts(times: int, real: Any) -> Callable[..., Any]:
    left = [times]

    def put(**options: Any) -> Any:
        if left[0]:
            left[0] -= 1
            error = {"Error": {"Code": "ConditionalRequestConflict", "Message": "another write is under way"}}
            raise ClientError(cast("Any", error), "PutObject")
        return real(**options)

    return put


def quick(client: Any) -> S3Store:
    return S3Store(Bucket(client, NAME, "", pause=lambda: None))


def test_a_write_that_meets_another_one_is_sent_again(bucket: Any) -> None:
    store = quick(Client(bucket, put_object=conflicts(3, bucket.put_object)))
    journal = store.create("r1")
    journal.append(RECORDS)
    assert list(quick(bucket).open("r1").read()) == RECORDS
    store = quick(Client(bucket, put_object=conflicts(3, bucket.put_object)))
    assert store.lock().acquire(KEYS, holder(), 0.0) == Held(100.0)
    store = quick(Client(bucket, put_object=conflicts(3, bucket.put_object)))
    assert store.lock().renew(holder(until=200.0), 50.0) is True


def test_a_write_that_always_meets_another_one_is_abandoned(bucket: Any) -> None:
    journal = quick(Client(bucket, put_object=conflicts(1000, bucket.put_object))).create("r1")
    with pytest.raises(EksdnsError, match="keeps changing"):
        journal.append(RECORDS)


def test_an_answer_that_breaks_off_is_asked_for_again(bucket: Any) -> None:
    quick(bucket).create("r1").append(RECORDS)
    left = [4]

    def get(**options: Any) -> Any:
        reply = bucket.get_object(**options)
        if left[0]:
            left[0] -= 1
            return {**reply, "Body": Broken()}
        return reply

    assert list(quick(Client(bucket, get_object=get)).open("r1").read()) == RECORDS
    left[0] = 1000
    with pytest.raises(EksdnsError, match=r"r1/00000000\.jsonl"):
        quick(Client(bucket, get_object=get)).open("r1").read()


def test_odd_objects_among_the_runs_are_errors_of_their_own(tmp_path: Path) -> None:
    store, runs = _private_store(tmp_path), tmp_path / "state" / "runs"
    (runs / "folder.jsonl").mkdir()
    os.mkfifo(runs / "pipe.jsonl")
    (runs / "odd name!.jsonl").write_bytes(b"\xff\xfe")
    assert store.open("r1").read() == ({"n": 1},)
    for run_id in ("folder", "pipe", "odd name!"):
        assert run_id in store.runs()
        with pytest.raises(EksdnsError):
            store.open(run_id)
