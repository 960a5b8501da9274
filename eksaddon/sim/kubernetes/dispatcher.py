"""Entry point of the clusters' Kubernetes APIs: faults, tokens, call log."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from eksaddon.domain.json import JsonObject
from eksaddon.domain.target import ClusterRef
from eksaddon.sim.addon.catalogue import COREDNS
from eksaddon.sim.api.call_log import Call, CallLog
from eksaddon.sim.api.faults import (
    Cut,
    Deny,
    Effect,
    Expire,
    FaultBook,
    Hang,
    Page,
    Refuse,
    Reset,
    Slow,
    Truncate,
)
from eksaddon.sim.api.identities import Caller
from eksaddon.sim.http.messages import Answer, Delivery, Lost, Reply, Request, Silent, Unconnected
from eksaddon.sim.kubernetes.api import operation_of, serve
from eksaddon.sim.kubernetes.snapshot import ClusterSnapshot
from eksaddon.sim.kubernetes.status import StatusError, unauthorized
from eksaddon.sim.kubernetes.token import access_key
from eksaddon.sim.resources import Endpoint, Estate
from eksaddon.sim.workload.state import Reach

PREFIX = "_kubernetes"
"""Path prefix of a cluster's API: `/_kubernetes/ACCOUNT/REGION/NAME`."""

_HEAD = 4
"""Number of segments of the prefix."""

WhoseKey = Callable[[str, float], Caller | None]


def endpoint_at(base: str, ref: ClusterRef) -> Endpoint:
    """Endpoint of a cluster below the simulator's address."""
    return Endpoint(f"{base}/{PREFIX}/{ref.account}/{ref.region}/{ref.name}", "")


def in_process(ref: ClusterRef) -> Endpoint:
    """An endpoint for in-process transports only."""
    return endpoint_at("https://kubernetes.invalid", ref)


def is_addressed(request: Request) -> bool:
    """Whether a request is for a cluster instead of AWS."""
    return request.target.startswith(f"/{PREFIX}/") and len(request.segments) >= _HEAD


class KubernetesFront:
    """Handles requests; not thread-safe.

    Args:
        whose: Owner of a key at a given time; None for an unknown or expired key.
        began: Start of the simulation, in seconds since the epoch.
    """

    def __init__(
        self, estate: Estate, faults: FaultBook, calls: CallLog, whose: WhoseKey, began: float
    ) -> None:
        self._estate = estate
        self._faults = faults
        self._calls = calls
        self._whose = whose
        self._began = began

    def handle(self, request: Request, now: float) -> Delivery:
        """Handle a request for which `is_addressed` is true."""
        _, account, region, name, *rest = request.segments
        ref = ClusterRef(account, region, name)
        query = request.target.partition("?")[1:]
        inner = replace(request, target="/" + "/".join(rest) + "".join(query))
        call = Call(now, "kubernetes", operation_of(inner), account, region, name)
        delay, struck = 0.0, ""
        effect: Effect | None = Cut() if self._estate.workload(ref).reach is Reach.UNREACHABLE else None
        for fault in self._faults.strike(call, now - self._began):
            struck = fault.name
            if isinstance(fault.effect, Slow):
                delay += fault.effect.seconds
            else:
                effect = fault.effect
        answer = self._answer(inner, ref, effect, now)
        status = answer.status if isinstance(answer, Reply) else 0
        self._calls.add(replace(call, status=status, fault=struck))
        return Delivery(answer, delay)

    def _answer(self, request: Request, ref: ClusterRef, effect: Effect | None, now: float) -> Answer:
        match effect:
            case None | Slow():
                return self._served(request, ref, now)
            case Cut():
                return Unconnected()
            case Hang(after=after):
                if after:
                    self._served(request, ref, now)
                return Silent()
            case Reset(after=after):
                if after:
                    self._served(request, ref, now)
                return Lost()
            case Truncate(keep=keep):
                return _truncated(self._served(request, ref, now), keep)
            case Page(status=status, html=html):
                return Reply(status, html, "text/html")
            case Refuse() | Expire() | Deny():
                return _refused(_refusal(effect))
            case _:
                assert_never(effect)

    def _served(self, request: Request, ref: ClusterRef, now: float) -> Reply:
        cluster = self._estate.find(ref)
        if cluster is None:
            return _refused(StatusError(404, "NotFound", "there is no such cluster"))
        workload = self._estate.workload(ref)
        snapshot = ClusterSnapshot(cluster, workload, self._estate.in_cluster(ref, COREDNS, now), now)
        try:
            served = serve(request, self._caller(request, workload.reach, now), snapshot)
        except StatusError as refusal:
            return _refused(refusal)
        if served.workload is not None:
            self._estate.put_workload(ref, served.workload)
        if served.deletes_left_budget and snapshot.addon is not None:
            self._estate.put_addon(ref, replace(snapshot.addon, left_budget=None))
        return _reply(200, served.document)

    def _caller(self, request: Request, reach: Reach, now: float) -> Caller | None:
        key = access_key(request.headers.get("authorization", ""), now)
        return self._whose(key, now) if key and reach is Reach.OPEN else None


def _refusal(effect: Refuse | Expire | Deny) -> StatusError:
    match effect:
        case Refuse(status=status, code=code, message=message):
            return StatusError(status, code, message)
        case Expire():
            return unauthorized()
        case Deny():
            return StatusError(403, "Forbidden", "forbidden: denied by a fault of the scenario")
        case _:
            assert_never(effect)


def _truncated(reply: Reply, keep: float) -> Reply:
    arriving = min(int(len(reply.body) * keep), len(reply.body) - 1)
    return replace(reply, body=reply.body[:arriving], cut=len(reply.body) - arriving)


def _refused(refusal: StatusError) -> Reply:
    return _reply(refusal.code, refusal.document)


def _reply(status: int, document: JsonObject) -> Reply:
    return Reply(status, json.dumps(document).encode(), "application/json")
