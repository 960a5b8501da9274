"""`init`: the plan right after it shows no change, and a goal only strengthens."""

import pytest

from eksaddon.app.fleet.plan import Seen
from eksaddon.app.initial.cover import Criteria
from eksaddon.app.initial.derive import Derived, Override
from eksaddon.app.initial.facts import Unmanaged, facts_of
from eksaddon.app.initial.goal import Goal, GoalName, goal_of, raised, with_own
from eksaddon.app.initial.initial import Initial
from eksaddon.app.initial.scope import Scope
from eksaddon.app.initial.text import fleet_text
from eksaddon.config.load import parse_fleet
from eksaddon.domain.observed import Managed
from eksaddon.domain.plan import Action
from eksaddon.domain.propagation import DEFAULT_NS
from eksaddon.domain.termination import SECOND
from eksaddon.domain.workload import Workload
from eksaddon.observe.snapshot import Observation
from tests.support.first_hour.initial import generated, read
from tests.support.fleets import target
from tests.support.paths import ROOT

SCENARIOS = (
    *sorted((ROOT / "eksaddon" / "sim" / "scenarios").glob("*.yaml")),
    *sorted((ROOT / "configs" / "scenarios").glob("*.yaml")),
)
SPREAD = """
version: 1
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1], roles: {r: {}}}]
documents: {three: '{"replicaCount": 3}', six: '{"replicaCount": 6}'}
clusters:
  - {name: "dev-{n}", count: 6, region: eu-west-1, document: three, liveReplicas: 3}
  - {name: "prod-{n}", count: 2, region: eu-west-1, document: six, liveReplicas: 6}
"""
GOALS = [goal_of(name, DEFAULT_NS) for name in GoalName]


def changes_nothing(found: Initial) -> bool:
    return not any(one.writes or one.changes for one in found.plan.clusters)


def only_strengthens(found: Initial, seen: Seen) -> bool:
    live = {one.target: one.workload for one in seen.observations}
    for one in found.plan.clusters:
        if one.weakens or any(finding.rule == "weakens-dns" for finding in one.diagnostics):
            return False
        wanted = [change.after for change in one.changes if change.path == "replicaCount"]
        workload = live[one.target]
        if any(
            isinstance(workload, Workload) and isinstance(count, int) and count < workload.replicas
            for count in wanted
        ):
            return False
    return True


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(
            path, id=path.stem, marks=() if path.stem in {"demo", "unreachable"} else pytest.mark.slow
        )
        for path in SCENARIOS
    ],
)
def test_a_plan_after_init_shows_no_change_on_every_shipped_scenario(path):
    fleet = read(path.read_text().replace("clusters: 1000", "clusters: 60"))
    found = fleet.initial()
    assert found.clusters == sum(isinstance(one.observed, Managed) for one in fleet.seen.observations)
    assert changes_nothing(found)
    assert fleet.writes(found.text) == []
    for goal in GOALS:
        assert only_strengthens(fleet.initial(goal), fleet.seen)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_a_plan_after_init_shows_no_change_and_goals_only_strengthen_on_200_generated_fleets(part):
    strengthened = 0
    for seed in range(part * 20, part * 20 + 20):
        fleet = read(generated(seed))
        found = fleet.initial()
        assert changes_nothing(found), seed
        for goal in GOALS:
            stronger = fleet.initial(goal)
            assert only_strengthens(stronger, fleet.seen), seed
            strengthened += sum(one.action is Action.UPDATE for one in stronger.plan.clusters)
        assert seed % 20 or fleet.writes(found.text) == [], seed
    assert strengthened > 20


def test_the_file_names_most_common_values_once_and_exceptions_by_few_matches():
    found = read(SPREAD).initial()
    assert "  replicaCount: 3  # 6 of 8 clusters\n" in found.text
    assert "  lameduck: 5s  # 8 of 8 clusters\n" in found.text
    overrides = found.text.split("overrides:\n")[1]
    assert overrides == ('  - match: {cluster: "prod-*"}\n    coredns: {replicaCount: 6}\n')


@pytest.mark.parametrize(
    ("cluster", "reason"),
    [
        ("document: scaled", "the add-on's autoscaling sets the number of pods"),
        ("document: two, workload: {scaler: {least: 2, most: 5}}", "an autoscaler sets the number of pods"),
        ("document: two, workload: {api: no-entry}", "the number of running pods could not be read"),
    ],
)
def test_replicas_that_may_be_more_than_stored_are_not_managed(cluster, reason):
    fleet = read(
        f"""
        version: 1
        accounts: [{{id: "111122223333", name: shop, regions: [eu-west-1], roles: {{r: {{}}}}}}]
        documents:
          two: '{{"replicaCount": 2}}'
          scaled: '{{"autoScaling": {{"enabled": true, "minReplicas": 2, "maxReplicas": 9}}}}'
        clusters:
          - {{name: a, region: eu-west-1, addon: v1.13.2-eksbuild.21, {cluster}}}
        """
    )
    found = fleet.initial()
    assert found.unmanaged == {("shop/eu-west-1/a", "replicaCount"): reason}
    assert "replicaCount" not in found.text
    assert "replicaCount" not in fleet.initial(GOALS[0]).text


@pytest.mark.parametrize("stored", [None, '{"replicaCount": 2}'])
def test_more_pods_than_stored_are_never_lowered(stored):
    seen = Observation(
        target(),
        Managed(target().ref, "v1.13.2-eksbuild.21", "ACTIVE", stored),
        Workload(replicas=6, grace_seconds=30, pre_stop_seconds=0, corefile=None),
    )
    facts = facts_of(seen)
    assert facts is not None
    assert facts["replicaCount"] == Unmanaged("6 pods run, more than the add-on's configuration has")
    assert raised(seen, facts, GOALS[0])["replicaCount"] == facts["replicaCount"]


def test_a_goal_never_lowers_what_is_longer_and_sizes_the_grace_period():
    fleet = read(
        """
        version: 1
        accounts: [{id: "111122223333", name: shop, regions: [eu-west-1], roles: {r: {}}}]
        clusters:
          - name: long
            region: eu-west-1
            addon: v1.13.2-eksbuild.21
            workload: {settings: [{manager: kubectl-edit, grace: 120, preStop: 30}]}
          - {name: stock, region: eu-west-1, addon: v1.13.2-eksbuild.21}
        """
    )
    text = fleet.initial(goal_of(GoalName.RECOMMENDED, 20 * SECOND)).text
    assert "  lameduck: 40s  # 2 of 2 clusters\n" in text
    assert "{preStop: 30s, terminationGracePeriod: 120s}" in text
    assert "  terminationGracePeriod: 65s  # 1 of 2 clusters\n" in text


def test_own_values_go_before_those_of_a_named_goal():
    goal = with_own(goal_of(GoalName.RECOMMENDED, DEFAULT_NS), Goal(lameduck_ns=12 * SECOND))
    assert (goal.lameduck_ns, goal.pre_stop_seconds) == (12 * SECOND, 5)


@pytest.mark.parametrize("name", ["a\nclusters: []", "a\u0085b", "\u2028", "😀", "yes", "1e3", "x: y #z"])
def test_names_are_only_ever_names_in_the_file(name):
    override = Override(Criteria(clusters=(name,)), {"replicaCount": 3})
    text = fleet_text(Derived({}, (override,), {}, 1), Scope(), (f"Not read: {name}.",), 0.0)
    file = parse_fleet(text, "f.yaml")
    assert [one.match.clusters for one in file.overrides] == [(name,)]
