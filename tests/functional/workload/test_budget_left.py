"""`podDisruptionBudget: {enabled: false}`: EKS leaves the budget, and every verb says so."""

from dataclasses import replace
from pathlib import Path

from tests.support.proof import SHOP, ask, stage, word

FLEET = """
version: 1
coredns: {podDisruptionBudget: {enabled: false}, allowWeaken: true}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""
SAYS = "EKS leaves the PodDisruptionBudget coredns in place: `enabled: false` does not delete an existing one"
COMMAND = (
    "`kubectl -n kube-system delete poddisruptionbudget coredns` deletes it after the update; "
    "so does --remove-disabled-budget (fleet file: workload.removeDisabledBudget)"
)
DRIFT = ("drift", "--cluster", "shop", "--live", "-q", "-o", "json")


def said(document: object) -> list[tuple[object, object, object]]:
    assert isinstance(document, dict)
    (cluster,) = document["clusters"]
    return [
        (each["severity"], each["summary"], each["detail"])
        for each in cluster["diagnostics"]
        if each["rule"] == "pdb-left"
    ]


def test_a_disabled_budget_is_drift_until_a_user_deletes_it(tmp_path: Path) -> None:
    with stage(tmp_path, fleet=FLEET) as here:
        document = ask(here, "plan", "--cluster", "shop", "--live", "-q", "-o", "json")[1]
        assert said(document) == [("warning", SAYS, COMMAND)]
        assert ask(here, "apply", "--cluster", "shop", "--yes", "-q", "-o", "json")[0] == 0
        code, document = ask(here, *DRIFT)
        assert (code, word(document), said(document)) == (0, "drifted", [("warning", SAYS, COMMAND)])
        here.world.change(SHOP, lambda addon: replace(addon, left_budget=None))  # as kubectl delete does
        code, document = ask(here, *DRIFT)
        assert (code, word(document), said(document)) == (0, "inSync", [])


def test_a_plan_that_does_not_read_the_cluster_says_what_eks_leaves(tmp_path: Path) -> None:
    with stage(tmp_path, fleet=FLEET) as here:
        text = here.type("plan", "--cluster", "shop", "--no-live")[1]
        assert "EKS leaves the PodDisruptionBudget coredns in place" in text
        assert "delete poddisruptionbudget coredns" in text
