"""What `eksdns probe` reads and prints."""

import pytest

from eksaddon.app.probe import (
    lines,
    probe_exit_code,
    probe_now,
    read_question,
    read_thresholds,
)
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.probing.verdict import Thresholds
from eksaddon.probe.check import Probe
from eksaddon.probe.samples import Reply, Sample
from eksaddon.probe.totals import Totals, totals
from eksaddon.probe.verdict import Fail, Inconclusive, Pass, ProbeVerdict


def test_what_the_verb_prints_and_how_it_ends() -> None:
    found = totals(Sample(number / 10, 0.002, Reply("NOERROR")) for number in range(20))
    found.missed, found.scheduled = 1, 21
    ends: dict[ExitCode, ProbeVerdict] = {
        ExitCode.DONE: Pass(found),
        ExitCode.ERROR: Fail(found, ("bad",)),
        ExitCode.PARTIAL: Inconclusive(found, ("too few",)),
    }
    for code, verdict in ends.items():
        assert probe_exit_code(verdict) is code
    assert list(lines(Probe(read_question("10.0.0.10")), ends[ExitCode.ERROR])) == [
        "fail: kubernetes.default.svc.cluster.local. A at 10.0.0.10:53",
        "  bad",
        "  20 of 20 lookups answered, longest outage 0.0 s",
        "  1 of 21 lookups were not sent in time by this host",
        "  answers: p50 2.0 ms, p90 2.0 ms, p99 2.0 ms, max 2.0 ms",
        "  sent: 20 packets, behind schedule by p50 0.0 ms, p90 0.0 ms, p99 0.0 ms, max 0.0 ms",
    ]


def test_failures_are_listed_by_kind() -> None:
    found = totals([Sample(0.0, 0.1, Reply("SERVFAIL", "SERVFAIL"))])
    assert list(lines(Probe(read_question("10.0.0.10")), Fail(found, ())))[-1] == "  failed: 1 SERVFAIL"
    assert len(list(lines(Probe(read_question("10.0.0.10")), Inconclusive(Totals(), ())))) == 2


@pytest.mark.parametrize(
    ("words", "limits"),
    [
        ((None, None, None), Thresholds(0)),
        ((3, None, None), Thresholds(3)),
        ((None, "1%", None), Thresholds(None, 0.01)),
        ((3, "1%", "1500ms"), Thresholds(3, 0.01, 1.5)),
    ],
)
def test_limits_are_read_and_none_may_fail_without_them(
    words: tuple[int | None, str | None, str | None], limits: Thresholds
) -> None:
    assert read_thresholds(*words) == limits


@pytest.mark.parametrize("text", ["1", "-1s", "x"])
def test_an_outage_that_is_not_a_duration_is_a_usage_error(text: str) -> None:
    with pytest.raises(EksdnsError) as caught:
        read_thresholds(None, None, text)
    assert caught.value.exit_code is ExitCode.USAGE


def test_a_port_that_no_one_listens_on_fails() -> None:
    verdict = probe_now(Probe(read_question("127.0.0.1:9"), rate=100), Thresholds(), 0.3)
    assert isinstance(verdict, Fail | Inconclusive)
