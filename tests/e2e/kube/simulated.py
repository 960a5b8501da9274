"""The simulator's Kubernetes API, spoken to like the real one."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.json import Json
from eksaddon.domain.target import ClusterRef
from eksaddon.sim.addon.schemas import packaged
from eksaddon.sim.api.keys import access_key_of
from eksaddon.sim.eks.seeds import AddonSeed
from eksaddon.sim.http.messages import Reply, Request
from eksaddon.sim.kubernetes.dispatcher import endpoint_at
from eksaddon.sim.resources import Cluster
from eksaddon.sim.workload.state import Workload
from eksaddon.sim.world import World
from tests.e2e.kube.cluster.addon_objects import VERSION
from tests.e2e.kube.cluster.api import Api, Document, read

REF = ClusterRef("111122223333", "eu-west-1", "prod")
START = 1_800_000_000.0
UPDATE_SECONDS = 120.0
"""More than an add-on update takes, less than the token lives."""


@dataclass(slots=True)
class Time:
    """Seconds since the epoch."""

    now: float

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True, slots=True)
class SimulatedApi(Api):
    world: World
    time: Time

    def call(
        self,
        method: str,
        path: str,
        body: Document | None = None,
        *,
        kind: str = "application/json",
        query: Mapping[str, str] | None = None,
    ) -> Document:
        headers = {"authorization": f"Bearer {self.token}", "content-type": kind}
        content = json.dumps(body).encode() if body is not None else b""
        target = f"{self.url}/{path}?{urlencode(query or {})}"
        answer = self.world.handle(Request(method, target, headers, content)).answer
        assert isinstance(answer, Reply)
        return read(answer.status, answer.body)

    def update(self, mode: ResolveConflicts) -> str:
        """The status of an add-on update that changes the configuration, once it has ended."""
        self.time.now += 1
        place = f"/clusters/{REF.name}/addons/coredns"
        count = len(self._eks("GET", f"/clusters/{REF.name}/updates?addonName=coredns")["updateIds"])
        values = json.dumps({"podLabels": {"update": str(count)}})
        asked = {"resolveConflicts": mode.upper(), "configurationValues": values}
        begun = self._eks("POST", f"{place}/update", asked)["update"]
        self.time.now += UPDATE_SECONDS
        followed = f"/clusters/{REF.name}/updates/{begun['id']}?addonName=coredns"
        return str(self._eks("GET", followed)["update"]["status"])

    def _eks(self, method: str, target: str, body: Document | None = None) -> Document:
        key = access_key_of(REF.account)
        headers = {"authorization": f"Credential={key}/20270115/{REF.region}/eks/aws4_request"}
        content = json.dumps(body).encode() if body is not None else b""
        answer = self.world.handle(Request(method, target, headers, content)).answer
        assert isinstance(answer, Reply)
        return read(answer.status, answer.body)


def simulated(
    *,
    kubernetes: str,
    owns_grace: bool = False,
    stuck: bool = False,
    foreign: Mapping[str, Json] = MappingProxyType({}),
) -> SimulatedApi:
    """A cluster with the add-on, without any configuration.

    Args:
        kubernetes: As 1.36.
        foreign: What kubectl has set, by the add-on's keys.
    """
    time = Time(START)
    world = World(packaged, time)
    cluster, workload = Cluster(REF, START, kubernetes), Workload(owns_grace=owns_grace, stuck=stuck)
    world.add_cluster(cluster, [AddonSeed(VERSION, foreign=foreign)], workload)
    return SimulatedApi(endpoint_at("", REF).url, Path(), _token(), world, time)


def _token() -> str:
    date = datetime.fromtimestamp(START, UTC).strftime("%Y%m%dT%H%M%SZ")
    asked = {
        "Action": "GetCallerIdentity",
        "Version": "2011-06-15",
        "X-Amz-Credential": f"{access_key_of(REF.account)}/{date[:8]}/{REF.region}/sts/aws4_request",
        "X-Amz-Date": date,
        "X-Amz-SignedHeaders": "host;x-k8s-aws-id",
    }
    url = f"https://sts.{REF.region}.amazonaws.com/?{urlencode(asked)}"
    return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")
