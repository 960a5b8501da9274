"""`workload.removeDisabledBudget`: the budget that EKS leaves is deleted, proven, and never another one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from eksaddon.sim.addon.values import Values
from eksaddon.sim.api.faults import Cut, Deny, Effect, Fault, Match, Refuse, Reset
from eksaddon.sim.kubernetes.objects import addon_budget
from eksaddon.sim.kubernetes.snapshot import ClusterSnapshot
from tests.support.proof import SHOP, ask, killed_at, stage, updates, word
from tests.support.walkthrough import Shell

FLEET = """
version: 1
coredns:
  podDisruptionBudget: {enabled: %s}
  allowWeaken: %s
  workload: {removeDisabledBudget: %s}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""
REMOVED = FLEET % ("false", "true", "true")
LEFT = FLEET % ("false", "true", "false")
PLAN = ("plan", "--cluster", "shop", "-q", "-o", "json")
APPLY = ("apply", "--cluster", "shop", "--yes", "-q", "-o", "json")
DRIFT = ("drift", "--cluster", "shop", "--live", "-q", "-o", "json")
NEVER_ENABLED = Values({"podDisruptionBudget": {"enabled": False}})
FORBIDDEN = 'budgets is forbidden: User "me" cannot delete resource "poddisruptionbudgets"'
DELETE, DRY_RUN = "delete poddisruptionbudgets", "dry-run poddisruptionbudgets"


def exists(here: Shell) -> bool:
    world, (cluster,) = here.world, here.world.clusters()
    return bool(addon_budget(ClusterSnapshot(cluster, world.workload(SHOP), world.addon(SHOP), 0.0)))


def newest_run() -> str:
    return max(Path(os.environ["XDG_STATE_HOME"]).rglob("runs/*.jsonl")).stem


def calls(here: Shell, operation: str) -> int:
    return here.world.calls.counts.get(operation, 0)


@contextmanager
def left_before(tmp_path: Path) -> Iterator[Shell]:
    """A cluster whose configuration disabled the budget before the deletion was asked for."""
    with stage(tmp_path, fleet=LEFT) as here:
        assert ask(here, *APPLY)[0] == 0
        assert exists(here)
        Path("eksdns.yaml").write_text(REMOVED)
        yield here


def strike(here: Shell, operation: str, effect: Effect, *, times: int = 1000) -> None:
    here.world.add_fault(Fault(effect, Match(operation=operation), times=times))


def cluster(document: dict[str, Any]) -> dict[str, Any]:
    (found,) = document["clusters"]
    assert isinstance(found, dict)
    return found


def findings(document: dict[str, Any], rule: str) -> list[tuple[str, str]]:
    return [
        (each["summary"], each["detail"]) for each in cluster(document)["diagnostics"] if each["rule"] == rule
    ]


def test_disabling_and_deleting_is_one_plan_and_proven(tmp_path: Path) -> None:
    with stage(tmp_path, fleet=REMOVED) as here:
        code, document = ask(here, *PLAN)
        changes = [
            (each["plane"], each["path"], each["before"], each["after"])
            for each in cluster(document)["changes"]
        ]
        assert ("budget", "PodDisruptionBudget/coredns", "maxUnavailable 1", None) in changes
        assert findings(document, "pdb-removed") == [
            (
                "deletes the PodDisruptionBudget coredns (maxUnavailable 1), which EKS leaves in place",
                "a rollback enables it again in the configuration, and EKS then creates it",
            )
        ]
        assert (code, calls(here, DELETE), exists(here)) == (0, 0, True)
        code, document = ask(here, *APPLY)
        assert (code, word(document), updates(here), calls(here, DELETE), exists(here)) == (
            0,
            "changed",
            1,
            1,
            False,
        )
        code, document = ask(here, *DRIFT)
        assert (code, word(document)) == (0, "inSync")
        assert ask(here, *APPLY)[0] == 0
        assert calls(here, DELETE) == 1


