"""reload-sleeps: up to CoreDNS 1.9.3, a reload sleeps for the whole lameduck."""

from collections.abc import Iterator

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.rules.facts import Facts, Finding

RULE = "reload-sleeps"
LAST_AFFECTED = (1, 9, 3)


def reload_sleeps(facts: Facts) -> Iterator[Finding]:
    """All pods become unready at the same time (source: coredns/coredns#5471, fixed by #5472)."""
    if facts.corefile is None or facts.coredns is None or facts.coredns > LAST_AFFECTED:
        return
    before, after = sum(facts.corefile.lameducks_before), sum(facts.corefile.lameducks)
    if "corefile" not in facts.touched or after <= before:
        return
    version = ".".join(str(part) for part in facts.coredns)
    yield Finding(
        Diagnostic(
            Severity.WARNING,
            RULE,
            f"CoreDNS {version} waits for the lameduck on every reload while all pods are unready",
            "upgrade the add-on to CoreDNS 1.10.1 or later before raising lameduck",
        )
    )
