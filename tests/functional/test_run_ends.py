"""How a run ended decides its exit code, and every report says why."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.api.faults import Deny, Expire, Fault, Match
from tests.support.walkthrough import Shell, run_on_record, shell

SCENARIO = """
version: 1
accounts: [{{id: "111122223333", name: shop, regions: [eu-west-1]}}]
documents: {{plain: '{{"replicaCount":2}}'}}
clusters:
  - {{name: "a-{{n}}", count: {count}, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}}
  - name: bad
    region: eu-west-1
    addon: v1.11.4-eksbuild.51
    document: plain
    outcomes: [{{result: fails, code: AdmissionRequestDenied, keeps: true, status: ACTIVE}}]
"""
FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""
WAVE = """
rollout:
  waves: [{{name: all, select: {{cluster: "*"}}, maxConcurrency: 1, onFailure: {reaction}}}]
"""
APPLY = ("apply", "--all", "--yes", "-q", "-o", "json")


@contextmanager
def stage(tmp_path: Path, *, count: int = 2, reaction: str = "") -> Iterator[Shell]:
    rollout = WAVE.format(reaction=reaction) if reaction else ""
    (tmp_path / "fleet.yaml").write_text(FLEET + rollout)
    (tmp_path / "scenario.yaml").write_text(SCENARIO.format(count=count))
    with shell(tmp_path / "fleet.yaml", tmp_path / "scenario.yaml") as here:
        yield here


def ask(here: Shell, *args: str) -> tuple[int, dict[str, Any]]:
    code, text = here.type(*[run_on_record().stem if arg == "RUN" else arg for arg in args])
    document: dict[str, Any] = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return code, document


def test_a_rollback_by_the_runs_own_brakes_is_not_a_success_and_says_why(tmp_path: Path) -> None:
    with stage(tmp_path, reaction="rollback-wave") as here:
        code, document = ask(here, *APPLY)
        assert (code, document["state"]) == (1, "rolled_back")
        assert document["reason"].startswith("wave all: ")
        assert document["waves"][0]["state"] == "rolled_back"
        assert document["failedBefore"] == 1
        assert document["summary"]["changed"] == 0


def test_a_run_that_its_brakes_stopped_is_partial_where_changes_stay(tmp_path: Path) -> None:
    with stage(tmp_path, reaction="stop") as here:
        code, document = ask(here, *APPLY)
        assert (document["state"], document["waves"][0]["state"]) == ("stopped", "stopped")
        assert code == (3 if document["summary"]["changed"] else 1)


def test_a_rollback_that_a_user_asked_for_and_got_is_done(tmp_path: Path) -> None:
    with stage(tmp_path, reaction="continue") as here:
        ask(here, *APPLY)
        code, document = ask(here, "rollback", "RUN", "--yes", "-q", "-o", "json")
        assert (code, document["state"]) == (0, "rolled_back")
        assert {wave["state"] for wave in document["waves"]} == {"rolled_back"}
        assert "requested by" in document["reason"]


@pytest.mark.parametrize("reaction", ["stop", "rollback-wave", "continue"])
def test_history_gives_the_document_of_a_run_long_after_its_end(tmp_path: Path, reaction: str) -> None:
    with stage(tmp_path, reaction=reaction) as here:
        _, printed = ask(here, *APPLY)
        code, document = ask(here, "history", "RUN", "-o", "json")
        assert (code, document) == (0, printed)


def test_an_update_in_flight_is_updating_and_never_skipped(tmp_path: Path) -> None:
    with stage(tmp_path, count=1) as here:
        here.world.add_fault(Fault(Expire(), Match(operation="DescribeUpdate")))
        code, document = ask(here, *APPLY)
        assert (code, document["state"]) == (4, "paused")
        assert document["summary"]["updating"] == 2
        assert document["summary"]["skipped"] == 0
        assert all(cluster["updateId"] for cluster in document["clusters"])


def test_nothing_new_starts_once_a_write_cannot_be_proven(tmp_path: Path) -> None:
    with stage(tmp_path, count=30) as here:
        here.world.add_fault(Fault(Deny(), Match(operation="DescribeUpdate")))
        code, document = ask(here, *APPLY, "--max-concurrency", "2")
        assert code == 1
        assert here.world.calls.counts["UpdateAddon"] <= 4
        assert document["summary"]["unproven"] == here.world.calls.counts["UpdateAddon"]


def test_a_role_that_a_user_set_since_survives_a_rollback(tmp_path: Path) -> None:
    ref = ClusterRef("111122223333", "eu-west-1", "a-1")
    role = "arn:aws:iam::111122223333:role/dns"
    with stage(tmp_path, count=1, reaction="continue") as here:
        ask(here, *APPLY)
        here.world.change(ref, lambda addon: replace(addon, stored=replace(addon.stored, role_arn=role)))
        code, document = ask(here, "rollback", "RUN", "--yes", "-q", "-o", "json")
        after = here.world.addon(ref)
        assert after is not None
        assert after.stored.role_arn == role
        outcomes = {cluster["name"]: cluster["outcome"] for cluster in document["clusters"]}
        assert (code, outcomes["a-1"]) == (3, "stale")
