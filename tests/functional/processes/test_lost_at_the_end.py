"""A store that is lost at the end takes no result away."""

import json
from pathlib import Path

import pytest

from tests.support.child import environment, finish, simulated, start

pytestmark = pytest.mark.slow

SCENARIO = """
version: 1
pace: {update: [0, 0]}
accounts: [{id: "123456789012"}]
clusters: [{name: "app-{n}", count: 3, region: eu-west-1, addon: v1.11.4-eksbuild.51}]
"""
APPLY = ("apply", "--all", "--lameduck", "20s", "--yes", "-q", "-o", "json")
NO_RELEASE = """
from eksaddon.domain.errors import EksdnsError
from eksaddon.store.local import LocalLock
def lost(*_):
    raise EksdnsError("the store is gone")
LocalLock.release = lost
"""
NO_END = """
from eksaddon.domain.errors import EksdnsError
from eksaddon.store.local import LocalJournal
append = LocalJournal.append
def lost(self, records):
    if any(record["type"] == "{last}" for record in records):
        raise EksdnsError("the store is gone", hint="bring it back")
    append(self, records)
LocalJournal.append = lost
"""


def test_a_lock_that_cannot_be_released_is_reported_with_the_result(tmp_path: Path) -> None:
    with simulated(SCENARIO) as (_, url):
        code, out, err = finish(start(*APPLY, env=environment(tmp_path, url), before=NO_RELEASE))
    assert code == 0, err
    assert json.loads(out)["summary"]["changed"] == 3
    assert "was not released: the store is gone" in err


def test_a_journal_that_is_lost_with_the_last_record_leaves_the_result(tmp_path: Path) -> None:
    before = NO_END.format(last="Closed")
    with simulated(SCENARIO) as (world, url):
        env = environment(tmp_path, url)
        code, out, err = finish(start(*APPLY, env=env, before=before))
        assert code == 0, err
        document = json.loads(out)
        assert (document["summary"]["changed"], document["state"]) == (3, "succeeded")
        assert "the store is gone" in err
        assert "error: the store is gone\nhint: bring it back\n" in err
        code, out, _ = finish(start("resume", document["runId"], "-o", "json", env=env))
        assert (code, json.loads(out)["summary"]["changed"]) == (0, 3)
        assert world.calls.counts["UpdateAddon"] == 3


def test_results_after_a_lost_journal_are_shown_and_found_again(tmp_path: Path) -> None:
    before = NO_END.format(last="Ended")
    with simulated(SCENARIO) as (world, url):
        env = environment(tmp_path, url)
        code, out, err = finish(start(*APPLY, "--max-concurrency", "1", env=env, before=before))
        document = json.loads(out)
        counts = document["summary"]
        assert (code, counts["targets"], counts["changed"]) == (3, 3, 1), err
        assert "nothing new starts" not in out
        assert "the store is gone" in err
        assert f"eksdns resume {document['runId']}" in err
        code, out, _ = finish(start("resume", document["runId"], "-o", "json", env=env))
        assert (code, json.loads(out)["summary"]["changed"]) == (0, 3)
        assert world.calls.counts["UpdateAddon"] == 3
