"""`eksdns prove` on simulated time: its plan, its question, its proof and its picture."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from eksaddon.app.probing.proof_report import ProofDocument, document, lines
from eksaddon.app.probing.prove import Proof, ProofPlan
from eksaddon.app.release import released_image
from eksaddon.domain.probing.figures import NOTHING
from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.domain.probing.proof import Deletion, PodLoss
from eksaddon.domain.probing.verdict import Judgement, ProbeWord
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.domain.termination import SECOND, TerminationSettings
from eksaddon.ports.probes import ProbeReading
from tests.support.report.validating import check_document
from tests.support.simulation import fleet_of
from tests.support.walkthrough import NINE, Shell, shell

FLEET = 'version: 1\naccounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]\n'
SCENARIO = """
version: 1
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
documents: {plain: '{"replicaCount":2}'}
clusters:
  - {name: prod, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain, workload: WORKLOAD}
"""
PROVE = ("prove", "--cluster", "prod", "--image", "x", "--yes")
Open = Callable[..., Shell]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    shells = []

    def start(workload: str = "{}") -> Shell:
        (tmp_path / "fleet.yaml").write_text(FLEET)
        (tmp_path / "scenario.yaml").write_text(SCENARIO.replace("WORKLOAD", workload))
        entered = shell(tmp_path / "fleet.yaml", tmp_path / "scenario.yaml")
        shells.append(entered)
        return entered.__enter__()

    yield start
    for each in shells:
        each.__exit__(None, None, None)


def test_a_restart_without_loss_is_proven_pod_by_pod(opened: Open) -> None:
    code, text = opened().type(*PROVE)
    assert code == 0, text
    assert "pods to replace: 2" in text
    assert "pass: no lookup was lost" in text
    assert text.count(": deleted after") == 2
    assert "propagation: at most" in text


def test_lost_lookups_are_reported_with_the_picture(opened: Open) -> None:
    code, text = opened("{dns: {lostOnChange: 7}}").type(*PROVE, "--svg", "proof.svg")
    assert code == 1, text
    assert "fail: lookups were lost" in text
    assert "node-1: 7 lost between" in text
    picture = Path("proof.svg").read_text()
    ET.fromstring(picture)
    assert picture.count('class="pod"') == 2
    assert picture.count('class="lost"') == 2, "the legend's, and the second of the restart"
    assert picture.count('class="good"') > 15
    assert text.count(" s later") == 2


def test_the_document_is_as_published(opened: Open) -> None:
    code, text = opened("{dns: {lostOnChange: 7}}").type(*PROVE, "-o", "json")
    printed = json.loads(text[text.index("{") :])
    check_document(printed, ProofDocument)
    assert (code, printed["lost"], len(printed["pods"])) == (1, 7, 2)
    assert sum(each["lost"] for each in printed["losses"]) == 7
    assert [each["afterSeconds"] for each in printed["seconds"] if each["lost"]] == [0]
    assert sum(each["asked"] for each in printed["seconds"]) == printed["asked"]


@pytest.mark.parametrize(
    ("workload", "said"),
    [
        ("{dns: {answers: false}}", "before the restart: no reply of any kind arrived"),
        ("{dns: {lostBefore: 2}}", "before the restart: 2 of 500 lookups failed"),
        ("{dns: {late: 0.5}}", "not sent in time"),
    ],
)
def test_nothing_is_restarted_where_lookups_cannot_be_measured(
    opened: Open, workload: str, said: str
) -> None:
    here = opened(workload)
    code, text = here.type(*PROVE)
    assert (code, said in text) == (3, True), text
    assert here.world.workload(here.world.clusters()[0].ref).changes == 0


@pytest.mark.parametrize(
    ("workload", "code", "said"),
    [
        ("{api: no-entry}", 1, "rejected the credentials"),
        ("{stuck: true}", 3, "nothing is proven"),
    ],
)
def test_a_cluster_that_cannot_be_restarted_is_told_the_reason(
    opened: Open, monkeypatch: pytest.MonkeyPatch, workload: str, code: int, said: str
) -> None:
    monkeypatch.setattr(
        "eksaddon.app.probing.prove.MOST_SECONDS", 60.0
    )  # of 1,200, in which it looks 4,800 times
    ended, text = opened(workload).type(*PROVE)
    assert (ended, said in text) == (code, True), text


def test_it_asks_first_and_needs_an_image(opened: Open) -> None:
    here = opened()
    code, text = here.type(*PROVE[:-1])
    assert "cannot ask for confirmation" in text
    assert code != 0
    code, text = here.type("prove", "--cluster", "prod", "--yes")
    assert (code, "is not a release and has none" in text) == (64, True)
    code, text = here.type(*PROVE, "--svg", "missing/proof.svg")
    assert (code != 0, "missing/proof.svg" in text) == (True, True)
    assert here.world.workload(here.world.clusters()[0].ref).changes == 0


def measured(seconds: float) -> Proof:
    """A restart whose lost lookups met the end of a pod."""
    target = Target(ClusterRef("111122223333", "eu-west-1", "a"), "shop")
    plan = ProofPlan(target, ProbeGate(), TerminationSettings(0, (5 * SECOND,), 30), ())
    losses = (PodLoss("node-1", "coredns-1", 9, NINE, NINE + seconds, seconds),)
    judged = Judgement(ProbeWord.FAIL, ("9 of 900 lookups failed",))
    return Proof(plan, judged, ProbeReading(NOTHING), NINE, (Deletion("coredns-1", NINE),), losses)


@pytest.mark.parametrize(("seconds", "propagation"), [(10.04, "10.1 s"), (3.0, "3 s"), (0.31, "0.4 s")])
def test_the_measured_propagation_is_an_override_that_the_fleet_file_takes_as_it_is(
    seconds: float, propagation: str
) -> None:
    proof = measured(seconds)
    (entry,) = [line.strip() for line in lines(proof) if line.startswith("    - ")]
    assert entry.endswith("# measured on 2026-01-01 by eksdns prove")
    fleet = fleet_of(f"version: 1\ncoredns: {{lameduck: 20s}}\noverrides:\n  {entry}\n")
    resolver = fleet.resolver(NINE)
    assert str(resolver.resolve(proof.plan.target).propagation) == f"{propagation} of propagation"
    elsewhere = resolver.resolve(Target(ClusterRef("111122223333", "eu-west-1", "b")))
    assert elsewhere.propagation.is_default
    published = document(proof)
    check_document(published, ProofDocument)
    assert json.loads(json.dumps(published["override"])) == json.loads(entry[2 : entry.index("  #")])


def test_without_a_lookup_that_met_an_ended_pod_there_is_no_override() -> None:
    assert document(replace(measured(1.0), losses=()))["override"] is None


TEN = "{dns: {}}"
SCALE = (*PROVE, "--scale-to", "0", "--test-cluster", "--confirm-name", "prod")


def replicas_of(here: Shell) -> tuple[int | None, str]:
    """What the last scaling set, and its record."""
    scaled = here.world.workload(here.world.clusters()[0].ref).scaled
    return (None, "") if scaled is None else (scaled.replicas, scaled.record)


def test_a_scaling_to_0_and_back_says_how_long_lookups_were_answered(opened: Open) -> None:
    here = opened("{scaler: {least: 2, most: 10}}")
    code, text = here.type(*SCALE, "--svg", "proof.svg")
    assert code == 1, text
    assert "from 2 to 0 replicas and back" in text
    assert "PodDisruptionBudget coredns (maxUnavailable 1) does not protect the pods" in text
    assert "autoscaler coredns: stops at 0 replicas" in text
    assert "after the scaling, lookups were answered for 5.0 s" in text
    assert "when no pod was left" in text
    assert "propagation" not in text
    assert replicas_of(here) == (2, "")
    assert "restored" in Path("proof.svg").read_text()


def test_the_document_has_the_scaling(opened: Open) -> None:
    code, text = opened().type(*SCALE, "-o", "json")
    printed = json.loads(text[text.index("{\n") :])
    check_document(printed, ProofDocument)
    scaling = printed["scaling"]
    assert (code, scaling["before"], scaling["to"], scaling["answeredForSeconds"]) == (1, 2, 0, 5.0)
    assert scaling["restoredAfterSeconds"] >= 5.0


def test_a_scaling_to_1_leaves_a_pod_that_answers(opened: Open) -> None:
    here = opened()
    code, text = here.type(*PROVE, "--scale-to", "1", "--test-cluster", "--confirm-name", "prod")
    assert code == 0, text
    assert text.count(": deleted after") == 1
    assert "1 pod is left" in text
    assert replicas_of(here) == (2, "")


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--scale-to", "0"), 64, "if it is a test cluster, add --test-cluster"),
        (("--scale-to", "0", "--test-cluster"), 5, "run again with --confirm-name prod"),
        (("--scale-to", "0", "--test-cluster", "--confirm-name", "lab"), 5, "the cluster is prod"),
        (("--scale-to", "2", "--test-cluster", "--confirm-name", "prod"), 5, "does not lower them"),
    ],
)
def test_nothing_is_scaled_without_the_flag_and_the_name_of_the_cluster(
    opened: Open, options: tuple[str, ...], code: int, said: str
) -> None:
    here = opened()
    ended, text = here.type(*PROVE, *options)
    assert (ended, said in text) == (code, True), text
    assert replicas_of(here) == (None, "")


@pytest.mark.parametrize("workload", ["{dns: {answers: false}}", "{dns: {late: 0.5}}"])
def test_nothing_is_scaled_where_lookups_cannot_be_measured(opened: Open, workload: str) -> None:
    here = opened(workload)
    code, text = here.type(*SCALE)
    assert (code, "before the scaling" in text) == (3, True), text
    assert replicas_of(here) == (None, "")


IMAGE = f"ghcr.io/eksdns/eksdns@sha256:{'a' * 64}"


def test_a_release_uses_its_own_image(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eksaddon.cli.probing.cluster_probe.released_image", lambda: IMAGE)
    code, text = opened().type("prove", "--cluster", "prod", "--yes")
    assert (code, f"image {IMAGE}" in text) == (0, True), text


@pytest.mark.parametrize(
    ("text", "image"),
    [(f"{IMAGE}\n", IMAGE), ("ghcr.io/eksdns/eksdns:1.0\n", ""), ("@sha256:", ""), ("", "")],
)
def test_only_a_digest_names_the_image_of_a_release(
    text: str, image: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "image").write_text(text)
    monkeypatch.setattr("eksaddon.app.release.files", lambda _: tmp_path)
    assert released_image() == image
    (tmp_path / "image").unlink()
    assert released_image() == ""
