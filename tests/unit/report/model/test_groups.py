"""Clusters with the same finding are one group, although each has its own command."""

from dataclasses import replace

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.run.result import WaveResult
from eksaddon.domain.target import ClusterRef
from eksaddon.report.model.groups import grouped
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.states import Kind
from eksaddon.report.model.text import short_names, wave_terms
from eksaddon.rules.audit.commands import with_name

FIX = "`eksdns emit terraform --cluster NAME` prints it"


def entry(name: str, fix: str = FIX) -> Entry:
    ref = ClusterRef("111122223333", "eu-west-1", name)
    text = with_name(fix, ref)
    found = Diagnostic(Severity.WARNING, "managed-by", "Terraform manages it", text)
    return Entry(ref=ref, state="weak", reason="grade C", grade="C", hint=text, diagnostics=(found,))


def model(*entries: Entry) -> ReportModel:
    return ReportModel(Kind.AUDIT, "2026-01-01T00:00:00Z", entries)


def test_a_finding_with_a_command_is_shown_once_with_an_example() -> None:
    (group,) = grouped(model(*(entry(f"shop-{number}") for number in range(3))))
    (finding,) = group.findings()
    assert len(finding.entries) == 3
    example = "for example: `eksdns emit terraform --cluster 111122223333/eu-west-1/shop-0` prints it"
    assert (finding.diagnostic.detail, group.hint) == (example, example)


def test_the_command_of_one_cluster_is_no_example() -> None:
    (group,) = grouped(model(entry("shop")))
    (finding,) = group.findings()
    command = "`eksdns emit terraform --cluster 111122223333/eu-west-1/shop` prints it"
    assert (finding.diagnostic.detail, group.hint) == (command, command)


def test_different_advice_is_in_different_groups() -> None:
    assert len(grouped(model(entry("shop"), entry("web", "upgrade it")))) == 2


def test_the_versions_of_a_group_leave_no_cluster_out() -> None:
    old, new = replace(entry("old"), version="v1.8.7"), replace(entry("new"), version="v1.11.4")
    found = [grouped(model(*entries))[0].versions for entries in ((old,), (new, old), (new, entry("none")))]
    assert found == ["v1.8.7", "between v1.8.7 and v1.11.4", "v1.11.4, 1 without a version"]


def test_a_reason_does_not_name_its_wave_again():
    assert wave_terms(WaveResult("canary", "failed", 1, 1, reason="wave canary: probe: lost")) == (
        "1 in parallel, probe: lost"
    )
    assert wave_terms(WaveResult("canary", "skipped", 0, reason="wave canary: empty")) == "empty"


def test_clusters_of_one_name_are_told_apart():
    one, other = entry("shop"), entry("other")
    two = replace(one, ref=replace(one.ref, region="us-east-1"))
    assert short_names([one, other], [one, two, other]) == ["111122223333/eu-west-1/shop", "other"]
