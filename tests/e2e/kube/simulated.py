"""The simulator's Kubernetes API, spoken to like the real one."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.estate import Cluster
from eksaddon.sim.keys import access_key_of
from eksaddon.sim.kubernetes.front import endpoint_at
from eksaddon.sim.kubernetes.state import Workload
from eksaddon.sim.schemas import packaged
from eksaddon.sim.seeds import AddonSeed
from eksaddon.sim.wire import Reply, Request
from eksaddon.sim.world import World
from tests.e2e.kube.addon_objects import VERSION
from tests.e2e.kube.api import Api, Document, read

REF = ClusterRef("111122223333", "eu-west-1", "prod")
NOW = 1_800_000_000.0


@dataclass(frozen=True, slots=True)
class SimulatedApi(Api):
    world: World

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


def simulated(*, kubernetes: str, owns_grace: bool = False) -> SimulatedApi:
    """A cluster with the add-on, without any configuration.

    Args:
        kubernetes: As 1.36.
    """
    world = World(packaged, lambda: NOW)
    world.add_cluster(Cluster(REF, NOW, kubernetes), [AddonSeed(VERSION)], Workload(owns_grace=owns_grace))
    return SimulatedApi(endpoint_at("", REF).url, Path(), _token(), world)


def _token() -> str:
    date = datetime.fromtimestamp(NOW, UTC).strftime("%Y%m%dT%H%M%SZ")
    asked = {
        "Action": "GetCallerIdentity",
        "Version": "2011-06-15",
        "X-Amz-Credential": f"{access_key_of(REF.account)}/{date[:8]}/{REF.region}/sts/aws4_request",
        "X-Amz-Date": date,
        "X-Amz-SignedHeaders": "host;x-k8s-aws-id",
    }
    url = f"https://sts.{REF.region}.amazonaws.com/?{urlencode(asked)}"
    return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")
