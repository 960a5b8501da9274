"""What lint says about a cluster's queries is what a real CoreDNS answers, over UDP and TCP."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import pytest

from eksaddon.app.runtime import SystemClock
from eksaddon.corefile import parse
from eksaddon.corefile.resolution.outcomes import Answer, Answered, Failure
from eksaddon.corefile.resolution.queries import Query
from eksaddon.corefile.resolution.servers import Resolved, resolve
from eksaddon.probe.ask import Question, asking
from eksaddon.probe.coredns import LOOPBACK, running
from tests.e2e.cluster_stand_ins import api_server, free_ports, upstream
from tests.e2e.coredns_release import CURRENT, OLD, coredns
from tests.e2e.resolution_cases import IN_A_POD, cases, filled
from tests.support.corefile.versions import coredns_version

pytestmark = pytest.mark.e2e

COUNT = 60
PATIENCE = 10.0
"""Seconds; an answer comes at once, and a query that gets none is not sent."""


@dataclass(frozen=True, slots=True)
class Case:
    """Attributes: text: As a pod would have it, with names for what differs on the loopback."""

    text: str
    resolved: tuple[Resolved, ...]

    @property
    def keeps_clients_waiting(self) -> bool:
        return any(
            isinstance(one, Failure) and (one.answer is Answer.NOTHING or one.rule == "forward-unreachable")
            for each in self.resolved
            for one in each.outcomes
        )


def chosen(version: str) -> list[Case]:
    words = {**IN_A_POD, "@OTHER@": "5301", "@NOTHING@": "5999"}
    number = coredns_version(version)
    made = (Case(text, resolve(parse(filled(text, words)), number)) for text in cases(7, 10 * COUNT))
    return list(islice((case for case in made if not case.keeps_clients_waiting), COUNT))


def served(cases: Sequence[Case], api: str, port_of_upstream: int) -> tuple[str, list[int]]:
    """One Corefile, in which each case has ports of its own; and the port of each."""
    ports = iter(free_ports(2 * len(cases)))
    texts, found = [], []
    for case in cases:
        found.append(next(ports))
        words = {
            "@DNS@": str(found[-1]),
            "@OTHER@": str(next(ports)),
            "@NOTHING@": "1",
            "@UPSTREAM@": f"{LOOPBACK}:{port_of_upstream}",
            "@BIND@": f"bind {LOOPBACK}",
            "@API@": f"endpoint {api}",
        }
        texts.append(filled(case.text, words))
    return "".join(texts), found


def ask(query: Query, port: int) -> Iterator[str]:
    """The rcode over UDP and TCP; `no records` for an empty success."""
    message = dns.message.make_query(query.name, query.type)
    kind = dns.rdatatype.from_text(query.type)
    for over in (dns.query.udp, dns.query.tcp):
        reply = over(message, LOOPBACK, PATIENCE, port)
        is_empty = not any(each.rdtype == kind for each in reply.answer)
        rcode = dns.rcode.to_text(reply.rcode())
        yield str(Answer.EMPTY) if is_empty and rcode == "NOERROR" else rcode


def expected(resolved: Resolved) -> str:
    """What the client gets; empty where the text does not decide."""
    match resolved.outcomes:
        case (Failure(answer=answer, is_certain=True),):
            return str(answer)
        case (Answered(plugin=plugin),):
            is_known = not resolved.query.is_inside or plugin == "kubernetes"
            return "NOERROR" if is_known else "NXDOMAIN"  # no upstream knows the names of the cluster
        case _:
            return ""


def disagreements(case: Case, port: int) -> Iterator[str]:
    for each in case.resolved:
        wanted = expected(each)
        real = set(ask(each.query, port)) if wanted else set()
        if wanted and real != {wanted}:
            yield f"{each.query} gets {real}, not {wanted}:\n{case.text}"


@pytest.mark.parametrize("version", [CURRENT, OLD])
def test_lint_and_coredns_agree_on_what_is_answered(version: str) -> None:
    found = chosen(version)

    async def wrong() -> list[str]:
        with upstream() as port, api_server() as url:
            text, ports = served(found, url, port)
            first = Question(LOOPBACK, ports[0], "eksdns.invalid.")
            async with running(coredns(version), text, asking(first), SystemClock()):
                return [
                    each for case, at in zip(found, ports, strict=True) for each in disagreements(case, at)
                ]

    assert asyncio.run(wrong()) == []
    wanted = [expected(each) for case in found for each in case.resolved]
    assert {"NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED", "no records"} <= set(wanted)
    assert wanted.count("") < len(wanted) // 2
