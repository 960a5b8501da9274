"""Commands of a verdict can be copied."""

from eksaddon.domain.audit.verdict import AuditWord, Grade, Level, Reason, Source, Verdict
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.target import ClusterRef
from eksaddon.rules.audit.commands import for_cluster, general, named, with_name

REF = ClusterRef("111122223333", "eu-west-1", "prod")


def test_commands_have_the_cluster_and_its_region() -> None:
    fix = "`eksdns adopt --cluster NAME`, then `eksdns plan --cluster NAME --grace 45s`"
    reason = Reason(
        Severity.ERROR, "one-replica", "one pod", fix, level=Level.HIGH, sources=(Source("a guide"),)
    )
    found = for_cluster(Verdict(AuditWord.AT_RISK, Grade.D, (reason,), fix), REF)
    expected = (
        "`eksdns adopt --cluster 111122223333/eu-west-1/prod`, "
        "then `eksdns plan --cluster 111122223333/eu-west-1/prod --grace 45s`"
    )
    assert found.first == expected
    assert [one.detail for one in found.reasons] == [expected]
    assert (found.word, found.grade) == (AuditWord.AT_RISK, Grade.D)


def test_findings_without_a_command_stay_the_same_object() -> None:
    silent = (Diagnostic(Severity.INFO, "silent", "nothing to run"),)
    assert named(silent, REF) is silent
    (first, second) = named((*silent, Diagnostic(Severity.INFO, "run", "it", "run --cluster NAME")), REF)
    assert (first, second.detail) == (silent[0], "run --cluster 111122223333/eu-west-1/prod")


def test_a_command_can_be_made_general_again() -> None:
    text = "run --cluster NAME, then --cluster NAME --live"
    assert general(with_name(text, REF), REF) == text