def test_a_budget_that_was_left_before_is_deleted_without_an_update(tmp_path: Path) -> None:
    with left_before(tmp_path) as here:
        code, document = ask(here, *DRIFT)
        assert (code, word(document)) == (0, "drifted")
        code, document = ask(here, *APPLY)
        assert (code, word(document), updates(here), calls(here, DELETE), exists(here)) == (
            0,
            "changed",
            1,
            1,
            False,
        )


def test_the_deletion_alone_is_a_weakening_that_needs_consent(tmp_path: Path) -> None:
    with left_before(tmp_path) as here:
        Path("eksdns.yaml").write_text(FLEET % ("false", "false", "true"))
        code, document = ask(here, *PLAN)
        assert (code, word(document)) == (5, "blocked")
        assert findings(document, "weakens-dns") == [
            (
                "weakens DNS: live PodDisruptionBudget coredns from maxUnavailable 1 to none",
                "--allow-weaken (fleet file: allowWeaken) applies it",
            )
        ]
        assert ask(here, *APPLY)[0] == 5
        assert exists(here)
        assert ask(here, *APPLY, "--allow-weaken")[0] == 0
        assert not exists(here)


def test_the_flag_does_what_the_key_does(tmp_path: Path) -> None:
    with left_before(tmp_path) as here:
        Path("eksdns.yaml").write_text(LEFT)
        assert ask(here, *APPLY, "--remove-disabled-budget")[0] == 0
        assert not exists(here)


def test_a_budget_of_another_manager_is_named_and_stays(tmp_path: Path) -> None:
    with stage(tmp_path, fleet=REMOVED) as here:
        here.world.write(SHOP, '{"replicaCount":2,"podDisruptionBudget":{"enabled":false}}')
        here.world.change(SHOP, lambda addon: replace(addon, live=NEVER_ENABLED))
        budgets = {"coredns": {"minAvailable": 1}}
        here.world.change_workload(SHOP, lambda workload: replace(workload, budgets=budgets))
        code, _ = ask(here, *APPLY)
        assert calls(here, DELETE) == 0
        ((summary, detail),) = findings(ask(here, *PLAN)[1], "pdb-left")
        assert "was set by" in summary
        assert "eksdns deletes only the add-on's own" in summary
        assert detail == "`kubectl -n kube-system delete poddisruptionbudget coredns` deletes it"
        assert word(ask(here, *DRIFT)[1]) == "drifted"
        assert code == 0


def test_without_the_right_to_delete_nothing_is_written(tmp_path: Path) -> None:
    with stage(tmp_path, fleet=REMOVED) as here:
        strike(here, DELETE, Refuse(403, "Forbidden", FORBIDDEN))
        strike(here, DRY_RUN, Refuse(403, "Forbidden", FORBIDDEN))
        strike(here, "create selfsubjectaccessreviews", Refuse(500, "InternalError", "no"))
        code, document = ask(here, *PLAN)
        assert (code, word(document)) == (0, "update")
        assert "could not be validated by a dry run" in findings(document, "pdb-not-tried")[0][0]
        code, document = ask(here, *APPLY)
        assert (code, word(document), updates(here), exists(here)) == (5, "blocked", 0, True)
        assert "configs/access/kubernetes.yaml" in findings(document, "pdb-forbidden")[0][1]


def test_an_unreadable_cluster_blocks_and_with_consent_is_told(tmp_path: Path) -> None:
    with left_before(tmp_path) as here:
        strike(here, "list poddisruptionbudgets", Deny())
        code, document = ask(here, *PLAN)
        assert (code, word(document)) == (5, "blocked")
        code, document = ask(here, *PLAN, "--allow-unverified-workload")
        ((summary, _),) = findings(document, "workload-not-checked")
        assert summary.endswith("deletion of the PodDisruptionBudget coredns not applied")
        assert (code, calls(here, DELETE)) == (3, 0)


def test_a_lost_reply_is_settled_by_a_read(tmp_path: Path) -> None:
    with left_before(tmp_path) as here:
        strike(here, DELETE, Reset(after=True), times=1)
        code, document = ask(here, *APPLY)
        assert (code, word(document), calls(here, DELETE), exists(here)) == (0, "changed", 1, False)


