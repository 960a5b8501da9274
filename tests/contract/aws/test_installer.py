"""Installing and giving up the add-on, on the simulated EKS."""

import json

import pytest

from eksaddon.aws.connect import Aws
from eksaddon.aws.sessions import Hermetic
from eksaddon.aws.settings import Settings
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.observed import Managed, NotInstalled
from eksaddon.domain.target import ClusterRef, CurrentCredentials, Scope
from eksaddon.ports import CreateRequest
from eksaddon.schema import DEFAULT_VERSIONS
from eksaddon.sim.addon.schemas import packaged
from eksaddon.sim.api.identities import Account
from eksaddon.sim.api.keys import access_key_of
from eksaddon.sim.inprocess.botocore_hook import InProcess
from eksaddon.sim.resources import Cluster
from eksaddon.sim.workload.state import Workload
from eksaddon.sim.world import World

REF = ClusterRef("111122223333", "eu-west-1", "bare")
OURS = ".:53 {\n    forward . 10.0.0.2\n}\n"


class Stage:
    """A cluster whose CoreDNS somebody installed by hand."""

    def __init__(self, workload: Workload | None = None) -> None:
        self.now = 1_800_000_000.0
        self.world = World(packaged, lambda: self.now)
        self.world.add_account(Account(REF.account))
        self.world.add_cluster(Cluster(REF, self.now, "1.33"), (), workload or Workload(corefile=OURS))
        self.aws = Aws(
            lambda _: CurrentCredentials(),
            settings=Settings(mode="standard"),
            hermetic=Hermetic(access_key_of(REF.account), "s"),
            transport=InProcess(self.world.handle, sleep=lambda _: None),
            home_region="us-east-1",
            now=lambda: self.now,
        )

    def request(self, mode: ResolveConflicts = ResolveConflicts.OVERWRITE) -> CreateRequest:
        return CreateRequest(DEFAULT_VERSIONS["1.33"], json.dumps({"corefile": OURS}), mode, "token-1")

    def settle(self) -> object:
        self.now += 1000
        return self.aws.addons.read(REF)


def test_the_default_version_is_what_eks_would_install() -> None:
    installer = Stage().aws.installer
    assert installer.default_version(REF.scope, "1.33") == DEFAULT_VERSIONS["1.33"]
    unknown = installer.default_version(REF.scope, "1.99")
    assert isinstance(unknown, Trouble)
    assert unknown.cause is Cause.UNREADABLE


def test_an_addon_that_is_created_is_there_with_its_values() -> None:
    stage = Stage()
    assert isinstance(stage.aws.addons.read(REF), NotInstalled)
    assert stage.aws.installer.create(REF, stage.request()) is None
    observed = stage.settle()
    assert isinstance(observed, Managed)
    assert (observed.status, observed.text) == ("ACTIVE", json.dumps({"corefile": OURS}))


@pytest.mark.parametrize("mode", [ResolveConflicts.NONE, ResolveConflicts.PRESERVE])
def test_a_coredns_that_runs_already_is_in_the_way_unless_it_is_taken_over(mode: ResolveConflicts) -> None:
    stage = Stage()
    assert stage.aws.installer.create(REF, stage.request(mode)) is None
    observed = stage.settle()
    assert isinstance(observed, Managed)
    assert observed.status == "CREATE_FAILED"
    assert [issue.code for issue in observed.issues] == ["ConfigurationConflict"]


def test_coredns_keeps_running_after_removal_of_the_addon() -> None:
    stage = Stage()
    stage.aws.installer.create(REF, stage.request())
    stage.settle()
    assert stage.aws.installer.remove(REF) is None
    assert isinstance(stage.settle(), NotInstalled)
    assert stage.world.workload(REF).corefile == OURS


@pytest.mark.parametrize("ref", [ClusterRef(REF.account, REF.region, "none"), ClusterRef("1", "x", "a/b")])
def test_what_cannot_be_done_is_a_trouble(ref: ClusterRef) -> None:
    installer = Stage().aws.installer
    assert isinstance(installer.create(ref, Stage().request()), Trouble)
    assert isinstance(installer.remove(ref), Trouble)
    assert isinstance(installer.default_version(Scope("999999999999", "af-south-1"), "1.33"), str | Trouble)


def test_the_versions_are_those_that_the_kubernetes_version_takes_from_all_pages() -> None:
    installer = Stage().aws.installer
    found = installer.versions(REF.scope, "1.33")
    assert isinstance(found, tuple)
    assert DEFAULT_VERSIONS["1.33"] in found
    assert "v1.8.7-eksbuild.1" not in found
    assert installer.versions(REF.scope, "1.99") == ()
