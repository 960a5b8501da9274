"""reload-deadlock: up to CoreDNS 1.12.4, a SIGTERM during a reload hangs the process until SIGKILL.

It hangs before `ready` closes and before lameduck starts: the pod answers until it is killed, which
interrupts queries in flight (source: coredns/coredns#7314, fixed in 1.13.0 by #7562).
"""

import re
from collections.abc import Iterator

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.rules.facts import Facts, Finding

RULE = "reload-deadlock"
LAST_AFFECTED = (1, 12, 4)
RELOAD_SECONDS = 40
"""Wait between a new Corefile and a restart: `reload` checks every 30 s with a jitter of 15 s, which takes 22
to 38 s (source: coredns plugin/reload, measured).
"""

KEEPS_PODS = frozenset({"corefile", "replicaCount", "podDisruptionBudget", "autoScaling"})
"""Keys of the add-on that do not change the pod template."""

WORKLOAD = frozenset({"terminationGracePeriodSeconds", "lifecycle", "readinessProbe"})
"""Fields that eksdns sets in the Deployment; changing them restarts every pod."""


def reload_deadlock(facts: Facts) -> Iterator[Finding]:
    if not deadlocks(facts.coredns) or "corefile" not in facts.touched:
        return
    touched = {re.split(r"[.\[]", path, maxsplit=1)[0] for path in facts.touched}
    restarting = sorted(touched - KEEPS_PODS - WORKLOAD) + _fewer(facts)
    version = facts.version.removeprefix("v").partition("-")[0]
    hangs = f"CoreDNS {version} hangs until SIGKILL if SIGTERM meets a reload"
    if restarting:
        summary = f"{hangs}: one update changes the Corefile and ends pods ({', '.join(restarting)})"
        detail = (
            "update the Corefile alone first, or upgrade the add-on to CoreDNS 1.13.0 or later before both"
        )
        yield Finding(Diagnostic(Severity.WARNING, RULE, summary, detail))
    elif touched & WORKLOAD:
        summary = f"{hangs}: the new Corefile and the restart are kept {RELOAD_SECONDS} s apart"
        yield Finding(Diagnostic(Severity.INFO, RULE, summary))


def deadlocks(coredns: tuple[int, int, int] | None) -> bool:
    """Whether this CoreDNS version has the bug; an unknown version counts as newer."""
    return coredns is not None and coredns <= LAST_AFFECTED


def _fewer(facts: Facts) -> list[str]:
    """Path of replicaCount if it is lowered."""
    count, live = facts.integer("replicaCount"), facts.live_replicas
    is_lower = count is not None and live is not None and count < live
    return ["replicaCount"] if is_lower and "replicaCount" in facts.touched else []
