"""The load balancer that probes are tested behind keeps kube-proxy's rules, and counts to the query."""

import itertools
import random
import threading

import pytest

from eksaddon.domain.probing.lookup import PortMode
from eksaddon.probe.ask import Question
from eksaddon.probe.check import Probe, measure_load
from eksaddon.probe.samples import Sample
from tests.support.network.balancer import Balancer
from tests.support.network.dns_server import dns_server
from tests.support.network.service_rules import EndpointState, ServiceRules

A, B = "pod-a", "pod-b"
CLIENT = ("127.0.0.1", 4000)


def rules(**states: EndpointState) -> ServiceRules:
    made = ServiceRules(10, random.Random(1))
    made.states.update({name.replace("_", "-"): state for name, state in states.items()})
    return made


def new_flows(made: ServiceRules, now: float) -> set[str | None]:
    return {made.endpoint(now, (f"10.0.0.{n}", n)) for n in range(50)}


def test_new_flows_leave_a_terminating_endpoint_after_the_propagation():
    made = rules(pod_a=EndpointState.READY, pod_b=EndpointState.READY)
    made.change(100, A, EndpointState.SERVING)
    assert {made.new_flow(109.9) for _ in range(50)} == {A, B}
    assert {made.new_flow(110) for _ in range(50)} == {B}


def test_a_kept_flow_stays_until_its_endpoint_stops_serving():
    made = rules(pod_a=EndpointState.READY)
    assert made.endpoint(99, CLIENT) == A
    made.change(100, B, EndpointState.READY)
    made.change(100, A, EndpointState.SERVING)
    assert made.endpoint(125, CLIENT) == A
    made.change(125, A, EndpointState.NOT_SERVING)
    assert [made.endpoint(now, CLIENT) for now in (134.9, 135)] == [A, B]


def test_before_kube_proxy_clears_flows_only_time_ends_them():
    made = rules(pod_a=EndpointState.READY, pod_b=EndpointState.NOT_SERVING)
    made.clears_flows = False
    assert made.endpoint(100, CLIENT) == A
    made.change(100, B, EndpointState.READY)
    made.change(100, A, EndpointState.REMOVED)
    assert [made.endpoint(now, CLIENT) for now in (129, 159, 189)] == [A, B, B]


@pytest.mark.parametrize(("is_replied", "expected"), [(True, A), (False, B)])
def test_a_flow_with_replies_is_kept_longer(is_replied, expected):
    made = rules(pod_a=EndpointState.READY)
    made.clears_flows = False
    made.endpoint(100, CLIENT)
    if is_replied:
        made.replied(CLIENT)
    made.endpoint(103, CLIENT)
    made.states = {A: EndpointState.REMOVED, B: EndpointState.READY}
    assert made.endpoint(140, CLIENT) == expected


def test_without_a_ready_endpoint_terminating_ones_take_new_flows_while_they_serve():
    made = rules(pod_a=EndpointState.SERVING, pod_b=EndpointState.NOT_SERVING)
    assert new_flows(made, 1) == {A}
    made.states[A] = EndpointState.NOT_SERVING
    assert made.new_flow(1) is None
    assert made.endpoint(1, CLIENT) is None


@pytest.mark.parametrize("ports", list(PortMode))
def test_the_probers_counts_are_the_balancers(ports):
    with dns_server() as first, dns_server() as second, Balancer({"node": 0.0}) as balancer:
        balancer.add(A, first, at_once=True)
        balancer.add(B, second, at_once=True)
        node = balancer.nodes["node"]
        seen = itertools.count(1)

        def count(_: Sample) -> None:
            if next(seen) == 50:
                balancer.end(A)

        probe = Probe(Question("127.0.0.1", node.port, timeout=2.0), 1000, ports=ports)
        found = measure_load(probe, 0.2, threading.Event(), count)
    assert found.asked == len(node.given)
    assert found.lost == len(node.lost)
    assert {each.endpoint for each in node.given if each.answered} <= {A, B}
    assert all(each.is_swallowed for each in node.lost)
