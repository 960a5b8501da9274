"""From desired and observed to a plan: what is sent, what is said, and what is left alone."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.cause import HINTS, Cause, Trouble
from eksaddon.domain.desired import DesiredState, ResolveConflicts
from eksaddon.domain.observed import (
    AutoMode,
    Connected,
    HealthIssue,
    NotActive,
    NotInstalled,
    Unreachable,
)
from eksaddon.domain.plan import Action, Plane
from eksaddon.domain.target import Target
from eksaddon.domain.workload import Workload
from eksaddon.plan.fleet import Planner, plan_fleet
from eksaddon.plan.inputs import Situation
from eksaddon.plan.planner import resolve, without_addon
from eksaddon.schema import packaged_schema
from tests.support.planner import (
    COREFILE,
    NO_PLANE,
    REF,
    STORED,
    TARGET,
    VERSION,
    changes,
    managed,
    planned,
    rules,
    wants,
)


def test_lameduck_and_replicas_are_the_only_differences_of_the_document():
    plan = planned(managed(STORED), wants(20, replicaCount=3))
    assert plan.action is Action.UPDATE
    assert changes(plan) == [
        ("replicaCount", 2, 3),
        ('corefile[".:53"].health.lameduck', "5s", "20s"),
    ]
    assert plan.write is not None
    sent = json.loads(plan.write.text)
    assert sent == {**STORED, "replicaCount": 3, "corefile": COREFILE.replace("5s", "20s")}
    assert plan.write.before == managed(STORED).text


@given(
    st.dictionaries(st.sampled_from(["computeType", "podLabels", "nodeSelector"]), st.just({}), max_size=3)
)
def test_keys_that_no_one_named_stay(others):
    stored = {**STORED, **others}
    plan = planned(managed(stored), wants(replicaCount=3))
    assert plan.write is None or {
        key: value for key, value in json.loads(plan.write.text).items() if key != "replicaCount"
    } == {key: value for key, value in stored.items() if key != "replicaCount"}


@pytest.mark.parametrize("indent", [None, 1, 8])
def test_a_document_in_sync_is_not_written_regardless_of_its_form(indent):
    plan = planned(managed(json.dumps(STORED, indent=indent)), wants(5, replicaCount=2))
    assert (plan.action, plan.write, plan.changes) == (Action.IN_SYNC, None, ())
    assert plan.reason == "in sync"


def test_the_conflict_mode_and_the_role_travel_with_the_write():
    desired = replace(wants(20), resolve_conflicts=ResolveConflicts.PRESERVE)
    plan = planned(managed(STORED, role_arn="arn:aws:iam::111122223333:role/dns"), desired)
    assert plan.write is not None
    assert plan.write.resolve_conflicts is ResolveConflicts.PRESERVE
    assert plan.write.role_arn == "arn:aws:iam::111122223333:role/dns"


def test_null_removes_a_key():
    plan = planned(managed(STORED), wants(computeType=None))
    assert changes(plan) == [("computeType", "ec2", None)]


def test_a_whole_corefile_is_shown_whole():
    wanted = COREFILE.replace("errors", "errors\n    log")
    plan = planned(managed(STORED), wants(corefile=wanted))
    assert changes(plan) == [("corefile", COREFILE, wanted)]


def test_a_lameduck_goes_into_the_corefile_that_the_file_states():
    plan = planned(managed(STORED), wants(20, corefile=COREFILE.replace("# ours", "# theirs")))
    assert plan.write is not None
    text = json.loads(plan.write.text)["corefile"]
    assert text == COREFILE.replace("# ours", "# theirs").replace("5s", "20s")


def test_a_corefile_that_the_file_states_is_stored_even_if_its_lameduck_is_right():
    wanted = COREFILE.replace("# ours", "# theirs")
    assert changes(planned(managed(STORED), wants(5, corefile=wanted))) == [("corefile", COREFILE, wanted)]


def test_without_a_stored_corefile_the_packaged_default_is_the_base_and_the_plan_says_so():
    plan = planned(managed(), wants(20))
    assert changes(plan) == [('corefile[".:53"].health.lameduck', "5s", "20s")]
    assert ("corefile-frozen", "warning") in rules(plan)


def test_the_default_is_not_frozen_by_a_setting_that_it_already_has():
    plan = planned(managed(), wants(5))
    assert (plan.action, plan.changes) == (Action.IN_SYNC, ())


def test_the_live_corefile_comes_before_the_packaged_one():
    live = Workload(2, 30, 0, COREFILE.replace("# ours", "# live"))
    plan = planned(managed(), wants(20), live)
    assert plan.write is not None
    assert "# live" in json.loads(plan.write.text)["corefile"]


def test_an_unknown_default_blocks_and_says_what_to_do():
    plan = planned(managed(None, version="v1.8.7-eksbuild.1"), wants(20))
    assert plan.action is Action.BLOCKED
    assert rules(plan) == {("corefile-unknown", "error")}
    assert plan.write is None


def test_other_keys_need_no_corefile():
    plan = planned(managed(None, version="v1.8.7-eksbuild.1"), wants(replicaCount=3))
    assert changes(plan) == [("replicaCount", None, 3)]


def test_a_version_of_unknown_form_is_not_guessed_about():
    plan = planned(managed(None, version="latest"), wants(20))
    assert rules(plan) == {("corefile-unknown", "error")}


@pytest.mark.parametrize(
    "corefile", [". {\n    helth\n}\n", ". {\n    health {\n        lameduck 5\n    }\n}\n"]
)
def test_a_corefile_that_coredns_refuses_is_not_edited(corefile):
    plan = planned(managed({"corefile": corefile}), wants(20))
    assert plan.action is Action.BLOCKED
    assert rules(plan) == {("corefile-refused", "error")}


def test_a_broken_corefile_does_not_keep_keys_from_changing_that_start_no_pod():
    broken = managed({"corefile": ". {\n    helth\n}\n"})
    assert planned(broken, wants(replicaCount=3)).action is Action.BLOCKED
    plan = planned(broken, wants(podDisruptionBudget={"maxUnavailable": 1}))
    assert plan.action is Action.UPDATE
    assert ("unknown-directive", "warning") in rules(plan)


def test_a_broken_corefile_is_not_newly_stored():
    plan = planned(managed(STORED), wants(corefile=COREFILE.replace("errors", "erors")))
    assert plan.action is Action.BLOCKED
    assert ("unknown-directive", "error") in rules(plan)


def test_unreadable_values_are_never_overwritten():
    plan = planned(managed('{"replicaCount": '), wants(replicaCount=3))
    assert plan.action is Action.BLOCKED
    assert rules(plan) == {("values-unreadable", "error")}


def test_the_schema_of_the_installed_version_decides():
    plan = planned(managed(), wants(trafficDistribution="PreferClose"))
    assert plan.action is Action.BLOCKED
    assert ("schema", "error") in rules(plan)
    newer = planned(managed(None, version="v1.13.2-eksbuild.21"), wants(trafficDistribution="PreferClose"))
    assert newer.action is Action.UPDATE


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (VERSION, "checked against the packaged schema"),
        ("v1.14.9-eksbuild.1", "checked against the schema of an older version"),
        ("v0.1.0-eksbuild.1", "not checked against a schema: replicaCount, podDisruptionBudget"),
    ],
)
def test_a_live_schema_that_cannot_be_read_is_reported(version, said):
    observed = managed(None, version=version)
    desired = wants(replicaCount=3, podDisruptionBudget={"maxUnavailable": 1, "enabled": True})
    found = resolve(Situation(observed, desired, NO_PLANE, Trouble(Cause.DENIED, "no")))
    assert said in next(one.summary for one in found.diagnostics if one.rule == "schema-not-live")


@pytest.mark.parametrize(
    ("cause", "hint"),
    [(Cause.DENIED, "grant eks:DescribeAddonConfiguration"), (Cause.THROTTLED, HINTS[Cause.THROTTLED])],
)
def test_the_hint_for_an_unread_schema_is_that_of_its_cause(cause, hint):
    case = Situation(managed(None), wants(replicaCount=3), NO_PLANE, Trouble(cause, "no"))
    found = resolve(case)
    detail = next(one.detail for one in found.diagnostics if one.rule == "schema-not-live")
    assert detail == f"EKS rejects an invalid configuration before it changes anything; {hint}"


def test_strict_blocks_what_no_schema_checked():
    case = Situation(managed(None), wants(replicaCount=3), NO_PLANE, Trouble(Cause.DENIED, "no"))
    assert resolve(case).action is Action.UPDATE
    assert resolve(replace(case, strict=True)).action is Action.BLOCKED


def test_an_error_by_the_schema_of_an_older_version_does_not_name_the_installed_one():
    observed = managed(None, version="v1.14.9-eksbuild.1")
    found = resolve(Situation(observed, wants(newKey="x"), NO_PLANE, Trouble(Cause.DENIED, "no")))
    (error,) = [one for one in found.diagnostics if one.rule == "schema"]
    assert error.detail == "required by the schema of an older version"


def test_several_errors_are_counted_in_the_reason():
    plan = planned(
        managed(), wants(replicaCount=0, podDisruptionBudget={"maxUnavailble": 1, "minAvailable": "x"})
    )
    assert plan.reason.endswith("more")


def test_strict_blocks_a_budget_that_does_not_fit():
    desired = wants(30)
    assert planned(managed(STORED), desired).action is Action.UPDATE
    assert planned(managed(STORED), desired, strict=True).action is Action.BLOCKED


@pytest.mark.parametrize(
    ("observed", "action", "said"),
    [
        (NotInstalled(REF), Action.SKIPPED, "not installed"),
        (AutoMode(REF), Action.SKIPPED, "Auto Mode"),
        (NotActive(REF, "CREATING"), Action.SKIPPED, "CREATING"),
        (Connected(REF), Action.SKIPPED, "connected"),
        (Unreachable(REF, Trouble(Cause.THROTTLED, "slow down")), Action.UNREACHABLE, "throttled"),
    ],
)
def test_every_case_has_its_own_name_and_none_is_in_sync(observed, action, said):
    plan = without_addon(TARGET, observed)
    assert (plan.action, said in plan.reason) == (action, True)
    assert Planner({}).plan(TARGET, observed, wants(20), NO_PLANE) == plan


def test_a_managed_addon_is_not_a_case_without_one():
    with pytest.raises(AssertionError):
        without_addon(TARGET, managed())


@pytest.mark.parametrize(
    ("status", "action", "rule"),
    [
        ("DELETING", Action.SKIPPED, None),
        ("CREATE_FAILED", Action.BLOCKED, "addon-unhealthy"),
        ("UPDATING", Action.UPDATE, "addon-busy"),
        ("DEGRADED", Action.UPDATE, "addon-unhealthy"),
        ("A_NEW_WORD", Action.UPDATE, "addon-unhealthy"),
        ("ACTIVE", Action.UPDATE, None),
    ],
)
def test_the_addons_own_status_counts(status, action, rule):
    plan = planned(managed(STORED, status=status), wants(20))
    assert plan.action is action
    assert {name for name, _ in rules(plan)} == ({rule} if rule else set())


def test_health_issues_are_reported():
    issue = HealthIssue("InsufficientNumberOfReplicas", "no nodes")
    plan = planned(managed(STORED, issues=(issue,)), wants(20))
    assert any("InsufficientNumberOfReplicas: no nodes" in one.summary for one in plan.diagnostics)


def workload_wish(grace: int | None = 45, sleep: int | None = 5) -> DesiredState:
    return DesiredState(grace_seconds=grace, pre_stop_seconds=sleep)


def test_the_workload_plane_is_named_where_it_was_not_read():
    plan = planned(managed(STORED), workload_wish())
    assert plan.action is Action.IN_SYNC
    assert plan.reason.startswith("the add-on plane is in sync; workload plane not available; ")
    assert [(one.plane, one.note) for one in plan.changes] == [
        (Plane.WORKLOAD, "not applied: workload plane not available")
    ] * 2
    assert ("workload-not-checked", "warning") in {(one.rule, one.severity.value) for one in plan.diagnostics}


@pytest.mark.parametrize(("grace", "sleep"), [(45, None), (None, 5)])
def test_only_named_workload_fields_are_reported(grace, sleep):
    assert len(planned(managed(STORED), workload_wish(grace, sleep)).changes) == 1


def test_a_known_workload_is_compared():
    live = Workload(2, 30, 5, COREFILE)
    plan = planned(managed(STORED), workload_wish(), live)
    assert changes(plan) == [("terminationGracePeriodSeconds", 30, 45)]
    assert (plan.action, plan.write) == (Action.UPDATE, None)


def test_a_known_workload_that_is_as_desired_is_in_sync():
    plan = planned(managed(STORED), workload_wish(), Workload(2, 45, 5, COREFILE))
    assert (plan.action, plan.reason) == (Action.IN_SYNC, "in sync")


def test_the_grace_that_will_be_counts_for_the_budget():
    desired = replace(wants(30), grace_seconds=45)
    live = Workload(2, 30, 0, COREFILE)
    assert ("termination-budget", "warning") not in rules(planned(managed(STORED), desired, live))
    assert ("termination-budget", "warning") in rules(planned(managed(STORED), wants(30), live))


def test_clusters_in_the_same_situation_share_the_thought_but_not_the_target():
    planner = Planner({VERSION: packaged_schema(VERSION)})  # type: ignore[dict-item]  # known
    refs = [replace(REF, name=name) for name in "abc"]
    plans = [planner.plan(Target(ref), managed(STORED, ref=ref), wants(20), NO_PLANE) for ref in refs]
    assert [plan.target.ref for plan in plans] == refs
    assert plans[0].changes is plans[2].changes


def test_a_plan_that_was_begun_counts_for_the_same_values_only():
    planner = Planner({VERSION: packaged_schema(VERSION)})  # type: ignore[dict-item]  # known
    target, observed, desired = Target(REF), managed(STORED), wants(20)
    planner.begin(target, observed, desired, NO_PLANE)
    begun = planner.plan(target, observed, desired, NO_PLANE)
    assert planner.plan(target, observed, desired, NO_PLANE) is begun
    assert planner.plan(target, observed, wants(21), NO_PLANE).changes != begun.changes
    moving = replace(planner, versions={REF: Trouble(Cause.DENIED, "no")})
    assert moving.plan(target, observed, desired, NO_PLANE) is not begun


def test_a_fleet_is_planned_in_order_and_its_digest_leaves_the_time_out():
    rows = [(Target(replace(REF, name=name)), managed(STORED), NO_PLANE) for name in "ba"]
    first = plan_fleet(rows, lambda _: wants(20), Planner({}), now=1.0)
    second = plan_fleet(rows, lambda _: wants(20), Planner({}), now=2.0)
    other = plan_fleet(rows, lambda _: wants(21), Planner({}), now=1.0)
    assert [plan.target.ref.name for plan in first.clusters] == ["b", "a"]
    assert first.digest == second.digest != other.digest
    assert first.count(Action.UPDATE) == 2


def test_a_change_that_another_tool_reverts_says_so():
    tags = (("crossplane-kind", "addon.eks.aws.upbound.io"),)
    plan = planned(managed({"replicaCount": 2}, tags=tags), wants(replicaCount=3))
    assert ("managed-by", "warning") in rules(plan)
    assert plan.action is Action.UPDATE
    (finding,) = [one for one in plan.diagnostics if one.rule == "managed-by"]
    assert "reverts this change within minutes" in finding.summary
    assert "managed-by" not in {
        rule for rule, _ in rules(planned(managed({"replicaCount": 3}, tags=tags), wants(replicaCount=3)))
    }
