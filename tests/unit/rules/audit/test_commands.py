"""Commands of a verdict can be copied."""

from eksaddon.domain.audit.verdict import AuditWord, Grade, Level, Reason, Source, Verdict
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.target import ClusterRef
from eksaddon.rules.audit.commands import for_cluster

REF = ClusterRef("111122223333", "eu-west-1", "prod")


def test_commands_have_the_cluster_and_its_region() -> None:
    fix = "`eksdns adopt --cluster NAME`, then `eksdns plan --cluster NAME --grace 45s`"
    reason = Reason(
        Severity.ERROR, "one-replica", "one pod", fix, level=Level.HIGH, sources=(Source("a guide"),)
    )
    found = for_cluster(Verdict(AuditWord.AT_RISK, Grade.D, (reason,), fix), REF)
    expected = (
        "`eksdns adopt --cluster prod --region eu-west-1`, "
        "then `eksdns plan --cluster prod --region eu-west-1 --grace 45s`"
    )
    assert found.first == expected
    assert [one.detail for one in found.reasons] == [expected]
    assert (found.word, found.grade) == (AuditWord.AT_RISK, Grade.D)
