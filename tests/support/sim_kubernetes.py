"""A client of the simulated Kubernetes API."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.addon.schemas import packaged
from eksaddon.sim.api.identities import Account, Role
from eksaddon.sim.api.keys import access_key_of
from eksaddon.sim.eks.seeds import AddonSeed
from eksaddon.sim.http.messages import Delivery, Reply, Request
from eksaddon.sim.kubernetes.dispatcher import endpoint_at
from eksaddon.sim.resources import Cluster
from eksaddon.sim.workload.state import Workload
from eksaddon.sim.world import World

REF = ClusterRef("111111111111", "eu-west-1", "prod")

KEY = access_key_of(REF.account)

DEPLOYMENT = "/apis/apps/v1/namespaces/kube-system/deployments/coredns"

VERSION = "v1.11.4-eksbuild.40"


class Api:
    """One cluster, spoken to as a client would."""

    def __init__(
        self,
        workload: Workload | None = None,
        *,
        kubernetes: str = "1.33",
        addon: AddonSeed | None = AddonSeed(VERSION),  # noqa: B008  # frozen
        denies: tuple[str, ...] = (),
    ) -> None:
        self.now = 1_800_000_000.0
        self.world = World(packaged, lambda: self.now)
        roles = {"limited": Role("limited", denies=denies)}
        self.world.add_account(Account(REF.account, roles=roles))
        self.world.add_cluster(
            Cluster(REF, self.now, kubernetes), [addon] if addon else [], workload or Workload()
        )

    def token(self, key: str = KEY, *, age: float = 0.0, signed: str = "host;x-k8s-aws-id") -> str:
        date = datetime.fromtimestamp(self.now - age, UTC).strftime("%Y%m%dT%H%M%SZ")
        url = (
            "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
            f"&X-Amz-Credential={key}%2F20270115%2Feu-west-1%2Fsts%2Faws4_request"
            f"&X-Amz-Date={date}&X-Amz-SignedHeaders={signed}"
        )
        return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")

    def send(
        self, method: str, path: str, body: object = None, *, token: str | None = None, kind: str = ""
    ) -> Delivery:
        headers = {"authorization": f"Bearer {self.token() if token is None else token}"}
        if kind:
            headers["content-type"] = kind
        base = endpoint_at("", REF).url
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        return self.world.handle(Request(method, base + path, headers, data))

    def ask(self, method: str, path: str, body: object = None, **how: Any) -> tuple[int, Any]:
        answer = self.send(method, path, body, **how).answer
        assert isinstance(answer, Reply)
        return answer.status, json.loads(answer.body)

    def deployment(self) -> Any:
        status, document = self.ask("GET", DEPLOYMENT)
        assert status == 200
        return document

    def apply(
        self, manager: str, grace: int | None = None, sleep: int | None = None, **query: str
    ) -> tuple[int, Any]:
        pod: dict[str, object] = {}
        if grace is not None:
            pod["terminationGracePeriodSeconds"] = grace
        if sleep is not None:
            lifecycle = {"preStop": {"sleep": {"seconds": sleep}}}
            pod["containers"] = [{"name": "coredns", "lifecycle": lifecycle}]
        body = {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": pod}}}
        request = "&".join(f"{name}={value}" for name, value in {"fieldManager": manager, **query}.items())
        return self.ask("PATCH", f"{DEPLOYMENT}?{request}", body, kind="application/apply-patch+yaml")
