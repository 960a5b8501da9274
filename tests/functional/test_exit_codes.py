"""One example of every row of the table of exit codes, typed where a command line can reach the row."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from eksaddon.app import exit_table
from eksaddon.app.adopt.adopt import exit_code as of_adoption
from eksaddon.app.exit_table import MEANINGS, ROWS, Result, Row, Tally
from eksaddon.app.runs.exit_codes import of_run
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Action, ClusterPlan
from eksaddon.domain.run.outcome import Failed, Skipped, Stale
from eksaddon.domain.run.result import RunResult, RunState, TargetResult
from eksaddon.domain.target import ClusterRef, Target
from tests.support.exit_codes import PAGE, written
from tests.support.walkthrough import Shell, shell

FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1, us-east-1]}]
overrides:
  - match: {cluster: blocked}
    coredns: {configuration: {podColour: blue}}
  - match: {cluster: unseen}
    coredns: {terminationGracePeriod: 45s}
rollout:
  waves:
    - {name: canary, select: {cluster: wave-1}}
    - {name: undo, select: {cluster: "undo-*"}, maxConcurrency: 1, onFailure: rollback-wave}
    - {name: rest, select: {cluster: "*"}}
"""
ADDON = "region: eu-west-1, addon: v1.11.4-eksbuild.51"
FAILS = "outcomes: [{result: fails, code: AdmissionRequestDenied, keeps: false, status: ACTIVE}]"
SCENARIO = f"""
version: 1
accounts: [{{id: "111122223333", name: shop, regions: [eu-west-1, us-east-1]}}]
documents: {{two: '{{"replicaCount":2}}', three: '{{"replicaCount":3}}'}}
clusters:
  - {{name: "old-{{n}}", count: 3, {ADDON}, document: two}}
  - {{name: "wave-{{n}}", count: 2, {ADDON}, document: two}}
  - {{name: fine, {ADDON}, document: three}}
  - {{name: ill, {ADDON}, document: three, addonStatus: DEGRADED, issues: [{{code: Unhealthy}}]}}
  - {{name: blocked, {ADDON}, document: two}}
  - {{name: closed, {ADDON}, document: two}}
  - {{name: unseen, {ADDON}, document: three, workload: {{api: unreachable}}}}
  - {{name: undo-1, {ADDON}, document: two}}
  - {{name: undo-2, {ADDON}, document: two, {FAILS}}}
  - {{name: stop-1, {ADDON}, document: two}}
  - {{name: stop-2, {ADDON}, document: two, {FAILS}}}
  - {{name: stop-3, {ADDON}, document: two}}
  - {{name: stop-4, {ADDON}, document: two, {FAILS}}}
  - {{name: stop-5, {ADDON}, document: two}}
faults:
  - {{kind: denied, match: {{cluster: closed}}}}
"""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("exits")
    (folder / "fleet.yaml").write_text(FLEET)
    (folder / "scenario.yaml").write_text(SCENARIO)
    with shell(folder / "fleet.yaml", folder / "scenario.yaml") as one:
        yield one


def typed(*args: str) -> Callable[[Shell], int]:
    """A command line; the names of clusters stand at its end, after `@`."""
    at = args.index("@") if "@" in args else len(args)
    clusters = [part for name in args[at + 1 :] for part in ("--cluster", name)]
    return lambda here: here.type(*args[:at], *clusters)[0]


def rolled_back(here: Shell) -> int:
    before = set(Path().rglob("runs/*.jsonl"))
    here.type("apply", "--cluster", "old-1", "--yes")
    (journal,) = set(Path().rglob("runs/*.jsonl")) - before
    return here.type("rollback", journal.stem, "--yes")[0]


def stale(here: Shell) -> int:
    here.type("plan", "--cluster", "old-2", "--out", "plan.json")
    ref = ClusterRef("111122223333", "eu-west-1", "old-2")
    text = '{"replicaCount":5}'
    here.world.change(ref, lambda addon: replace(addon, stored=replace(addon.stored, text=text)))
    return here.type("apply", "plan.json", "--yes")[0]


def not_started(_: Shell) -> int:
    """Left where the journal could not be written to its end."""
    made = ClusterPlan(Target(ClusterRef("1", "eu", "a")), Action.UPDATE, "")
    results = (TargetResult(made, Skipped("not started"), 0.0),)
    return of_run(RunResult("r", RunState.RUNNING, results, "digest", 0.0))


def different(here: Shell) -> int:
    Path("one").write_text(".:53 {\n    whoami\n}\n")
    Path("other").write_text(".:53 {\n    errors\n}\n")
    return here.type("corefile", "diff", "one", "other")[0]


