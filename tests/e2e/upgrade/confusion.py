"""The verdicts of `upgrade-check` beside those of CoreDNS, for each pair of releases that EKS ships.

python -m tests.e2e.upgrade.confusion    # prints the table of all pairs
"""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass

from eksaddon.corefile import decode
from eksaddon.corefile.lint.findings import RULES, Group
from eksaddon.domain.desired import Consent, DesiredState
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.observed import Managed
from eksaddon.domain.plan import ClusterPlan
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.domain.versions.desired import ExactVersion
from eksaddon.domain.versions.offered import Offered, VersionList
from eksaddon.domain.workload import NotChecked
from eksaddon.plan.fleet import Planner
from eksaddon.schema import packaged_schema
from tests.e2e.collection import collected
from tests.e2e.upgrade.record_starts import RECORDED, REFUSED, STARTS, UNKNOWABLE

ADDON = {
    "1.10.1": "v1.10.1-eksbuild.38",
    "1.11.4": "v1.11.4-eksbuild.51",
    "1.12.4": "v1.12.4-eksbuild.29",
    "1.13.2": "v1.13.2-eksbuild.21",
    "1.14.3": "v1.14.3-eksbuild.14",
    "1.14.7": "v1.14.7-eksbuild.10",
}
"""An add-on version of each CoreDNS that can be built."""

PAIRS = tuple(itertools.permutations(ADDON, 2))
"""Each release to each other one."""

REF = ClusterRef("111122223333", "eu-west-1", "prod")
UNREAD = NotChecked("not to be read", is_chosen=True)
ABOUT_STARTING = frozenset(rule.id for rule in RULES.values() if rule.group is not Group.RESOLUTION)


@dataclass(frozen=True, slots=True)
class Compared:
    """One Corefile.

    Attributes:
        coredns: A letter of record_starts.
        refused_by: The rules by which `upgrade-check` says that the target does not start.
        is_edited: The plan changes the Corefile, so the recorded letter is not about its result.
    """

    name: str
    coredns: str
    refused_by: tuple[str, ...]
    is_edited: bool

    @property
    def kind(self) -> str:
        return f"{self.coredns}{REFUSED if self.refused_by else STARTS}"


COLUMNS = {
    "starts and passes": (f"{STARTS}{STARTS}",),
    "refused by both": (f"{REFUSED}{REFUSED}", f"{UNKNOWABLE}{REFUSED}"),
    "refused by CoreDNS for what a text cannot show": (f"{UNKNOWABLE}{STARTS}",),
    "starts, and the check refuses it": (f"{STARTS}{REFUSED}",),
    "refused, and the check misses it": (f"{REFUSED}{STARTS}",),
}
"""The kinds that each column of the table counts."""


def compared(before: str, to: str, *, first: int = 0, step: int = 1) -> Iterator[Compared]:
    """What the check of an upgrade says about every `step`-th Corefile of the collection, from `first` on."""
    letters = json.loads(RECORDED.read_text(encoding="utf-8"))[to]
    target = ADDON[to]
    schema = packaged_schema(target)
    assert schema is not None
    offered = Offered(VersionList("1.36", (target,), target), VersionList(""))
    planner = Planner({target: schema}, versions={REF: offered})
    sources = [*zip(collected(), letters, strict=True)]
    for source, letter in sources[first::step]:
        plan = _checked(decode(source.case.corefile), planner, ADDON[before], target)
        is_edited = any(one.path.startswith("corefile") for one in plan.changes)
        yield Compared(source.id, letter, _refusals(plan), is_edited)


def _checked(corefile: str, planner: Planner, installed: str, target: str) -> ClusterPlan:
    """The plan of `upgrade-check` for an add-on with this Corefile."""
    observed = Managed(REF, installed, "ACTIVE", json.dumps({"corefile": corefile}))
    consent = Consent(weaken=True, downgrade=True)
    return planner.plan(
        Target(REF), observed, DesiredState(version=ExactVersion(target), consent=consent), UNREAD
    )


def _refusals(plan: ClusterPlan) -> tuple[str, ...]:
    return tuple(
        one.rule
        for one in plan.diagnostics
        if one.severity is Severity.ERROR and one.rule in ABOUT_STARTING and one.location is not None
    )


def table() -> Iterator[str]:
    """The lines of a Markdown table with the number of Corefiles by pair and kind."""
    yield f"| from, to | {' | '.join(COLUMNS)} |"
    yield "|---" * (len(COLUMNS) + 1) + "|"
    for before, to in PAIRS:
        kinds = [one.kind for one in compared(before, to)]
        counts = (str(sum(map(kinds.count, counted))) for counted in COLUMNS.values())
        yield f"| {before}, {to} | {' | '.join(counts)} |"


if __name__ == "__main__":
    print(*table(), sep="\n")  # noqa: T201
