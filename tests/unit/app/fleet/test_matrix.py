"""The matrix of jobs for shards."""

import pytest

from eksaddon.app.fleet.matrix import matrix_document, shards_of
from eksaddon.domain.errors import EksdnsError


def test_there_are_not_more_jobs_than_accounts():
    assert matrix_document(shards_of(2, 8)) == {"include": [{"shard": 1, "of": 2}, {"shard": 2, "of": 2}]}


def test_more_jobs_than_github_takes_are_refused():
    with pytest.raises(EksdnsError, match="256 jobs"):
        shards_of(1000, 257)
