"""What keeps cluster DNS answering while pods come and go, of the live objects of one cluster."""

from collections.abc import Mapping

from eksaddon.corefile.meaning.resolve import lameducks
from eksaddon.corefile.syntax.parser import parse
from eksaddon.domain.json import Json
from eksaddon.domain.propagation import Propagation
from eksaddon.domain.termination import SECOND, TerminationSettings, Verdict, timeline
from eksaddon.domain.workload import Workload
from eksaddon.frozen import dataclass
from eksaddon.rules.spread import HOST, ZONE, anti_affinity, topology_spread

NONE = "none"


@dataclass(frozen=True, slots=True)
class Protection:
    """Of the Deployment, its budgets and the live Corefile.

    Attributes:
        lameduck_seconds: Of all server blocks; None if the live Corefile cannot be read, like `verdict`.
        budget: Limits of every PodDisruptionBudget of the pods, such as `maxUnavailable 1`, or `none`.
        spread: What the pods are kept apart over: `zone`, `node`, both, or `none`.
        verdict: Of the shutdown, as `eksdns timeline` has it.
    """

    replicas: int
    lameduck_seconds: int | float | None
    pre_stop_seconds: int
    grace_seconds: int
    budget: str
    spread: str
    verdict: Verdict | None


def protection(workload: Workload, propagation: Propagation) -> Protection:
    lameducks_ns = _lameducks(workload.corefile)
    return Protection(
        workload.replicas,
        None if lameducks_ns is None else seconds(sum(lameducks_ns)),
        workload.pre_stop_seconds,
        workload.grace_seconds,
        " + ".join(one.limits for one in workload.budgets) or NONE,
        _spread(workload),
        None if lameducks_ns is None else _verdict(workload, lameducks_ns, propagation),
    )


def seconds(nanoseconds: int) -> int | float:
    """An int if integral."""
    whole, rest = divmod(nanoseconds, SECOND)
    return nanoseconds / SECOND if rest else whole


def _spread(workload: Workload) -> str:
    unset: Mapping[str, Json] = {"affinity": {}, "topologySpreadConstraints": []}
    live = {**unset, **workload.template.spread}
    keys = {**topology_spread(live, is_default=False), **anti_affinity(live)}
    return ", ".join(word for key, word in ((ZONE, "zone"), (HOST, "node")) if key in keys) or NONE


def _lameducks(corefile: str | None) -> tuple[int, ...] | None:
    """Nanoseconds of each server block; None without a Corefile, or if CoreDNS would reject it."""
    if corefile is None:
        return None
    parsed = parse(corefile)
    found = lameducks(parsed)
    return None if parsed.fault or found.fault else tuple(one.nanoseconds for one in found.blocks)


def _verdict(workload: Workload, lameducks_ns: tuple[int, ...], propagation: Propagation) -> Verdict:
    settings = TerminationSettings(
        workload.pre_stop_seconds,
        lameducks_ns,
        workload.grace_seconds,
        propagation_ns=propagation.nanoseconds,
    )
    return timeline(settings).verdict


def protection_cells(found: Protection | None) -> tuple[str, str, str, str, str]:
    """preStop, grace period, budget, spread and verdict, for a table; empty if the objects were not read."""
    if found is None:
        return ("",) * 5
    budget = found.budget.replace("maxUnavailable", "max").replace("minAvailable", "min")
    verdict = found.verdict.value.replace("-", " ") if found.verdict else "unknown"
    return (
        f"{found.pre_stop_seconds}s",
        f"{found.grace_seconds}s",
        budget,
        found.spread.replace(", ", "+"),
        verdict,
    )
