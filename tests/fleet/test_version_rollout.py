"""200 clusters in six versions move to EKS's defaults in three waves, with a failure and a rollback."""

from collections import Counter

import pytest

from eksaddon.domain.plan import Action
from eksaddon.domain.run.outcome import Changed, Failed, RolledBack, Skipped
from eksaddon.domain.run.result import RunState
from eksaddon.rules.version.choice import is_downgrade
from eksaddon.schema import DEFAULT_VERSIONS
from tests.support.versions.rollout import CLUSTERS, PAGE, VERSIONS, Rollout, rolled_out, table, written


@pytest.fixture(scope="module")
def rollout() -> Rollout:
    return rolled_out()


def test_every_cluster_is_planned_into_one_of_three_waves(rollout: Rollout) -> None:
    assert Counter(one.action for one in rollout.plan.clusters) == {Action.UPDATE: CLUSTERS}
    assert Counter(one.wave for one in rollout.plan.clusters) == {"canary": 10, "early": 60, "rest": 130}
    assert {one.version for one in rollout.plan.clusters} == set(VERSIONS)


def test_the_failure_rolls_back_its_wave_and_starts_no_other(rollout: Rollout) -> None:
    before, middle = rollout.stages[0], rollout.stages[1]
    result = middle.result
    assert result is not None
    assert result.state is RunState.ROLLED_BACK
    for one in result.results:
        ref, now = one.plan.target.ref, middle.versions[one.plan.target.ref]
        match one.plan.wave:
            case "canary":
                assert isinstance(one.outcome, Changed)
                assert now == one.plan.planned_version
            case "early":
                assert isinstance(one.outcome, RolledBack | Failed | Skipped)
                assert now == before.versions[ref]
            case _:
                assert isinstance(one.outcome, Skipped)
                assert now == before.versions[ref]


def test_a_rollback_restores_the_document_with_the_version(rollout: Rollout) -> None:
    for one in rollout.plan.clusters:
        addon = rollout.simulation.world.addon(one.target.ref)
        assert addon is not None
        assert one.write is not None
        assert addon.stored.text == one.write.before
        for each in addon.updates:
            sent = dict(each.params)
            assert {"AddonVersion", "ConfigurationValues"} <= sent.keys()


def test_the_next_run_moves_every_cluster_to_its_default_and_none_back(rollout: Rollout) -> None:
    before, after = rollout.stages[0].versions, rollout.stages[2]
    result = after.result
    assert result is not None
    assert result.state is RunState.SUCCEEDED
    kubernetes = {one.ref: one.kubernetes for one in rollout.simulation.world.clusters()}
    assert after.versions == {ref: DEFAULT_VERSIONS[kubernetes[ref]] for ref in before}
    assert not [ref for ref, was in before.items() if is_downgrade(was, after.versions[ref])]


def test_the_documentation_has_these_figures(rollout: Rollout) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page, table(rollout))
