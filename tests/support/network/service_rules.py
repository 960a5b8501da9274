"""What kube-proxy does for one Service on one node: its rules, and the flows that conntrack keeps.

New flows go to ready endpoints, and only where none is ready to those that are terminating and still
serving; with neither they are rejected (source: kubernetes 1.36.3, pkg/proxy/topology.go, KEP-1669). A UDP
flow stays on its endpoint while it is used; kube-proxy from 1.32 on deletes the flows of endpoints that are
not serving at each change, unless none is serving (source: pkg/proxy/conntrack/cleanup.go).
"""

import random
from dataclasses import dataclass, field
from enum import Enum

FLOW_SECONDS = 30.0
"""nf_conntrack_udp_timeout."""

STREAM_SECONDS, STREAM_AFTER = 120.0, 2.0
"""nf_conntrack_udp_timeout_stream, for a flow with replies that is older than two seconds."""


class EndpointState(Enum):
    """Conditions of an endpoint, as the EndpointSlice has them."""

    READY = "ready"
    SERVING = "serving and terminating"
    NOT_SERVING = "terminating, not serving"
    REMOVED = "removed"


@dataclass(slots=True)
class Flow:
    """A UDP source port and its endpoint; times in seconds."""

    endpoint: str
    created: float
    used: float
    is_replied: bool = False

    def is_kept(self, now: float, scale: float) -> bool:
        is_stream = self.is_replied and self.used - self.created > STREAM_AFTER / scale
        return now - self.used < (STREAM_SECONDS if is_stream else FLOW_SECONDS) / scale


@dataclass(slots=True)
class ServiceRules:
    """The rules of one node.

    Attributes:
        propagation: Seconds, as they pass, from a change of the EndpointSlice to this node's rules.
        scale: How many times faster than life the lifetimes of flows are.
        clears_flows: As kube-proxy from 1.32 on.
    """

    propagation: float
    dice: random.Random
    scale: float = 1.0
    clears_flows: bool = True
    states: dict[str, EndpointState] = field(default_factory=dict)
    flows: dict[tuple[str, int], Flow] = field(default_factory=dict)
    _due: list[tuple[float, str, EndpointState]] = field(default_factory=list)

    def change(self, now: float, endpoint: str, state: EndpointState) -> None:
        """Change the slice; the rules follow after the propagation."""
        self._due.append((now + self.propagation, endpoint, state))
        self.sync(now)

    def sync(self, now: float) -> None:
        """Apply what is due."""
        due = [each for each in self._due if each[0] <= now]
        if not due:
            return
        self._due = [each for each in self._due if each[0] > now]
        for _, endpoint, state in sorted(due, key=lambda each: each[0]):
            self.states[endpoint] = state
        serving = self._in(EndpointState.READY) + self._in(EndpointState.SERVING)
        if self.clears_flows and serving:
            self.flows = {port: flow for port, flow in self.flows.items() if flow.endpoint in serving}

    def endpoint(self, now: float, source: tuple[str, int]) -> str | None:
        """Where a UDP query from this source goes; None where it is rejected."""
        self.sync(now)
        flow = self.flows.get(source)
        if flow is not None and flow.is_kept(now, self.scale):
            flow.used = now
            return flow.endpoint
        chosen = self.new_flow(now)
        if chosen is not None:
            self.flows[source] = Flow(chosen, now, now)
        return chosen

    def new_flow(self, now: float) -> str | None:
        """Where a new connection goes; None where it is rejected."""
        self.sync(now)
        candidates = self._in(EndpointState.READY) or self._in(EndpointState.SERVING)
        return self.dice.choice(candidates) if candidates else None

    def replied(self, source: tuple[str, int]) -> None:
        if (flow := self.flows.get(source)) is not None:
            flow.is_replied = True

    def _in(self, state: EndpointState) -> list[str]:
        return [name for name, each in self.states.items() if each is state]