def test_a_status_that_changes_in_between_is_read_again(tmp_path: Path) -> None:
    with left_before(tmp_path) as here:
        strike(here, DELETE, Refuse(409, "Conflict", "the ResourceVersion does not match"), times=2)
        code, document = ask(here, *APPLY)
        assert (code, word(document), calls(here, DELETE), exists(here)) == (0, "changed", 3, False)


def test_a_deletion_that_is_never_accepted_is_not_said_to_be_made(tmp_path: Path) -> None:
    with left_before(tmp_path) as here:
        strike(here, DELETE, Refuse(409, "Conflict", "the ResourceVersion does not match"))
        code, document = ask(here, *APPLY)
        assert (code, word(document), exists(here)) == (1, "unproven", True)
        assert "none of 5 deletions was confirmed" in cluster(document)["reason"]


def test_a_run_that_was_killed_after_the_deletion_is_resumed(tmp_path: Path) -> None:
    with left_before(tmp_path) as here:
        with killed_at(here, DELETE, is_after=True):
            assert here.type(*APPLY)[0] != 0
        here.clock.advance(600)
        code, document = ask(here, "resume", newest_run(), "-q", "-o", "json")
        assert (code, word(document), calls(here, DELETE), exists(here)) == (0, "changed", 1, False)


def test_deletions_without_an_answer_are_unproven_and_resumed(tmp_path: Path) -> None:
    with left_before(tmp_path) as here:
        strike(here, DELETE, Reset(after=False), times=5)
        code, document = ask(here, *APPLY)
        assert (code, word(document), exists(here)) == (1, "unproven", True)
        code, document = ask(here, "resume", newest_run(), "-q", "-o", "json")
        assert (code, word(document), exists(here)) == (0, "changed", False)


def test_deletions_that_were_never_sent_leave_the_target_unreachable(tmp_path: Path) -> None:
    with left_before(tmp_path) as here:
        strike(here, DELETE, Cut(), times=5)
        code, document = ask(here, *APPLY)
        assert (code, word(document), exists(here)) == (1, "unreachable", True)
        code, document = ask(here, "retry", newest_run(), "--failed", "-q", "-o", "json")
        assert (code, word(document), exists(here)) == (0, "changed", False)


def test_a_rollback_of_both_lets_eks_create_the_budget_again(tmp_path: Path) -> None:
    with stage(tmp_path, fleet=REMOVED) as here:
        assert ask(here, *APPLY)[0] == 0
        assert not exists(here)
        code, document = ask(here, "rollback", newest_run(), "--yes", "-q", "-o", "json")
        assert (code, word(document), exists(here)) == (0, "rolledBack", True)


def test_a_rollback_of_the_deletion_alone_says_what_it_cannot_do(tmp_path: Path) -> None:
    with left_before(tmp_path) as here:
        assert ask(here, *APPLY)[0] == 0
        code, document = ask(here, "rollback", newest_run(), "--yes", "-q", "-o", "json")
        assert (code, word(document), exists(here)) == (1, "failed", False)
        assert "a rollback does not create the PodDisruptionBudget coredns again" in str(document)


def test_a_budget_that_is_enabled_again_after_planning_stays(tmp_path: Path) -> None:
    plan = str(tmp_path / "plan.json")
    with left_before(tmp_path) as here:
        assert here.type("plan", "--cluster", "shop", "--out", plan)[0] == 0
        here.world.write(SHOP, '{"replicaCount":2}')
        code, document = ask(here, "apply", plan, "--yes", "-q", "-o", "json")
        assert (word(document), calls(here, DELETE)) == ("stale", 0)
        assert code != 0


def test_another_budget_of_the_name_is_stale(tmp_path: Path) -> None:
    plan = str(tmp_path / "plan.json")
    with left_before(tmp_path) as here:
        assert here.type("plan", "--cluster", "shop", "--out", plan)[0] == 0
        here.world.change(SHOP, lambda addon: replace(addon, left_budget={"maxUnavailable": 2}))
        code, document = ask(here, "apply", plan, "--yes", "-q", "-o", "json")
        assert (word(document), calls(here, DELETE), exists(here)) == ("stale", 0, True)
        assert code != 0
