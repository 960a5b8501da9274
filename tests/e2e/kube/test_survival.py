"""The table of what survives an add-on update says what a real API server does, and who owns what then."""

import pytest

from eksaddon.domain.desired import ResolveConflicts
from tests.e2e.kube.cluster.addon_manager import MANAGER, update
from tests.e2e.kube.cluster.addon_objects import NEXT_VERSION, Release
from tests.e2e.kube.cluster.cleaning import empty
from tests.e2e.kube.cluster.control_plane import EKS, Server
from tests.e2e.kube.cluster.releases import CURRENT
from tests.e2e.kube.edits import EKSDNS_MANAGER, eksdns_applies
from tests.e2e.kube.managed_fields import GRACE, SLEEP, owners
from tests.e2e.kube.survival import CASES, measure, row
from tests.support.paths import ROOT

pytestmark = pytest.mark.e2e

PAGE = (ROOT / "docs" / "workload-plane.md").read_text("utf-8")
SECTION = PAGE.partition("\n## What survives an add-on update\n")[2].partition("\n## ")[0]
ROWS = [line for line in SECTION.splitlines() if line.startswith("|")][2:]


@pytest.mark.parametrize(
    ("case", "written"),
    [
        pytest.param(case, written, id=f"{case.change}; EKS {case.manifest}")
        for case, written in zip(CASES, ROWS, strict=True)
    ],
)
def test_the_table_says_what_an_update_leaves(case, written, running_server):
    cells = {}
    for mode in ResolveConflicts:
        empty(running_server.api())
        cells[mode] = measure(case, mode, running_server)
    assert written == row(case, cells)


def test_the_table_names_the_version_it_was_measured_on():
    assert f"Kubernetes {CURRENT}" in SECTION


def installed(server: Server, release: Release) -> None:
    update(server.api(EKS), release, ResolveConflicts.NONE)


def owning(server: Server) -> tuple[frozenset[str], frozenset[str]]:
    """The managers of grace and sleep."""
    found = server.api().get("Deployment", "coredns")
    return owners(found, *GRACE), owners(found, *SLEEP)


BY_EKS, BY_EKSDNS = frozenset({MANAGER}), frozenset({EKSDNS_MANAGER})


def test_eksdns_owns_both_fields_after_its_patch_and_after_an_update(server):
    installed(server, Release())
    eksdns_applies(45, 5)(server)
    for mode in ResolveConflicts:
        update(server.api(EKS), Release(f"{NEXT_VERSION}-{mode}"), mode)
        assert owning(server) == (BY_EKSDNS, BY_EKSDNS)


def test_the_same_value_is_owned_by_both(server):
    installed(server, Release(grace=45))
    eksdns_applies(45, 5)(server)
    assert owning(server) == (BY_EKS | BY_EKSDNS, BY_EKSDNS)


def test_overwrite_takes_the_grace_and_leaves_the_sleep(server):
    installed(server, Release())
    eksdns_applies(45, 5)(server)
    update(server.api(EKS), Release(NEXT_VERSION, grace=30), ResolveConflicts.OVERWRITE)
    assert owning(server) == (BY_EKS, BY_EKSDNS)


def test_preserve_gives_the_grace_up_to_eksdns(server):
    installed(server, Release(grace=45))
    eksdns_applies(45, 5)(server)
    update(server.api(EKS), Release(NEXT_VERSION, grace=30), ResolveConflicts.PRESERVE)
    assert owning(server) == (BY_EKSDNS, BY_EKSDNS)
