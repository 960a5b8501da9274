"""A simulated cluster with its Kubernetes API, as the kube edge sees it, without a socket."""

from dataclasses import replace

from eksaddon.aws.connect import Aws
from eksaddon.aws.sessions import Hermetic
from eksaddon.aws.settings import Settings
from eksaddon.domain.target import ClusterRef, CurrentCredentials
from eksaddon.kube.clusters import KubeWorkloads
from eksaddon.sim.addon.schemas import packaged
from eksaddon.sim.api.identities import Account
from eksaddon.sim.api.keys import access_key_of
from eksaddon.sim.eks.seeds import AddonSeed
from eksaddon.sim.inprocess.botocore_hook import InProcess
from eksaddon.sim.inprocess.httpx_transport import InProcessKubernetes
from eksaddon.sim.kubernetes.dispatcher import endpoint_at
from eksaddon.sim.resources import Cluster
from eksaddon.sim.workload.applying import Layer, termination_fields
from eksaddon.sim.workload.state import Workload
from eksaddon.sim.world import World

REF = ClusterRef("111122223333", "eu-west-1", "prod")
VERSION = "v1.11.4-eksbuild.40"


class KubeStage:
    """One cluster; time stands still unless somebody moves `now`."""

    def __init__(
        self, workload: Workload | None = None, *, kubernetes: str = "1.33", addon: AddonSeed | None = None
    ) -> None:
        self.now = 1_800_000_000.0
        base = "https://kubernetes.invalid"
        self.world = World(packaged, lambda: self.now, endpoint_of=lambda ref: endpoint_at(base, ref))
        self.world.add_account(Account(REF.account))
        cluster = Cluster(REF, self.now, kubernetes)
        self.world.add_cluster(cluster, [addon or AddonSeed(VERSION)], workload or Workload())
        self.aws = Aws(
            lambda _: CurrentCredentials(),
            settings=Settings(mode="standard"),
            hermetic=Hermetic(access_key_of(REF.account), "s3cr3t"),
            transport=InProcess(self.world.handle, sleep=lambda _: None),
            home_region="us-east-1",
            now=lambda: self.now,
        )
        transport = InProcessKubernetes(self.world.handle, sleep=lambda _: None)
        self.kube = KubeWorkloads(
            self.aws.clusters, lambda: self.now, transport=transport, sleep=lambda _: None
        )

    def set_by(self, manager: str, grace: int | None = None, sleep: int | None = None) -> None:
        """As `kubectl edit` would."""
        layer = Layer(manager, "Update", self.now, termination_fields(grace, sleep))
        self.world.change_workload(REF, lambda old: replace(old, layers=(*old.layers, layer)))
