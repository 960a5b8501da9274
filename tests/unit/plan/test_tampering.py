"""A plan file that was edited and made to fit again: refused, or it still shows what it would write."""

import dataclasses
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eksaddon import __version__
from eksaddon.app.fleet.planfile import load_plan, save_plan
from eksaddon.domain.basis import Basis
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import Consent, DesiredState, Lameduck, ResolveConflicts, Waiver
from eksaddon.domain.diagnostic import Diagnostic, Location
from eksaddon.domain.encoding.codec import decode, encode
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import digest
from eksaddon.domain.observed import HealthIssue, Managed, NotInstalled, Observed, Unreachable
from eksaddon.domain.plan import AddonWrite, Change, ClusterPlan, Plan, WorkloadWrite
from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.domain.rollout.strategy import Approval, Check, Count, Strategy, Wave
from eksaddon.domain.rollout.window import Window
from eksaddon.domain.selection import Match
from eksaddon.domain.target import Account, AssumedRole, ClusterRef, Target
from eksaddon.domain.workload import Budget, NotChecked, Owner, Workload, WorkloadState
from eksaddon.plan.digest import plan_digest
from eksaddon.plan.fleet import Planner, plan_fleet
from eksaddon.plan.planfile import SavedPlan, to_text
from eksaddon.plan.waves import staged
from eksaddon.schema import packaged_schema
from tests.support.tampering import edits, fields_of, held_by

VERSION = "v1.11.4-eksbuild.51"
ACCOUNT = "111122223333"
COREFILE = """\
.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    forward . /etc/resolv.conf
    loop
    reload
}
"""
STORED = json.dumps({"replicaCount": 2, "computeType": "ec2", "corefile": COREFILE})
SEEN = Workload(2, 30, 0, COREFILE, (1, 33), corefile_owner=Owner("eks", "Apply", 1.0))
DENIED = Trouble(Cause.DENIED, "denied", "AccessDenied", "DescribeAddon", "eks:DescribeAddon")
NOT_READ = NotChecked("no permission", is_chosen=True)
DESIRED = DesiredState(
    values={"replicaCount": 3},
    lameduck=Lameduck("20s", 20 * 10**9),
    grace_seconds=45,
    pre_stop_seconds=5,
    resolve_conflicts=ResolveConflicts.OVERWRITE,
    consent=Consent(weaken=True),
    waived={"computeType": "ec2"},
    waivers=(Waiver("computeType", "ana", "moves", "2099-01-01", Location("eksdns.yaml", 3, 1)),),
)


WITH_BUDGET = replace(SEEN, budgets=(Budget("coredns", "", "1", 1, "0a1b", 1, "77", ("eks",)),))
DELETING = replace(
    DESIRED,
    values={"replicaCount": 3, "podDisruptionBudget": {"enabled": False}},
    remove_budget=True,
)
"""Of the cluster f-budget."""


def _target(name: str, env: str) -> Target:
    return Target(ClusterRef(ACCOUNT, "eu-west-1", name), "shop", (("env", env),))


def _row(
    name: str, env: str, text: str | None, workload: WorkloadState
) -> tuple[Target, Observed, WorkloadState]:
    target = _target(name, env)
    issues = (HealthIssue("X", "ill"),) if name == "ill" else ()
    return target, Managed(target.ref, VERSION, "ACTIVE", text, issues), workload


def _desired(target: Target) -> DesiredState:
    return DELETING if target.ref.name == "f-budget" else DESIRED


def _plan() -> Plan:
    """Both planes, one plane, a deleted budget, every origin of a Corefile, and targets left alone."""
    rows = [
        _row("a-both", "dev", STORED, SEEN),
        _row("b-addon", "dev", STORED, NOT_READ),
        _row("c-packaged", "prod", None, NOT_READ),
        _row("d-live", "prod", None, SEEN),
        _row("e-weaker", "prod", STORED.replace('"replicaCount": 2', '"replicaCount": 5'), SEEN),
        _row("f-budget", "prod", STORED, WITH_BUDGET),
        _row("ill", "prod", STORED, SEEN),
        (_target("gone", "prod"), NotInstalled(_target("gone", "prod").ref), NOT_READ),
        (_target("unread", "prod"), Unreachable(_target("unread", "prod").ref, DENIED), NOT_READ),
    ]
    schema = packaged_schema(VERSION)
    assert schema is not None
    made = plan_fleet(rows, _desired, Planner({VERSION: schema}, force=True), now=1000.0)
    waves = (
        Wave("dev", Match(labels=(("env", ("dev",)),)), before=(Approval(),), max_concurrency=Count(2)),
        Wave("prod", gates=(Check("addon-health"), ProbeGate()), soak=60),
    )
    return staged(made, Strategy(waves, windows=(Window(frozenset({0}), 60, 120),)))


ACCOUNTS = (Account(ACCOUNT, access=AssumedRole((f"arn:aws:iam::{ACCOUNT}:role/x",), "ext")),)
SAVED = SavedPlan(_plan(), ACCOUNTS, __version__)
BODY: dict[str, Any] = {key: each for key, each in json.loads(to_text(SAVED)).items() if key != "hash"}

