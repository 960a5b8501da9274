"""No hand edit of the live Corefile is lost unasked, and no update is sent that will fail on it."""

from dataclasses import replace

import pytest

from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.plan import Action, ClusterPlan
from eksaddon.domain.run.outcome import Changed, Failed
from eksaddon.sim.addon.lifecycle import Addon
from tests.functional.workload.test_two_planes import ACCOUNTS, REF, live, planned, writes
from tests.support.simulation import Simulation, right_before_the_update, simulate

MAIN = r".:53 {\n    errors\n    health {\n        lameduck 5s\n    }\n    ready\n%s    reload\n}\n"
HOSTS = r"    hosts {\n        10.1.2.3 db.corp\n        fallthrough\n    }\n"
EDITED = MAIN % HOSTS + r"corp.example:53 {\n    forward . 10.0.0.2\n}\n"
STORED = MAIN % ""
SCENARIO = """
    version: 1
    accounts: [{{id: "111122223333", name: shop, regions: [eu-west-1]}}]
    documents:
      none: {{values: {{replicaCount: 2}}}}
      stored: {{values: {{replicaCount: 2}}, corefile: "{stored}"}}
    clusters:
      - name: prod
        region: eu-west-1
        addon: v1.11.4-eksbuild.51
        document: {document}
        foreign: {{corefile: "{edited}"}}
"""
WANTED = "version: 1\ncoredns: {lameduck: 20s, resolveConflicts: %s%s}\n" + ACCOUNTS


def edited(document: str) -> Simulation:
    return simulate(SCENARIO.format(stored=STORED, edited=EDITED, document=document))


def only(simulation: Simulation, mode: str, more: str = "") -> ClusterPlan:
    (cluster,) = planned(simulation, WANTED % (mode, more)).clusters
    return cluster


def test_nothing_stored_yet_the_live_corefile_is_the_base() -> None:
    simulation = edited("none")
    (result,) = simulation.apply(planned(simulation, WANTED % ("overwrite", ""))).results
    assert isinstance(result.outcome, Changed)
    found = live(simulation).corefile or ""
    assert "lameduck 20s" in found
    assert "10.1.2.3 db.corp" in found
    assert "corp.example:53" in found


@pytest.mark.parametrize("mode", ["none", "preserve"])
@pytest.mark.parametrize("document", ["none", "stored"])
def test_an_update_that_will_not_come_into_force_is_blocked(mode: str, document: str) -> None:
    simulation = edited(document)
    cluster = only(simulation, mode, ", corefileBase: live")
    assert cluster.action is Action.BLOCKED
    assert "kubectl-edit" in cluster.reason
    assert writes(simulation) == []


def test_a_stored_corefile_that_was_edited_live_waits_for_a_choice() -> None:
    cluster = only(edited("stored"), "overwrite")
    assert cluster.action is Action.BLOCKED
    assert cluster.reason.startswith(
        "the live Corefile differs from the stored one (kubectl-edit set it on 20"
    )
    assert "--corefile-base stored" in cluster.diagnostics[0].detail or any(
        "--corefile-base stored" in one.detail for one in cluster.diagnostics
    )


def test_live_keeps_the_edits() -> None:
    simulation = edited("stored")
    plan = planned(simulation, WANTED % ("overwrite", ", corefileBase: live"))
    (result,) = simulation.apply(plan).results
    assert isinstance(result.outcome, Changed)
    found = live(simulation).corefile or ""
    assert "lameduck 20s" in found
    assert "corp.example:53" in found


def test_stored_drops_them_and_says_so() -> None:
    simulation = edited("stored")
    plan = planned(simulation, WANTED % ("overwrite", ", corefileBase: stored"))
    assert "corefile-edit-lost" in {one.rule for one in plan.clusters[0].diagnostics}
    (result,) = simulation.apply(plan).results
    assert isinstance(result.outcome, Changed)
    assert "corp.example" not in (live(simulation).corefile or "")


def test_the_live_corefile_is_the_proof() -> None:
    """Somebody edits right before the update: with preserve EKS stores what does not run."""
    foreign = f'        foreign: {{corefile: "{EDITED}"}}\n'
    whole = SCENARIO.format(stored=STORED, edited=EDITED, document="stored")
    simulation = simulate(whole.replace(foreign, ""))
    plan = planned(simulation, WANTED % ("preserve", ""))
    assert plan.clusters[0].action is Action.UPDATE
    text = EDITED.replace(r"\n", "\n")

    def edit(addon: Addon) -> Addon:
        live = replace(addon.live, keys={**addon.live.keys, "corefile": text})
        return replace(addon, live=live, foreign={"corefile": text})

    edited_since = right_before_the_update(simulation, lambda: simulation.world.change(REF, edit))
    (result,) = edited_since.apply(plan).results
    assert isinstance(result.outcome, Failed)
    assert "live ConfigMap" in result.outcome.trouble.message


OTHER_KEY = "version: 1\ncoredns: {replicaCount: 3, resolveConflicts: %s%s}\n" + ACCOUNTS


MET = [
    ("none", "none", "update-conflict"),
    ("none", "preserve", ""),
    ("none", "overwrite", "corefile-edited"),
    ("stored", "none", "update-conflict"),
    ("stored", "preserve", "update-not-in-force"),
    ("stored", "overwrite", "corefile-edited"),
]


@pytest.mark.parametrize(("document", "mode", "rule"), MET)
def test_an_update_of_another_key_meets_the_edit_too(document: str, mode: str, rule: str) -> None:
    simulation = edited(document)
    plan = planned(simulation, OTHER_KEY % (mode, ""))
    (cluster,) = plan.clusters
    errors = {one.rule for one in cluster.diagnostics if one.severity is Severity.ERROR}
    assert errors == ({rule} if rule else set())
    assert (cluster.action is Action.BLOCKED) is bool(rule)
    simulation.apply(plan)
    assert "corp.example" in (live(simulation).corefile or "")


@pytest.mark.parametrize("document", ["none", "stored"])
def test_it_is_dropped_when_told(document: str) -> None:
    simulation = edited(document)
    plan = planned(simulation, OTHER_KEY % ("overwrite", ", corefileBase: stored"))
    assert "corefile-edit-lost" in {one.rule for one in plan.clusters[0].diagnostics}
    (result,) = simulation.apply(plan).results
    assert isinstance(result.outcome, Changed)
    assert "corp.example" not in (live(simulation).corefile or "")
