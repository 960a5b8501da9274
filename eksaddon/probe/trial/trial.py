"""Starts a Corefile in a real CoreDNS and asks it."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

import dns.asyncquery
import dns.exception
import dns.message
import dns.rcode
import dns.rdatatype

from eksaddon.corefile.meaning.serving import served
from eksaddon.corefile.resolution.queries import Kind, cluster_domain, stock_queries
from eksaddon.corefile.syntax.parser import parse
from eksaddon.corefile.trial.staging import LOOPBACK, Stage, staged
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.probing.trial import Asked, DidNotStart, Started, Trial, TrialQuery
from eksaddon.frozen import dataclass
from eksaddon.ports import Clock
from eksaddon.probe.ask import Question, asking
from eksaddon.probe.coredns import free_port, running
from eksaddon.probe.trial.stand_ins import api_server, services_at, upstream
from eksaddon.regex import regex

CLUSTER_DNS = "dns", "53"
"""Scheme and port that the cluster DNS Service sends queries to."""

PATIENCE = 6.0
"""Seconds for one answer; CoreDNS abandons an upstream after 5 s."""

VERSION_SECONDS = 20.0
_VERSION = regex(rb"CoreDNS-(\d+\.\d+\.\d+)")


async def version_of(binary: Path) -> str:
    """The version that a binary reports, such as `1.14.7`.

    Raises:
        EksdnsError: It cannot be started or is not a CoreDNS.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            binary,
            "-version",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={},
        )
        async with asyncio.timeout(VERSION_SECONDS):
            output, _ = await process.communicate()
    except (OSError, TimeoutError) as error:
        reason = getattr(error, "strerror", None) or "no answer"
        raise EksdnsError(
            f"cannot start {binary}: {reason}", hint="--coredns takes the path of a CoreDNS binary"
        ) from None
    found = _VERSION.search(output)
    if found is None:
        raise EksdnsError(
            f"{binary} is not a CoreDNS: -version does not name one",
            hint="--coredns takes the path of a CoreDNS binary",
        )
    return found[1].decode()


@dataclass(frozen=True, slots=True)
class CoreDns:
    """A CoreDNS binary."""

    binary: Path
    clock: Clock

    async def try_corefile(self, text: str, queries: Sequence[TrialQuery] = ()) -> Trial:
        """Run a Corefile and ask the queries of every cluster, then the given ones, over UDP and TCP.

        Raises:
            EksdnsError: The binary cannot be started.
        """
        corefile = parse(text)
        if corefile.fault is not None:
            return DidNotStart(corefile.fault.text)
        if not any(
            (one.scheme, one.port) == CLUSTER_DNS for block in corefile.blocks for one in served(block)
        ):
            return DidNotStart("no server block answers on port 53")
        stock = stock_queries(corefile)
        reverse = next(one.name for one in stock if one.kind is Kind.REVERSE)
        with tempfile.TemporaryDirectory(prefix="eksdns-try-") as folder:
            hosts = Path(folder) / "hosts"
            hosts.touch()
            async with (
                upstream(cluster_domain(corefile)) as resolver,
                api_server(services_at(reverse)) as url,
            ):
                stage = Stage(resolver, url, str(hosts), free_port)
                at = stage.port(CLUSTER_DNS[1])
                ready = staged(text, stage)
                asked = [TrialQuery(one.name, one.type, is_stock=True) for one in stock]
                return await self._run(ready.text, at, (*asked, *queries), ready.replaced)

    async def _run(
        self, text: str, port: int, queries: Sequence[TrialQuery], replaced: tuple[str, ...]
    ) -> Trial:
        first = asking(Question(LOOPBACK, port, "eksdns.invalid."))
        try:
            async with running(self.binary, text, first, self.clock) as process:
                answers = await asyncio.gather(*(_ask(query, port) for query in queries))
                if process.returncode is not None:
                    return DidNotStart(f"ended with {process.returncode} after its start", replaced)
        except EksdnsError as error:
            return DidNotStart(error.message.removeprefix(f"{self.binary} "), replaced)
        return Started(tuple(answers), replaced)


async def _ask(query: TrialQuery, port: int) -> Asked:
    return Asked(query, await _answer(query, port, over_tcp=False), await _answer(query, port, over_tcp=True))


async def _answer(query: TrialQuery, port: int, *, over_tcp: bool) -> str:
    """The rcode, `no records` for an empty success, or `no answer`."""
    message = dns.message.make_query(query.name, query.type)
    over = dns.asyncquery.tcp if over_tcp else dns.asyncquery.udp
    try:
        reply = await over(message, LOOPBACK, PATIENCE, port)
    except (dns.exception.DNSException, OSError, EOFError):
        return "no answer"
    rcode = dns.rcode.to_text(reply.rcode())
    kind = dns.rdatatype.from_text(query.type)
    has_records = any(each.rdtype == kind for each in reply.answer)
    return "no records" if rcode == "NOERROR" and not has_records else rcode
