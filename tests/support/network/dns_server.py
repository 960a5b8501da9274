"""A DNS server on a thread of the test's own process."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dns.message
import dns.rrset


def with_address(query: bytes, address: str = "10.0.0.1") -> bytes:
    """The answer to a query for an A record."""
    reply = dns.message.make_response(dns.message.from_wire(query))
    reply.answer.append(dns.rrset.from_text(reply.question[0].name, 5, "IN", "A", address))
    return reply.to_wire()


@contextmanager
def dns_server(serve: Callable[[bytes], bytes] = with_address) -> Iterator[int]:
    """Answer on a UDP port of the loopback, which is given."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))

        def run() -> None:
            while True:
                query, sender = sock.recvfrom(65_535)
                if not query:
                    return
                sock.sendto(serve(query), sender)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield sock.getsockname()[1]
        finally:
            sock.sendto(b"", sock.getsockname())
            thread.join()
