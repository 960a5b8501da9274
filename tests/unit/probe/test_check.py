import asyncio

import dns.rcode
import pytest

from eksaddon.probe.ask import Question
from eksaddon.probe.check import check, document, reasons, word
from eksaddon.probe.prober import Pace
from eksaddon.probe.samples import Sample
from eksaddon.probe.verdict import Fail, Inconclusive, Pass, ProbeVerdict, Thresholds, summarise
from tests.support.network.stepping_clock import SteppingClock
from tests.unit.probe.server import answering, udp_server

FEW = Thresholds(least_sent=1)


def checked(rcode: dns.rcode.Rcode, seen: list[Sample]) -> ProbeVerdict:
    async def run_progress() -> ProbeVerdict:
        async with udp_server(answering(rcode)) as port:
            question = Question("127.0.0.1", port, timeout=5.0)
            return await check(question, Pace(100), FEW, SteppingClock(), seconds=0.2, seen=seen.append)

    return asyncio.run(run_progress())


def test_a_server_that_answers_well_passes() -> None:
    seen: list[Sample] = []
    verdict = checked(dns.rcode.NOERROR, seen)
    assert isinstance(verdict, Pass)
    assert verdict.summary.sent == len(seen) >= FEW.least_sent


def test_a_server_that_answers_badly_fails() -> None:
    assert isinstance(checked(dns.rcode.SERVFAIL, []), Fail)


@pytest.mark.parametrize(
    ("verdict", "said", "why"),
    [
        (Pass(summarise([])), "pass", []),
        (Fail(summarise([]), ("lost",)), "fail", ["lost"]),
        (Inconclusive(summarise([]), ("no data",)), "inconclusive", ["no data"]),
    ],
)
def test_verdicts_have_one_word_and_reasons(verdict: ProbeVerdict, said: str, why: list[str]) -> None:
    assert word(verdict) == said
    assert list(reasons(verdict)) == why


def test_the_document_holds_question_verdict_and_numbers() -> None:
    verdict = checked(dns.rcode.SERVFAIL, [])
    told = document(Question("127.0.0.1", 1053), verdict)
    summary = told["summary"]
    assert (told["kind"], told["verdict"], told["server"], told["port"]) == (
        "probe",
        "fail",
        "127.0.0.1",
        1053,
    )
    assert isinstance(summary, dict)
    assert summary["lost"] == {"SERVFAIL": summary["sent"]}
    assert summary["medianMilliseconds"] is None


def test_latencies_of_good_answers_are_in_the_document() -> None:
    summary = document(Question("127.0.0.1"), checked(dns.rcode.NOERROR, []))["summary"]
    assert isinstance(summary, dict)
    assert 0 < summary["medianMilliseconds"] <= summary["slowestMilliseconds"]
