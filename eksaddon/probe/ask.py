"""One DNS query over the network."""

import asyncio
import functools
import ipaddress
import socket

import dns.asyncbackend
import dns.asyncquery
import dns.exception
import dns.inet
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.probing.figures import Loss
from eksaddon.domain.probing.lookup import Transport
from eksaddon.domain.probing.server import MOST_PORT
from eksaddon.frozen import dataclass
from eksaddon.probe.packets import EDNS_PAYLOAD
from eksaddon.probe.prober import Ask
from eksaddon.probe.samples import NoReply, Reply


@dataclass(frozen=True, slots=True)
class Question:
    """A query and its server.

    Attributes:
        server: An IP address, because a DNS probe must not depend on DNS.
        timeout: Seconds until a query counts as lost.

    Raises:
        EksdnsError: Invalid address, port, name, type or timeout.
    """

    server: str
    port: int = 53
    name: str = "kubernetes.default.svc.cluster.local."
    record_type: str = "A"
    transport: Transport = Transport.UDP
    timeout: float = 1.0

    def __post_init__(self) -> None:
        try:
            ipaddress.ip_address(self.server)
        except ValueError:
            raise _usage(f"{self.server!r} is not an IP address", "give the server as 10.0.0.10") from None
        if not 1 <= self.port <= MOST_PORT:
            raise _usage(f"{self.port} is not a port", f"give a port from 1 to {MOST_PORT}")
        if not self.timeout > 0:
            raise _usage(f"invalid timeout of {self.timeout} seconds", "give more than 0 seconds")
        self.query()

    def query(self) -> dns.message.QueryMessage:
        """A new query with a random id."""
        try:
            name, kind = dns.name.from_text(self.name), dns.rdatatype.from_text(self.record_type)
            return dns.message.make_query(name, kind, use_edns=0, payload=EDNS_PAYLOAD)
        except (dns.exception.DNSException, ValueError, TypeError) as error:
            asked = f"{self.name!r} {self.record_type!r}"
            raise _usage(f"cannot query {asked}: {error}", "give a DNS name and a record type") from None


def _usage(message: str, hint: str) -> EksdnsError:
    return EksdnsError(message, hint=hint, exit_code=ExitCode.USAGE)


def asking(question: Question) -> Ask:
    """Return a function that sends the query; every query has its own socket and therefore its own port."""
    return functools.partial(ask, question)


async def ask(question: Question) -> Reply | NoReply:
    try:
        async with asyncio.timeout(question.timeout):
            message = await _exchange(question)
    except (TimeoutError, dns.exception.Timeout):
        return NoReply(Loss.TIMEOUT)
    except dns.exception.DNSException as error:
        return NoReply(Loss.UNREADABLE, str(error) or type(error).__name__)
    except (OSError, EOFError) as error:
        return NoReply(_loss(error), str(error))
    return Reply(dns.rcode.to_text(message.rcode()))


async def _exchange(question: Question) -> dns.message.Message:
    query, server, port = question.query(), question.server, question.port
    if question.transport is Transport.TCP:
        return await dns.asyncquery.tcp(query, server, timeout=question.timeout, port=port)
    # Only a connected socket is notified that no process listens (ICMP port unreachable).
    backend = dns.asyncbackend.get_default_backend()
    family = dns.inet.af_for_address(server)
    opening = backend.make_socket(family, socket.SOCK_DGRAM, destination=(server, port))  # type: ignore[no-untyped-call]  # dnspython leaves it untyped
    async with await opening as connected:
        return await dns.asyncquery.udp(query, server, question.timeout, port, sock=connected)


def _loss(error: OSError | EOFError) -> Loss:
    match error:
        case ConnectionRefusedError():
            return Loss.REFUSED
        case EOFError() | ConnectionError():
            return Loss.BROKEN
        case _:
            return Loss.NOT_SENT
