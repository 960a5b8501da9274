"""Both planes by one plan: EKS simulated, the cluster real, eksdns with no more than its Role."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

import httpx2
import pytest

from eksaddon.app.fleet.plan import make_plan, observe
from eksaddon.app.runs.asks import rolling_back
from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.rollout import continue_run, open_run
from eksaddon.app.runtime import SystemClock, ThreadExecutor
from eksaddon.app.session import AccessBook, Session
from eksaddon.app.wiring import open_simulation
from eksaddon.apply.result import result_of
from eksaddon.domain.cause import NotSent, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.plan import Action, Plan
from eksaddon.domain.run.outcome import Changed, RolledBack
from eksaddon.domain.run.result import RunResult
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.update import UpdateRecord
from eksaddon.domain.workload import Workload
from eksaddon.kube.clusters import KubeWorkloads
from eksaddon.ports import AddonApi, UpdateRequest
from eksaddon.report.model.classify import drift_state
from eksaddon.report.model.states import DriftState
from eksaddon.sim.inprocess.virtual_time import VirtualClock
from eksaddon.sim.scenario.file import parse_scenario
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from eksaddon.store.memory import MemoryStore
from tests.e2e.kube import edits
from tests.e2e.kube.cluster.access import install
from tests.e2e.kube.cluster.adapters import Directory
from tests.e2e.kube.cluster.addon_manager import Updated, update
from tests.e2e.kube.cluster.addon_objects import Release
from tests.e2e.kube.cluster.control_plane import ADMIN, EKS, EKSDNS, Server
from tests.e2e.kube.cluster.kubelet import Kubelet, Turning, working
from tests.support.simulation import fleet_of

pytestmark = pytest.mark.e2e

VERSION = "v1.14.7-eksbuild.10"
COREFILE = ".:53 {\n    errors\n    health {\n        lameduck %s\n    }\n    ready\n    reload\n}\n"
INSTALLED = Release(corefile=COREFILE % "5s")
REF = ClusterRef("111122223333", "eu-west-1", "prod")
SCENARIO = f"""
version: 1
pace: {{update: [0, 0]}}
accounts: [{{id: "{REF.account}", name: shop, regions: [eu-west-1]}}]
documents: {{low: {{values: {{replicaCount: 2}}, corefile: {json.dumps(COREFILE % "5s")}}}}}
clusters: [{{name: prod, region: eu-west-1, addon: {VERSION}, document: low, kubernetes: "1.33"}}]
"""
WANTED = """
version: 1
coredns: {lameduck: %s, terminationGracePeriod: %s, preStop: 5s}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""
RAISE = WANTED % ("20s", "45s")
LOWER = WANTED.replace("{", "{allowWeaken: true, ", 1) % ("5s", "30s")


FIELDS = {"replicaCount": "replicas", "corefile": "corefile"}
"""What the add-on's configuration names of a release."""


class Eks:
    """The simulated EKS, with the stand-in for its add-on manager at work on the real cluster."""

    def __init__(self, simulated: AddonApi, server: Server, writes: list[str], release: Release) -> None:
        self._simulated = simulated
        self._release = release
        self._server = server
        self._writes = writes

    def __getattr__(self, name: str) -> Any:  # whatever the simulated one has
        return getattr(self._simulated, name)

    def update(self, ref: ClusterRef, request: UpdateRequest) -> UpdateRecord | NotSent | Trouble:
        values = json.loads(request.text)
        named = {key: values[name] for name, key in FIELDS.items() if name in values}
        release = replace(self._release, **named)
        outcome = update(self._server.api(EKS), release, request.resolve_conflicts)
        assert isinstance(outcome, Updated), outcome
        self._writes.append("addon")
        return self._simulated.update(ref, request)


class Workloads(KubeWorkloads):
    """Notes what is written."""

    writes: list[str]

    def write(self, *args: Any, **options: Any) -> Any:  # as the port
        if not options.get("dry_run"):
            self.writes.append("workload")
        return super().write(*args, **options)


