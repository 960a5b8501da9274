"""Plans that move the version of the add-on, and what they say about it."""

import json
from dataclasses import replace

import pytest

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.corefile.desired import DesiredCorefile
from eksaddon.domain.desired import Consent, DesiredState
from eksaddon.domain.observed import Managed
from eksaddon.domain.plan import Action, ClusterPlan
from eksaddon.domain.target import Target
from eksaddon.domain.versions.desired import ExactVersion
from eksaddon.domain.versions.offered import Offered, VersionList, VersionMove
from eksaddon.domain.workload import NotChecked, Workload
from eksaddon.plan.fleet import Planner, plan_fleet
from eksaddon.plan.verify import contradictions
from eksaddon.plan.version.move import version_changes, version_findings
from eksaddon.schema import packaged_schema
from tests.support.planner import COREFILE, REF, STORED, TARGET

OLD, NEW = "v1.11.4-eksbuild.28", "v1.14.7-eksbuild.10"
SEEN = Workload(2, 30, 0, COREFILE, (1, 34))
OFFERED = Offered(VersionList("1.34", (NEW, OLD), NEW), VersionList("1.33", (NEW, OLD), OLD))


def planned(
    values: object = STORED,
    installed: str = OLD,
    wanted: str = NEW,
    workload: Workload | NotChecked = SEEN,
    **desired: object,
) -> ClusterPlan:
    text = values if isinstance(values, str) or values is None else json.dumps(values)
    schema = packaged_schema(wanted)
    planner = Planner({wanted: schema} if schema else {}, versions={REF: OFFERED})
    state = DesiredState(version=ExactVersion(wanted), **desired)  # type: ignore[arg-type]  # by name
    return planner.plan(TARGET, Managed(REF, installed, "ACTIVE", text), state, workload)


def found(plan: ClusterPlan, rule: str) -> list[str]:
    return [one.summary for one in plan.diagnostics if one.rule == rule]


def test_a_move_sends_the_version_with_the_stored_document_as_it_is() -> None:
    plan = planned('{"replicaCount": 2}\n')
    assert (plan.action, plan.reason) == (Action.UPDATE, "1 change")
    assert plan.write is not None
    assert (plan.write.version, plan.write.text) == (NEW, '{"replicaCount": 2}\n')
    assert (plan.move, plan.planned_version, plan.version) == (VersionMove(OLD, NEW), NEW, OLD)


def test_an_addon_without_configuration_gets_an_empty_document() -> None:
    plan = planned(None)
    assert plan.write is not None
    assert plan.write.text == "{}"


def test_a_plan_without_a_move_plans_its_version() -> None:
    plan = planned(installed=NEW)
    assert (plan.action, plan.move, plan.planned_version) == (Action.IN_SYNC, None, NEW)


def test_a_value_that_only_the_new_schema_refuses_is_distinguished() -> None:
    plan = planned({**STORED, "podDisruptionBudget": {"maxUnavailable": "33.3%"}})
    (error,) = [one for one in plan.diagnostics if one.rule == "schema"]
    assert plan.action is Action.BLOCKED
    assert error.detail == f"required by the schema of {NEW}; {OLD} accepts it"


def test_a_value_that_both_schemas_refuse_is_not() -> None:
    plan = planned({**STORED, "replicaCount": "two"})
    (error,) = [one for one in plan.diagnostics if one.rule == "schema"]
    assert error.detail == f"required by the schema of {NEW}"


def test_a_key_that_the_target_lost_is_refused_and_named() -> None:
    older = "v1.9.3-eksbuild.2"
    offered = Offered(VersionList("1.27", (older,)), VersionList("1.26"))
    schema = packaged_schema(older)
    assert schema is not None
    planner = Planner({older: schema}, versions={REF: offered})
    state = DesiredState(version=ExactVersion(older), consent=Consent(downgrade=True))
    stored = {**STORED, "podDisruptionBudget": {"enabled": True}}
    plan = planner.plan(TARGET, Managed(REF, OLD, "ACTIVE", json.dumps(stored)), state, SEEN)
    assert plan.action is Action.BLOCKED
    (lost,) = [one for one in plan.diagnostics if one.rule == "version-keys"]
    assert "podDisruptionBudget" in lost.summary
    assert lost.detail == "remove podDisruptionBudget from the configuration first"
    assert found(plan, "version-downgrade") == [f"{older} is a downgrade from {OLD}"]


def test_a_corefile_that_the_new_coredns_refuses_blocks_the_move() -> None:
    text = COREFILE.replace("    ready\n", "    ready\n    chaos CoreDNS {\n        odd\n    }\n")
    plan = planned({**STORED, "corefile": text}, workload=replace(SEEN, corefile=text))
    assert plan.action is Action.BLOCKED
    assert any(one.location is not None for one in plan.diagnostics)


def test_a_corefile_that_does_not_answer_on_the_new_probes_blocks_the_move() -> None:
    text = COREFILE.replace("    ready\n", "")
    plan = planned({**STORED, "corefile": text}, workload=replace(SEEN, corefile=text))
    assert plan.action is Action.BLOCKED
    assert found(plan, "probe-endpoints") == [
        "the Corefile has no `ready` on :8181, so new pods never become ready"
    ]


def test_the_live_objects_are_needed_for_a_move() -> None:
    plan = planned(workload=NotChecked("no access"))
    assert plan.action is Action.BLOCKED
    assert planned(workload=NotChecked("not to be read", is_chosen=True)).action is Action.UPDATE


