"""corefile-frozen: a stored Corefile no longer follows EKS's defaults."""

from collections.abc import Iterator

from eksaddon.domain.basis import CorefileBase
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.rules.facts import Facts, Finding

RULE = "corefile-frozen"

WHERE_FROM = {
    CorefileBase.PACKAGED: "EKS's default for this version, as packaged with eksdns",
    CorefileBase.INFERRED: (
        "EKS's default of the nearest known versions (the one of this version is not published)"
    ),
    CorefileBase.LIVE: "the live ConfigMap",
}


def corefile_frozen(facts: Facts) -> Iterator[Finding]:
    origin = WHERE_FROM.get(facts.base)
    if origin is None or "corefile" not in facts.touched:
        return
    is_default = facts.base in {CorefileBase.PACKAGED, CorefileBase.INFERRED}
    yield Finding(
        Diagnostic(
            Severity.WARNING,
            RULE,
            f"the Corefile is based on {origin}; once stored, it no longer follows EKS's defaults",
            "compare it with the live ConfigMap first: manual edits there would be lost"
            if is_default
            else "",
        )
    )
