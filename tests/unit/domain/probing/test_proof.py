"""Lost lookups, matched with the pods that ended."""

import pytest

from eksaddon.domain.probing.lines import FailedLookup
from eksaddon.domain.probing.proof import (
    Deletion,
    NodeTrace,
    PodLoss,
    Point,
    attribute,
    by_second,
    propagations,
)


def trace(*parts: tuple[str, float, float], node: str = "n") -> NodeTrace:
    """Every tenth of a second from one time to another, lookups to a server fail."""
    failures = tuple(
        FailedLookup(server, begin + step / 10, "timeout")
        for server, begin, end in parts
        for step in range(round((end - begin) * 10) + 1)
    )
    return NodeTrace(node, (), failures)


A, B = Deletion("a", 100.0, 0.1, 109.0), Deletion("b", 120.0, 0.1, 129.0)


def test_lookups_after_a_pods_end_are_its_own_and_time_the_propagation() -> None:
    seen = trace(("pod/a", 105.0, 140.0), ("kube-dns", 105.1, 110.0))
    (loss,) = attribute([A], [seen])
    assert (loss.pod, loss.lost, loss.is_complete) == ("a", 50, True)
    assert loss.propagation == pytest.approx(10.0)
    assert propagations([loss]) == {"n": pytest.approx(10.0)}


def test_two_pods_that_end_apart_have_a_figure_each() -> None:
    seen = trace(
        ("pod/a", 105.0, 140.0),
        ("pod/b", 125.0, 140.0),
        ("kube-dns", 105.0, 110.0),
        ("kube-dns", 125.0, 130.0),
    )
    first, second = attribute([A, B], [seen])
    assert (first.pod, second.pod) == ("a", "b")
    assert first.propagation == pytest.approx(second.propagation) == pytest.approx(10.0)


def test_a_loss_that_the_next_pods_end_hides_does_not_shorten_the_figure() -> None:
    near = Deletion("b", 104.0, 0.1)
    seen = trace(("pod/a", 105.0, 140.0), ("pod/b", 109.0, 140.0), ("kube-dns", 105.0, 114.0))
    first, second = attribute([A, near], [seen])
    assert not first.is_complete
    assert propagations([first, second])["n"] == pytest.approx(10.0)
    assert propagations([first])["n"] == pytest.approx(first.propagation)


def test_losses_that_no_ended_pod_explains_are_not_attributed() -> None:
    (loss,) = attribute([A], [trace(("kube-dns", 90.0, 90.5))])
    assert (loss.pod, loss.lost, loss.propagation) == ("", 6, 0.0)
    assert propagations([loss]) == {}


def test_a_pod_that_failed_before_its_deletion_did_not_end_then() -> None:
    (loss,) = attribute([A], [trace(("pod/a", 50.0, 51.0), ("kube-dns", 60.0, 60.5))])
    assert loss.pod == ""


def test_every_node_has_its_own_figure() -> None:
    parts = [("pod/a", 105.0, 140.0)]
    slow = trace(*parts, ("kube-dns", 105.0, 112.0), node="slow")
    fast = trace(*parts, ("kube-dns", 105.0, 106.0), node="fast")
    found = propagations(attribute([A], [slow, fast, trace(*parts, node="none")]))
    assert found == {"slow": pytest.approx(12.0), "fast": pytest.approx(6.0)}


def test_seconds_are_summed_over_nodes() -> None:
    one = NodeTrace("a", (Point(10.2, 5, 0), Point(11.2, 15, 2)))
    two = NodeTrace("b", (Point(10.9, 4, 1), Point(12.0, 8, 1)))
    assert by_second([one, two]) == ((10, 9, 1), (11, 10, 2), (12, 4, 0))


def test_a_loss_is_a_value() -> None:
    assert PodLoss("n", "a", 1, 1.0, 1.0, 1.0) == PodLoss("n", "a", 1, 1.0, 1.0, 1.0)