@dataclass(slots=True)
class Stage:
    world: World
    session: Session
    book: AccessBook
    server: Server
    store: MemoryStore
    writes: list[str]

    def plan(self, fleet: str) -> Plan:
        chosen = fleet_of(fleet)
        return make_plan(
            chosen,
            self.session,
            observe(chosen, self.session, self.book),
            strict=False,
            live=True,
            tries=True,
        )

    def run(self, plan: Plan, run_id: str) -> RunResult:
        finished = open_run(plan, self.book.known(), self.store, self.session, Conduct(), run_id=run_id)
        return result_of(finished.run_progress)

    def apply(self, plan: Plan, run_id: str) -> list[type]:
        return [type(one.outcome) for one in self.run(plan, run_id).results]

    def live(self) -> tuple[int, int, str]:
        found = self.session.workloads.read(REF)
        assert isinstance(found, Workload), found
        return found.grace_seconds, found.pre_stop_seconds, found.corefile or ""


@pytest.fixture
def stage(server: Server) -> Iterator[Stage]:
    with stage_of(server, Kubelet(server.api())) as made:
        yield made


@contextmanager
def stage_of(
    server: Server,
    kubelet: Turning,
    release: Release = INSTALLED,
    *,
    scenario: str = SCENARIO,
    transport: httpx2.BaseTransport | None = None,
) -> Iterator[Stage]:
    """A cluster whose add-on runs, before anything is planned.

    Args:
        transport: Carries the requests of eksdns to the API server.
    """
    world = world_of(parse_scenario(scenario, "scenario.yaml"), time.time)
    update(server.api(EKS), release, ResolveConflicts.OVERWRITE)
    install(server.api(ADMIN))
    book, writes = AccessBook(), list[str]()
    simulated = open_simulation(book, world, VirtualClock(time.time()), REF.account)
    kube = Workloads(Directory(server, EKSDNS), time.time, transport=transport, sleep=lambda _: None)
    kube.writes = writes
    executor = ThreadExecutor(8, 8)
    session = replace(
        simulated,
        addons=cast("AddonApi", Eks(simulated.addons, server, writes, release)),
        workloads=kube,
        executor=executor,
        clock=SystemClock(),
        run=asyncio.run,
    )
    with working(kubelet):
        yield Stage(world, session, book, server, MemoryStore(), writes)
    executor.close()
    kube.close()


def test_both_planes_go_in_the_safe_order_up_down_and_back(stage: Stage) -> None:
    assert stage.apply(stage.plan(RAISE), "up") == [Changed]
    assert stage.writes == ["workload", "addon"]
    assert stage.live() == (45, 5, COREFILE % "20s")

    again = stage.plan(RAISE)
    assert [one.action for one in again.clusters] == [Action.IN_SYNC]
    assert [drift_state(one) for one in again.clusters] == [DriftState.IN_SYNC]
    stage.apply(again, "again")
    assert stage.writes == ["workload", "addon"], "a second run writes nothing"

    stage.writes.clear()
    assert stage.apply(stage.plan(LOWER), "down") == [Changed]
    assert stage.writes == ["addon", "workload"]
    assert stage.live() == (30, 5, COREFILE % "5s")

    stage.writes.clear()
    finished = continue_run("down", rolling_back(""), stage.store, lambda _: stage.session, Conduct())
    assert [type(one.outcome) for one in result_of(finished.run_progress).results] == [RolledBack]
    assert stage.writes == ["workload", "addon"]
    assert stage.live() == (45, 5, COREFILE % "20s")


def test_manual_changes_are_drift_with_three_columns_and_managers(stage: Stage) -> None:
    stage.apply(stage.plan(RAISE), "up")
    edits.kubectl_edits_corefile(stage.server)
    edits.kubectl_scales(stage.server)
    (cluster,) = stage.plan(RAISE).clusters
    assert drift_state(cluster) is DriftState.DRIFTED
    told = {one.path: one for one in cluster.live if one.is_foreign}
    assert told["replicaCount"].owner is not None
    assert (told["replicaCount"].held, told["replicaCount"].live) == (2, 5)
    assert told["replicaCount"].owner.manager == "kubectl"
    lameduck = told['corefile[".:53"].health.lameduck']
    assert (lameduck.desired, lameduck.held, lameduck.live) == ("20s", "20s", None)
    assert lameduck.owner is not None
    assert lameduck.owner.manager == "kubectl-edit"
