"""The JSON document of `eksdns probe`."""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Literal

from eksaddon.domain.document import Count, Version, as_json
from eksaddon.domain.encoding.codec import KEY
from eksaddon.domain.json import SCHEMA_VERSION, JsonObject
from eksaddon.domain.probing.lookup import PortMode, Transport
from eksaddon.frozen import dataclass
from eksaddon.probe.check import Probe, reasons, word
from eksaddon.probe.histogram import Histogram
from eksaddon.probe.totals import Outage, Totals
from eksaddon.probe.verdict import ProbeVerdict

PERCENTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}


@dataclass(frozen=True, slots=True)
class OutageView:
    start: Annotated[float, "Seconds since the epoch."]
    seconds: float
    share: Annotated[float, "Share of the lookups sent in that time that failed, from 0 to 1."]


@dataclass(frozen=True, slots=True)
class SummaryView:
    scheduled: Annotated[Count, "Lookups that were due."]
    missed: Annotated[Count, "Lookups that this host could not send in time."]
    asked: Annotated[Count, "Lookups that were sent, or could not be sent because of an error."]
    sent: Annotated[Count, "Packets, repeated tries included."]
    answered: Annotated[Count, "Lookups with a readable answer of any kind, in time."]
    good: Annotated[Count, "Lookups with an expected answer."]
    lost: Annotated[
        Mapping[str, int],
        "Failed lookups by kind, most frequent first; `late` ones were answered after the timeout.",
    ]
    longest_outage_seconds: float
    outages: tuple[OutageView, ...]
    last_answer: Annotated[float | None, "Seconds since the epoch; null if there was none."]
    answer_milliseconds: Annotated[
        Mapping[str, float | None], "Of good answers, by percentile; null if there was none."
    ]
    send_delay_milliseconds: Annotated[
        Mapping[str, float | None], "How far behind schedule lookups were sent, by percentile."
    ]


@dataclass(frozen=True, slots=True)
class ProbeDocument:
    schema_version: Version
    kind: Literal["probe"]
    server: str
    port: int
    transport: Transport
    ports: Annotated[PortMode | None, "Source ports of UDP; null for TCP."]
    name: str
    record_type: str = field(metadata={KEY: "type"})
    rate: Annotated[float, "Lookups per second."]
    verdict: Literal["pass", "fail", "inconclusive"]
    reasons: Annotated[tuple[str, ...], "Why it did not pass; one sentence each."]
    summary: SummaryView


def document(probe: Probe, verdict: ProbeVerdict) -> JsonObject:
    """Build the document for `-o json`; milliseconds are rounded to microseconds."""
    question = probe.question
    made = ProbeDocument(
        SCHEMA_VERSION,
        "probe",
        server=question.server,
        port=question.port,
        transport=question.transport,
        ports=probe.ports if question.transport is Transport.UDP else None,
        name=question.name,
        record_type=question.record_type,
        rate=float(probe.rate),
        verdict=word(verdict),
        reasons=tuple(reasons(verdict)),
        summary=_summary(verdict.totals),
    )
    return as_json(made)


def _summary(found: Totals) -> SummaryView:
    return SummaryView(
        scheduled=found.scheduled,
        missed=found.missed,
        asked=found.asked,
        sent=found.sent,
        answered=found.answered,
        good=found.good,
        lost=dict(found.by_loss()),
        longest_outage_seconds=found.longest_outage,
        outages=tuple(_outage(each) for each in found.outages()),
        last_answer=found.last_answer,
        answer_milliseconds=_milliseconds(found.took),
        send_delay_milliseconds=_milliseconds(found.late),
    )


def _outage(found: Outage) -> OutageView:
    return OutageView(found.start, found.seconds, round(found.share, 4))


def _milliseconds(found: Histogram) -> Mapping[str, float | None]:
    values = {name: found.percentile(share) for name, share in PERCENTILES.items()}
    values["max"] = found.slowest if found.counts else None
    return {name: None if value is None else round(value * 1000, 3) for name, value in values.items()}
