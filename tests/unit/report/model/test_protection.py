"""Protection of a cluster in `status`: what its live objects say."""

import pytest

from eksaddon.domain.json import Json
from eksaddon.domain.kube.template import PodTemplate
from eksaddon.domain.propagation import DEFAULT, Propagation
from eksaddon.domain.termination import SECOND, Verdict
from eksaddon.domain.workload import Budget, Workload
from eksaddon.report.model.protection import protection, protection_cells

COREFILE = ".:53 {\n    health {\n        lameduck 20s\n    }\n}\n"


@pytest.mark.parametrize(
    ("grace", "pre_stop", "corefile", "verdict"),
    [
        (45, 5, COREFILE, Verdict.FITS),
        (30, 5, COREFILE, Verdict.TIGHT),
        (20, 5, COREFILE, Verdict.CUT),
        (30, 0, COREFILE.replace("20s", "5s"), Verdict.TOO_SHORT),
        (30, 0, ".:53 {\n    errors\n}\n", Verdict.UNPROTECTED),
        (30, 0, ".:53 {\n    health {\n", None),
        (30, 0, None, None),
    ],
)
def test_the_verdict_is_that_of_the_timeline(grace, pre_stop, corefile, verdict):
    found = protection(Workload(2, grace, pre_stop, corefile), DEFAULT)
    assert found.verdict == verdict
    assert (found.lameduck_seconds is None) == (verdict is None)


def test_the_propagation_of_the_cluster_counts():
    workload = Workload(2, 30, 0, COREFILE.replace("20s", "5s"))
    assert protection(workload, Propagation(2 * SECOND, is_default=False)).verdict is Verdict.FITS


def test_pods_without_a_constraint_are_not_spread():
    assert protection(Workload(2, 30, 0, COREFILE), DEFAULT).spread == "none"


def test_budgets_and_spread_are_named():
    zone: dict[str, Json] = {
        "topologyKey": "topology.kubernetes.io/zone",
        "maxSkew": 1,
        "whenUnsatisfiable": "ScheduleAnyway",
    }
    budgets = (Budget("a", max_unavailable="1"), Budget("b", min_available="50%"))
    template = PodTemplate(spread={"topologySpreadConstraints": [zone]})
    found = protection(Workload(2, 45, 5, COREFILE, budgets=budgets, template=template), DEFAULT)
    assert (found.budget, found.spread) == ("maxUnavailable 1 + minAvailable 50%", "zone")
    assert protection_cells(found) == ("5s", "45s", "max 1 + min 50%", "zone", "fits")


def test_nothing_is_shown_about_objects_that_were_not_read():
    assert protection_cells(None) == ("",) * 5
