"""Calls of the simulated EKS without an SDK in between, for tests of what it does."""

import json
from collections.abc import Mapping
from typing import Any

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.addon.lifecycle import Addon
from eksaddon.sim.api.keys import access_key_of
from eksaddon.sim.eks.seeds import AddonSeed
from eksaddon.sim.http.messages import Answer, Reply, Request
from eksaddon.sim.resources import Cluster
from eksaddon.sim.world import World
from tests.support.aws.backends import PLAIN, REGION, SCHEMAS, VERSION, TestClock

ACCOUNT = "111122223333"
PROD = ClusterRef(ACCOUNT, REGION, "prod")
ADDON = "/clusters/prod/addons/coredns"


class RefusedError(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message


class Driver:
    """A world with the cluster `prod`, its clock, and calls by path."""

    def __init__(self, addon: AddonSeed | None = None, **options: Any) -> None:
        self.clock = TestClock()
        self.world = World(SCHEMAS.get, self.clock, **options)
        self.world.add_cluster(Cluster(PROD, self.clock() - 1000), [addon or AddonSeed(VERSION, PLAIN)])

    def send(
        self,
        method: str,
        target: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: str = "",
        region: str = REGION,
    ) -> Answer:
        headers = {
            "authorization": f"Credential={key or access_key_of(ACCOUNT)}/20260101/{region}/eks/aws4_request"
        }
        content = json.dumps(body).encode() if body is not None else b""
        return self.world.handle(Request(method, target, headers, content)).answer

    def ask(self, method: str, target: str, body: Mapping[str, Any] | None = None, **signed: str) -> Any:
        answer = self.send(method, target, body, **signed)
        assert isinstance(answer, Reply)
        document = json.loads(answer.body)
        if answer.status != 200:
            raise RefusedError(answer.status, answer.headers["x-amzn-ErrorType"], document["message"])
        return document

    def describe(self) -> Any:
        return self.ask("GET", ADDON)["addon"]

    def update(self, text: str | None = None, **body: Any) -> Any:
        wanted = body if text is None else {"configurationValues": text, **body}
        return self.ask("POST", f"{ADDON}/update", wanted)["update"]

    def follow(self, update: Mapping[str, Any]) -> Any:
        return self.ask("GET", f"/clusters/prod/updates/{update['id']}?addonName=coredns")["update"]

    @property
    def addon(self) -> Addon:
        addon = self.world.addon(PROD)
        assert addon is not None
        return addon
