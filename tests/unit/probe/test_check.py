import asyncio

import dns.rcode
import pytest

from eksaddon.domain.probing.expectation import ANY_ANSWER, DATA, Expectation
from eksaddon.domain.probing.verdict import Thresholds
from eksaddon.probe.ask import Question
from eksaddon.probe.check import Probe, check, reasons, word
from eksaddon.probe.document import document
from eksaddon.probe.samples import Sample
from eksaddon.probe.totals import Totals
from eksaddon.probe.verdict import Fail, Inconclusive, Pass, ProbeVerdict
from tests.unit.probe.server import answering, udp_server

FEW = Thresholds(least_sent=1)


def checked(
    rcode: dns.rcode.Rcode, seen: list[Sample], expectation: Expectation = ANY_ANSWER
) -> tuple[Probe, ProbeVerdict]:
    async def run() -> tuple[Probe, ProbeVerdict]:
        async with udp_server(answering(rcode)) as port:
            probe = Probe(Question("127.0.0.1", port, timeout=30.0), 400, expectation=expectation)
            return probe, await check(probe, FEW, seconds=0.05, seen=seen.append)

    return asyncio.run(run())


def test_a_server_that_answers_well_passes() -> None:
    seen: list[Sample] = []
    _, verdict = checked(dns.rcode.NOERROR, seen)
    assert isinstance(verdict, Pass)
    assert verdict.totals.asked == len(seen) >= FEW.least_sent


def test_a_server_that_answers_badly_fails() -> None:
    assert isinstance(checked(dns.rcode.SERVFAIL, [], DATA)[1], Fail)


def test_an_answer_without_data_fails_unless_it_is_expected() -> None:
    _, verdict = checked(dns.rcode.NOERROR, [], DATA)
    assert isinstance(verdict, Fail)
    assert set(verdict.totals.losses) == {"NODATA"}


@pytest.mark.parametrize(
    ("verdict", "name", "why"),
    [
        (Pass(Totals()), "pass", []),
        (Fail(Totals(), ("lost",)), "fail", ["lost"]),
        (Inconclusive(Totals(), ("no data",)), "inconclusive", ["no data"]),
    ],
)
def test_verdicts_have_one_word_and_reasons(verdict: ProbeVerdict, name: str, why: list[str]) -> None:
    assert word(verdict) == name
    assert list(reasons(verdict)) == why


def test_the_document_holds_question_verdict_and_numbers() -> None:
    probe, verdict = checked(dns.rcode.SERVFAIL, [], DATA)
    found = document(probe, verdict)
    summary = found["summary"]
    assert (found["kind"], found["verdict"], found["server"]) == ("probe", "fail", "127.0.0.1")
    assert isinstance(summary, dict)
    assert summary["lost"] == {"SERVFAIL": summary["asked"]}
    assert (summary["answered"], summary["good"]) == (summary["asked"], 0)
    assert summary["answerMilliseconds"] == {"p50": None, "p90": None, "p99": None, "max": None}


def test_times_of_good_answers_are_in_the_document() -> None:
    summary = document(*checked(dns.rcode.NOERROR, []))["summary"]
    assert isinstance(summary, dict)
    times = summary["answerMilliseconds"]
    assert isinstance(times, dict)
    assert 0 < times["p50"] <= times["p99"] <= times["max"]