NOT_SHOWN_AS_A_WRITE = {
    "tool": "only warns that another version made it",
    "accounts": "an account that nobody targets",
    "Plan.digest": "worked out anew here; one that does not fit is refused",
    "Plan.created_at": "only warns that the plan is old",
    "Target.account_name": "a name beside the id; no write depends on it once waves are set",
    "Target.labels": "as above",
    "ClusterPlan.version": "another version has another fingerprint, and the target is stale",
    "ClusterPlan.fingerprint": "the target is stale",
    "ClusterPlan.diagnostics": "findings of what was seen, beside those that are derived",
    "ClusterPlan.namespace": "compared with the add-on's own before the write",
    "ClusterPlan.live": "what ran when the plan was made",
    "BudgetRemoval.uid": "the target is stale",
    "BudgetRemoval.generation": "the target is stale",
    "AddonWrite.role_arn": "compared with the add-on's own before the write",
    "Diagnostic.rule": "as ClusterPlan.diagnostics",
    "Diagnostic.severity": "as ClusterPlan.diagnostics",
    "Diagnostic.summary": "as ClusterPlan.diagnostics",
    "Diagnostic.detail": "as ClusterPlan.diagnostics",
    "Change.note": "of what is asked for and not applied",
    "Change.after": "of what is asked for and not applied",
    "Fates": "what such a value would become",
    "LiveField": "what ran when the plan was made",
    "Owner": "as above",
    "Location": "where a value was set; no write depends on it",
    "Trouble": "why a target was not read, of a target that is not written",
    "Propagation": "what the settings are compared with; the derived findings change with it",
    "Basis": "what was seen; the derived findings change with it",
    "LiveBase": "what was seen, and is compared with the cluster before each write",
    "Account": "how an account is entered: roles of other accounts are refused",
    "AssumedRole": "as above",
    "TimeLimits": "how long a target is waited for; what is written is the same, and `--digest` binds it",
}
"""What may be edited without a refusal where no digest is given, and why nothing is written unseen for it."""

BOUND_BY_THE_DIGEST = {
    "Plan.clusters",
    "ClusterRef",
    "Target",
    "Strategy",
    "Wave",
    "Match",
    "Check",
    "Count",
    "Percent",
    "Approval",
    "ProbeGate",
    "Thresholds",
    "Window",
}
"""Which targets and waves were approved: shown as they would be written, and bound by `--digest` alone."""


NOT_IN_THE_SAMPLE: frozenset[str] = frozenset()
"""Fields of types that no plan of this sample holds."""


def _fitted(body: dict[str, Any]) -> str:
    """With both digests made to fit, as whoever edits the file can."""
    try:
        plan = decode(Plan, body["plan"])
        body = {**body, "plan": {**body["plan"], "digest": plan_digest(plan.clusters, plan.strategy)}}
    except Exception:  # noqa: BLE001  # what cannot be read is refused below
        pass
    return json.dumps({**body, "hash": digest(body)})


def _is_refused(text: str, path: Path, approved: str = "") -> bool:
    path.write_text(text, encoding="utf-8")
    try:
        load_plan(path, approved)
    except EksdnsError as error:
        return bool(error.hint) and error.exit_code in {ExitCode.REFUSED, ExitCode.USAGE}
    return False


def _allowed(field: str) -> bool:
    kind = field.partition(".")[0]
    return (
        field in NOT_SHOWN_AS_A_WRITE
        or kind in NOT_SHOWN_AS_A_WRITE
        or bool({kind, field} & BOUND_BY_THE_DIGEST)
    )


ALL = list(edits(BODY, Plan, Account, AssumedRole))


def test_the_sample_has_every_field_of_every_type_that_a_plan_can_hold() -> None:
    found = fields_of(BODY)
    missing = {
        f"{kind.__name__}.{each.name}" for kind in held_by(Plan) for each in dataclasses.fields(kind)
    } - found
    assert missing <= NOT_IN_THE_SAMPLE


def test_the_sample_has_every_field_of_what_a_plan_writes() -> None:
    found = fields_of(BODY)
    for kind in (Plan, ClusterPlan, AddonWrite, WorkloadWrite, Change, Diagnostic, Basis, Target, ClusterRef):
        assert {f"{kind.__name__}.{each.name}" for each in dataclasses.fields(kind)} <= found


def test_an_edited_file_is_refused(tmp_path: Path) -> None:
    whole = json.loads(to_text(SAVED))
    for one in ALL[::7]:
        text = json.dumps({**one.document, "hash": whole["hash"]})
        assert _is_refused(text, tmp_path / "plan.json"), one.path


@pytest.mark.slow
def test_an_edited_file_whose_digests_fit_is_refused_or_writes_what_it_shows(tmp_path: Path) -> None:
    taken = {one.field for one in ALL if not _is_refused(_fitted(one.document), tmp_path / "plan.json")}
    assert {field for field in taken if not _allowed(field)} == set()
    assert set(NOT_SHOWN_AS_A_WRITE) <= taken | {field.partition(".")[0] for field in taken}


@pytest.mark.slow
def test_no_edit_passes_where_the_digest_is_given(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    approved = save_plan(path, SAVED.plan, SAVED.accounts)
    assert load_plan(path, approved) == SAVED
    assert load_plan(path, approved.removeprefix("sha256:")[:12]) == SAVED
    for one in ALL[::5]:
        if one.field != "Plan.digest":  # made to fit, it is the plan that was approved
            assert _is_refused(_fitted(one.document), path, approved), one.path


@pytest.mark.parametrize("bad", ["abc", "sha256:", "z" * 64])
def test_an_invalid_digest_is_a_usage_error(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "plan.json"
    save_plan(path, SAVED.plan, SAVED.accounts)
    with pytest.raises(EksdnsError, match="invalid digest") as caught:
        load_plan(path, bad)
    assert caught.value.exit_code is ExitCode.USAGE


def test_the_plan_as_it_was_made_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(to_text(SAVED))
    assert encode(load_plan(path).plan) == encode(SAVED.plan)
