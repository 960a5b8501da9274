"""An adoption for a terminal."""

from dataclasses import replace

import pytest

from eksaddon.domain.adoption import Adoption, Taken
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.run.outcome import Changed, Failed, Outcome, RolledBack, Stale, UnreachableTarget
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.report.adoption import adoption_table, ending_table
from eksaddon.report.documents.adoption import adoption_document
from eksaddon.report.model.options import RenderOptions

COREFILE = ".:53 {\n    health {\n        lameduck 5s\n    }\n}\n"
PLAN = Adoption(
    target=Target(ClusterRef("111122223333", "eu-west-1", "prod")),
    kubernetes="1.33",
    version="v1.12.4-eksbuild.18",
    text="{}",
    corefile=COREFILE,
    live_corefile=COREFILE,
    replicas=2,
    resolve_conflicts=ResolveConflicts.NONE,
    fingerprint="f",
    values={"replicaCount": 2, "computeType": "fargate"},
    takes=(
        Taken("Deployment spec.template.spec.containers[name=coredns].image", "kubectl", "a:1", "b:2"),
        Taken("Deployment spec.replicas", "", 2, 3),
        Taken("Deployment spec.template.spec.tolerations", "kubectl", [], []),
    ),
    diagnostics=(
        Diagnostic(Severity.INFO, "adopt-added", "news", "more"),
        Diagnostic(Severity.WARNING, "adopt-stays", "careful"),
    ),
)


def lines(plan: Adoption = PLAN, width: int = 100, *, unicode: bool = True) -> list[str]:
    return adoption_table(plan, RenderOptions(width, unicode=unicode)).splitlines()


def test_a_plan_says_what_is_carried_over_what_changes_and_what_only_changes_hands() -> None:
    size = len(COREFILE)
    assert lines() == [
        "+ to adopt · 111122223333/eu-west-1/prod · v1.12.4-eksbuild.18, Kubernetes 1.33",
        "    configuration",
        "      replicaCount  2",
        "      computeType   fargate",
        f"      corefile      identical to the live Corefile · {size} bytes",
        "    Fields that EKS takes over and changes",
        "      Deployment container.image, managed by kubectl",
        "        a:1 → b:2",
        "      Deployment spec.replicas",
        "        2 → 3",
        "    Fields that EKS takes over unchanged",
        "      Deployment pod.tolerations",
        "    ! warning: careful [adopt-stays]",
        "    i info: news [adopt-added]",
        "      more",
    ]


def test_an_edited_corefile_is_shown_as_a_difference() -> None:
    after = COREFILE.replace("5s", "9s")
    takes = (Taken("ConfigMap data.Corefile", "kubectl", COREFILE, after),)
    found = lines(replace(PLAN, corefile=after, takes=takes))
    assert "        -         lameduck 5s" in found
    assert "        +         lameduck 9s" in found
    assert "        changed as shown above" in found
    assert not any("takes over unchanged" in line for line in found)


def test_a_blocked_adoption_is_shown_first_and_has_no_document() -> None:
    error = Diagnostic(Severity.ERROR, "adopt-no-corefile", "no Corefile")
    found = lines(replace(PLAN, text="", kubernetes="", diagnostics=(*PLAN.diagnostics, error)))
    assert found[0] == "x blocked · 111122223333/eu-west-1/prod · v1.12.4-eksbuild.18"
    assert found[1].strip() == "✗ error: no Corefile [adopt-no-corefile]"


@pytest.mark.parametrize("width", [40, 80, 120])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    taken = Taken("Deployment spec.replicas", "x" * 90, "y" * 90, "z" * 90)
    long = replace(PLAN, values={"podLabels": {"team": "n" * 300}}, takes=(taken,))
    assert max(map(len, lines(long, width))) <= width


def test_text_of_other_users_cannot_act_on_the_terminal() -> None:
    evil = "\x1b[31m\u202e"
    taken = Taken("ConfigMap data.Corefile", evil, evil, f"{evil}x")
    plan = replace(PLAN, values={evil: evil}, takes=(taken,), corefile=f"{evil}\n", live_corefile="a\n")
    text = "".join(lines(plan, unicode=False)) + ending_table(evil, Stale(evil), [evil], RenderOptions())
    assert "\x1b" not in text
    assert "\u202e" not in text


TROUBLE = Trouble(Cause.CONFLICT, "in the way:\nDeployment x")


@pytest.mark.parametrize(
    ("outcome", "first"),
    [
        (Changed(""), "adopted: prod"),
        (RolledBack(""), "rolled back: prod"),
        (Failed(TROUBLE), "failed: prod"),
        (UnreachableTarget(TROUBLE), "unreachable: prod"),
        (Stale("moved"), "nothing was written: prod"),
    ],
)
def test_an_ending_has_a_word_of_its_own(outcome: Outcome, first: str) -> None:
    assert ending_table("prod", outcome, (), RenderOptions()).splitlines()[0] == first


def test_a_failure_keeps_the_lines_of_its_reason_and_says_what_is_there() -> None:
    found = ending_table("prod", Failed(TROUBLE), ["all as it was"], RenderOptions()).splitlines()
    assert found[1:3] == ["    in the way:", "    Deployment x"]
    assert found[-1] == "    i now: all as it was"


def test_the_document_holds_the_ending_too() -> None:
    document = adoption_document(PLAN, "f.json", Failed(TROUBLE), ["x"])
    assert (document["outcome"], document["cause"], document["there"]) == (
        "failed",
        "configuration-conflict",
        ["x"],
    )
    assert (document["savedTo"], document["action"]) == ("f.json", "adopt")
