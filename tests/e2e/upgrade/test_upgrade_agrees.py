"""An upgrade is refused for its Corefile exactly where the CoreDNS of the target refuses to start with it."""

import itertools
import json
from collections import Counter
from pathlib import Path

import pytest

from eksaddon.corefile import decode, encode
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
from tests.e2e.coredns_release import CHOSEN, Case, judged
from tests.e2e.test_lint_agrees import Finding

pytestmark = pytest.mark.e2e

ADDON = {
    "1.10.1": "v1.10.1-eksbuild.38",
    "1.11.4": "v1.11.4-eksbuild.51",
    "1.12.4": "v1.12.4-eksbuild.29",
    "1.13.2": "v1.13.2-eksbuild.21",
    "1.14.3": "v1.14.3-eksbuild.14",
    "1.14.7": "v1.14.7-eksbuild.10",
}
"""An add-on version of each CoreDNS that can be built."""

PAIRS = (*itertools.pairwise(CHOSEN), *itertools.pairwise(CHOSEN[::-1]))
"""Each release to the next one, and back."""

REF = ClusterRef("111122223333", "eu-west-1", "prod")
UNREAD = NotChecked("not to be read", is_chosen=True)


def checked(corefile: str, planner: Planner, installed: str, target: str) -> ClusterPlan:
    """The plan of `upgrade-check` for an add-on with this Corefile."""
    observed = Managed(REF, installed, "ACTIVE", json.dumps({"corefile": corefile}))
    consent = Consent(weaken=True, downgrade=True)
    return planner.plan(
        Target(REF), observed, DesiredState(version=ExactVersion(target), consent=consent), UNREAD
    )


def refusals(plan: ClusterPlan) -> tuple[str, ...]:
    """The rules by which the CoreDNS of the target would not start."""
    about_starting = {rule.id for rule in RULES.values() if rule.group is not Group.RESOLUTION}
    return tuple(
        one.rule
        for one in plan.diagnostics
        if one.severity is Severity.ERROR and one.rule in about_starting and one.location is not None
    )


def after(plan: ClusterPlan, corefile: str) -> bytes:
    """The Corefile that the target would start with."""
    return encode(next((str(one.after) for one in plan.changes if one.path == "corefile"), corefile))


@pytest.mark.parametrize(("before", "to"), PAIRS)
def test_the_verdict_of_every_collected_corefile_is_that_of_the_target(
    before: str, to: str, tmp_path: Path
) -> None:
    installed, target = ADDON[before], ADDON[to]
    schema = packaged_schema(target)
    assert schema is not None
    offered = Offered(VersionList("1.36", (target,), target), VersionList(""))
    planner = Planner({target: schema}, versions={REF: offered})
    sources = [(one.id, decode(one.case.corefile)) for one in collected()]
    plans = [checked(text, planner, installed, target) for _, text in sources]
    cases = [Case(after(plan, text)) for plan, (_, text) in zip(plans, sources, strict=True)]
    verdicts = judged(cases, tmp_path, to)
    found = [
        Finding(name, case, verdict, refusals(plan))
        for (name, _), case, verdict, plan in zip(sources, cases, verdicts, plans, strict=True)
    ]
    table = Counter((one.verdict.ok, not one.errors) for one in found)
    print(f"{before} -> {to}, (CoreDNS starts, check passes): {dict(table)}")  # noqa: T201  # the confusion matrix
    assert [str(one) for one in found if one.is_false_alarm] == []
    assert [str(one) for one in found if one.is_missed] == []
    assert table[False, False]
    assert table[True, True]
