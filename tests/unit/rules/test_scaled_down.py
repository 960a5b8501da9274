"""Replicas that an interrupted proof has left are found as long as nobody has changed them."""

import pytest

from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.domain.workload import Workload
from eksaddon.rules.scaled_down import RULE, left_down, scaled_down


def live(replicas: int, record: ScaledDown | None) -> Workload:
    return Workload(replicas, 30, 0, None, scaled_down=record)


def test_without_a_record_there_is_nothing_to_find() -> None:
    assert (scaled_down(live(0, None)), left_down(live(0, None))) == (None, None)


@pytest.mark.parametrize(("to", "effect"), [(0, ": cluster DNS is off"), (3, "")])
def test_replicas_as_the_proof_left_them_are_an_error_with_two_ways_to_restore_them(
    to: int, effect: str
) -> None:
    record = ScaledDown(10, to)
    found = scaled_down(live(to, record))
    assert found is not None
    assert (found.severity, found.rule, left_down(live(to, record))) == (Severity.ERROR, RULE, record)
    scaled = f"`eksdns prove` scaled CoreDNS from 10 to {to} replicas and has not restored them"
    assert found.summary == scaled + effect
    assert "`eksdns prove --cluster NAME --restore`" in found.detail
    assert found.detail.endswith("kubectl -n kube-system scale deployment coredns --replicas=10")


@pytest.mark.parametrize(
    ("now", "severity"), [(5, Severity.WARNING), (10, Severity.INFO), (12, Severity.INFO)]
)
def test_replicas_that_were_set_since_then_only_leave_the_record(now: int, severity: Severity) -> None:
    found = scaled_down(live(now, ScaledDown(10, 0)))
    assert found is not None
    assert (found.severity, left_down(live(now, ScaledDown(10, 0)))) == (severity, None)
    assert found.summary.endswith(f"from 10 to 0 replicas; they were set to {now} since then")
    assert found.detail == "`eksdns prove --cluster NAME --restore` removes the record"