def linted(here: Shell) -> int:
    Path("bad").write_text(".:53 {\n    helth\n}\n")
    return here.type("corefile", "lint", "bad")[0]


EXAMPLES: dict[str, Callable[[Shell], int]] = {
    "never": typed("drift", "--fail-on", "never", "@", "old-3", "closed"),
    "paused": typed("apply", "--yes", "--until-wave", "canary", "@", "wave-*"),
    "rolled-back": rolled_back,
    "rolled-back-itself": typed("apply", "--yes", "@", "undo-*"),
    "all-lost": typed("plan", "@", "closed"),
    "all-blocked": typed("plan", "@", "blocked"),
    "stale": stale,
    "ended-early": typed("apply", "--yes", "--max-concurrency", "1", "@", "stop-1", "stop-2", "stop-3"),
    "ended-unwritten": typed("apply", "--yes", "--max-concurrency", "1", "@", "stop-4", "stop-5"),
    "fail-on-level": typed("audit", "--fail-on", "medium", "@", "old-3"),
    "some-lost": typed("plan", "@", "closed", "fine"),
    "some-blocked": typed("plan", "@", "blocked", "fine"),
    "not-started": not_started,
    "fail-on-unhealthy": typed("drift", "--fail-on", "unhealthy", "@", "ill", "fine"),
    "all-unhealthy": typed("drift", "@", "ill"),
    "some-unhealthy": typed("drift", "@", "ill", "fine"),
    "unverified": typed("drift", "@", "unseen"),
    "nothing-proven": typed("doctor", "--all", "--region", "us-east-1"),
    "fail-on-drift": typed("drift", "--fail-on", "drift", "@", "old-3", "fine"),
    "changes": typed("plan", "--detailed-exitcode", "@", "old-3"),
    "differs": different,
    "failed": lambda _: of_adoption(Failed(Trouble(Cause.UPDATE_FAILED, "no"))),
    "refused": lambda _: of_adoption(Stale("moved")),
    "loss": lambda _: exit_table.decide(Result.PROBE, Tally(lost=1)),
    "inconclusive": lambda _: exit_table.decide(Result.PROBE, Tally(unverified=1)),
    "findings": linted,
    "done": typed("plan", "@", "fine"),
}


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_example_of_every_row_ends_with_its_code(here: Shell, row: Row) -> None:
    seen = []

    def recorded(result: Result, tally: Tally) -> Row:
        seen.append(decided := row_of(result, tally))
        return decided

    row_of = exit_table.row_of
    with mock.patch.object(exit_table, "row_of", recorded):
        code = EXAMPLES[row.name](here)
    assert ([one.name for one in seen][-1:], code) == ([row.name], int(row.code))


def test_drift_that_fails_on_unreachable_clusters_only_passes_unhealthy_ones(here: Shell) -> None:
    assert typed("drift", "--fail-on", "unreachable", "@", "ill")(here) == 0
    assert typed("drift", "--fail-on", "unreachable", "@", "ill", "closed")(here) == 3
    assert typed("drift", "--fail-on", "drift", "@", "ill")(here) == 1


def test_the_tables_of_the_page_are_those_of_the_code() -> None:
    assert set(MEANINGS) == set(ExitCode)
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page), "python -m tests.support.exit_codes"


@pytest.mark.parametrize("clusters", [("fine",), ("fine", "blocked")])
def test_an_apply_without_changes_is_short_and_leaves_no_run(here: Shell, clusters: tuple[str, ...]) -> None:
    before = set(Path().rglob("runs/*.jsonl"))
    chosen = [part for name in clusters for part in ("--cluster", name)]
    code, text = here.type("apply", *chosen, "--report", "json=report.json")
    assert set(Path().rglob("runs/*.jsonl")) == before
    assert "succeeded" not in text
    assert Path("report.json").is_file()
    if len(clusters) == 1:
        assert (code, text) == (0, "No changes: 1 target, 1 in sync\n")
    else:
        assert (code, "no changes; nothing was written and no run was recorded" in text) == (3, True), text
    assert here.type("apply", *chosen, "--yes", "--confirm-count", "1")[0] == 5


def test_a_run_over_blocked_targets_is_never_said_to_have_succeeded(here: Shell) -> None:
    code, text = here.type("apply", "--cluster", "old-3", "--cluster", "blocked", "--yes")
    assert (code, "succeeded" in text, "incomplete: 2 targets" in text) == (3, False, True), text
    assert "incomplete" in here.type("history")[1]
