"""Shards: which account belongs to which, and what a parallel job says about itself."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.shards.engines import ENGINES, read_shard
from eksaddon.domain.shards.shard import Shard

ACCOUNTS = st.from_regex(r"[0-9]{12}", fullmatch=True)


@given(ACCOUNTS, st.integers(1, 300))
def test_every_account_is_in_exactly_one_shard(account, of):
    assert sum(Shard(number + 1, of).has(account) for number in range(of)) == 1


@pytest.mark.parametrize(
    ("account", "number"), [("111122223333", 5), ("200000000001", 3), ("200000000002", 5)]
)
def test_the_shard_of_an_account_is_documented_and_does_not_change(account, number):
    assert [one for one in range(1, 9) if Shard(one, 8).has(account)] == [number]


def test_a_shard_is_read_from_its_text():
    assert (read_shard("", {}), read_shard("2/8", {})) == (None, Shard(2, 8))
    assert str(Shard(2, 8)) == "2/8"


@pytest.mark.parametrize("text", ["0/8", "9/8", "1", "1/0", "a/b", "1/8 ", "-1/8", "dev,prod"])
def test_another_text_is_refused(text):
    with pytest.raises(EksdnsError, match="invalid --shard") as caught:
        read_shard(text, {})
    assert caught.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"GITLAB_CI": "true", "CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "3"}, Shard(2, 3)),
        (
            {"BUILDKITE": "true", "BUILDKITE_PARALLEL_JOB": "0", "BUILDKITE_PARALLEL_JOB_COUNT": "3"},
            Shard(1, 3),
        ),
        ({"CIRCLECI": "true", "CIRCLE_NODE_INDEX": "2", "CIRCLE_NODE_TOTAL": "3"}, Shard(3, 3)),
        ({"TF_BUILD": "True", "SYSTEM_JOBPOSITIONINPHASE": "1", "SYSTEM_TOTALJOBSINPHASE": "2"}, Shard(1, 2)),
        (
            {"AWS_BATCH_JOB_ID": "x:1", "AWS_BATCH_JOB_ARRAY_INDEX": "1", "AWS_BATCH_JOB_ARRAY_SIZE": "2"},
            Shard(2, 2),
        ),
        ({"JOB_COMPLETION_INDEX": "0", "EKSDNS_SHARD_TOTAL": "4"}, Shard(1, 4)),
        ({"GITHUB_ACTIONS": "true", "EKSDNS_SHARD_INDEX": "3", "EKSDNS_SHARD_TOTAL": "4"}, Shard(4, 4)),
        (
            {"GITLAB_CI": "true", "CI_NODE_TOTAL": "1", "EKSDNS_SHARD_INDEX": "0", "EKSDNS_SHARD_TOTAL": "1"},
            Shard(1, 1),
        ),
    ],
)
def test_each_engine_numbers_its_jobs_in_its_own_way(environ, expected):
    assert read_shard("auto", environ) == expected


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "not a parallel job of a known engine"),
        ({"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "2"}, "not a parallel job"),
        ({"GITHUB_ACTIONS": "true"}, "EKSDNS_SHARD_INDEX"),
        ({"GITLAB_CI": "true", "CI_NODE_TOTAL": "1"}, "GitLab does not number .*CI_NODE_INDEX=not set"),
        ({"JOB_COMPLETION_INDEX": "0"}, "EKSDNS_SHARD_TOTAL=not set"),
        ({"BUILDKITE": "1", "BUILDKITE_PARALLEL_JOB": "3", "BUILDKITE_PARALLEL_JOB_COUNT": "3"}, "=3"),
        ({"CIRCLECI": "true", "CIRCLE_NODE_INDEX": "x", "CIRCLE_NODE_TOTAL": "2"}, "CIRCLE_NODE_INDEX=x"),
    ],
)
def test_without_numbers_auto_is_refused_because_each_job_would_do_everything(environ, said):
    with pytest.raises(EksdnsError) as caught:
        read_shard("auto", environ)

    assert re.search(said, f"{caught.value.message} {caught.value.hint}")


def test_markers_of_engines_are_distinct():
    assert len({engine.marker for engine in ENGINES}) == len(ENGINES)