def test_a_schema_that_is_not_live_is_reported_for_the_target() -> None:
    planner = Planner({NEW: Trouble(Cause.DENIED, "no")}, versions={REF: OFFERED})
    state = DesiredState(version=ExactVersion(NEW))
    plan = planner.plan(TARGET, Managed(REF, OLD, "ACTIVE", json.dumps(STORED)), state, SEEN)
    assert f"the live schema of {NEW} could not be read" in found(plan, "schema-not-live")[0]


def of(move: VersionMove | None, values: dict[str, object], *, back: bool = False) -> list[tuple[str, str]]:
    made = version_findings(move, values, allows_downgrade=back)  # type: ignore[arg-type]  # JSON
    return [(one.rule, one.summary) for one in made]


def test_nothing_is_said_without_a_move() -> None:
    assert of(None, {}) == []
    assert version_changes(None) == ()


@pytest.mark.parametrize(("budget", "is_said"), [(None, True), ({"enabled": False}, False), ({}, True)])
def test_a_budget_that_eks_creates_is_announced(budget: object, is_said: bool) -> None:
    values = {"corefile": COREFILE} | ({} if budget is None else {"podDisruptionBudget": budget})
    rules = [rule for rule, _ in of(VersionMove("v1.9.3-eksbuild.6", "v1.9.3-eksbuild.11"), values)]
    assert ("version-budget" in rules) is is_said


def test_a_default_corefile_that_is_not_known_is_announced_where_none_is_stored() -> None:
    move = VersionMove("v1.8.0-eksbuild.1", NEW)
    assert "version-default-corefile" in [rule for rule, _ in of(move, {})]
    assert "version-default-corefile" not in [rule for rule, _ in of(move, {"corefile": COREFILE})]


def test_a_coredns_whose_rules_are_not_known_is_reported() -> None:
    newer = VersionMove("v1.14.7-eksbuild.10", "v1.15.0-eksbuild.1")
    assert "version-unknown" in [rule for rule, _ in of(newer, {"corefile": COREFILE})]
    for known in ("v1.14.7-eksbuild.99", "not a version"):
        move = VersionMove("v1.14.3-eksbuild.3", known)
        assert "version-unknown" not in [rule for rule, _ in of(move, {"corefile": COREFILE})]
    same = VersionMove("v1.14.3-eksbuild.9", "v1.14.3-eksbuild.14")
    assert of(same, {}) == []


def test_a_version_of_unknown_form_brings_no_keys_and_needs_consent() -> None:
    move = VersionMove(OLD, "v2-odd")
    assert of(move, {"corefile": COREFILE}) == [("version-downgrade", f"v2-odd is a downgrade from {OLD}")]


def test_a_saved_plan_with_a_move_is_verified_with_the_target_version() -> None:
    schema = packaged_schema(NEW)
    assert schema is not None
    state = DesiredState(version=ExactVersion(NEW))
    rows = [(Target(REF), Managed(REF, OLD, "ACTIVE", json.dumps(STORED)), SEEN)]
    plan = plan_fleet(rows, lambda _: state, Planner({NEW: schema}, versions={REF: OFFERED}), now=1.0)
    assert plan.clusters[0].action is Action.UPDATE
    assert list(contradictions(plan)) == []
    (cluster,) = plan.clusters
    assert cluster.write is not None
    for version in ("", "v1.13.2-eksbuild.21"):
        other = replace(cluster, write=replace(cluster.write, version=version))
        assert list(contradictions(replace(plan, clusters=(other,))))


IGNORED = COREFILE.replace("    ready\n", "    ready {\n        odd\n    }\n")
BEFORE = "v1.14.3-eksbuild.14"


def test_an_option_without_effect_that_the_new_version_refuses_is_removed_with_the_reason() -> None:
    seen = replace(SEEN, corefile=IGNORED)
    plan = planned({**STORED, "corefile": IGNORED}, installed=BEFORE, workload=seen)
    assert plan.action is Action.UPDATE
    assert plan.write is not None
    corefile = json.loads(plan.write.text)["corefile"]
    assert "odd" not in corefile
    assert [one.path for one in plan.changes] == ["addonVersion", 'corefile[".:53"].ready']
    (reason,) = found(plan, "corefile-fitted")
    assert reason == "the Corefile is edited for CoreDNS 1.14.7, which refuses it: Remove `odd`"


def test_a_corefile_of_the_fleet_file_is_not_edited() -> None:
    schema = packaged_schema(NEW)
    planner = Planner({NEW: schema} if schema else {}, versions={REF: OFFERED})
    by_key = DesiredState(version=ExactVersion(NEW), values={"corefile": IGNORED})
    by_text = DesiredState(version=ExactVersion(NEW), corefile=DesiredCorefile(text=IGNORED))
    for state in (by_key, by_text):
        plan = planner.plan(TARGET, Managed(REF, BEFORE, "ACTIVE", json.dumps(STORED)), state, SEEN)
        assert plan.action is Action.BLOCKED
        assert found(plan, "corefile-fitted") == []


def test_changes_of_behaviour_are_notes() -> None:
    plan = planned(installed=BEFORE)
    notes = [one for one in plan.diagnostics if one.rule == "changed-meaning"]
    assert notes
    assert plan.action is Action.UPDATE
