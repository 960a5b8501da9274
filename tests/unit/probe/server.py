"""DNS servers on the loopback that answer as a test wants."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import cast

import dns.message
import dns.rcode

Serve = Callable[[bytes], bytes]
"""The reply to a query; empty for none."""


def answering(rcode: dns.rcode.Rcode = dns.rcode.NOERROR) -> Serve:
    def serve(wire: bytes) -> bytes:
        response = dns.message.make_response(dns.message.from_wire(wire))
        response.set_rcode(rcode)
        return response.to_wire()

    return serve


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, serve: Serve) -> None:
        self._serve = serve

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if reply := self._serve(data):
            self._transport.sendto(reply, addr)


@contextlib.asynccontextmanager
async def udp_server(serve: Serve, host: str = "127.0.0.1") -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Udp(serve), local_addr=(host, 0))
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


@contextlib.asynccontextmanager
async def tcp_server(serve: Serve) -> AsyncIterator[int]:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = int.from_bytes(await reader.readexactly(2))
        if reply := serve(await reader.readexactly(size)):
            writer.write(len(reply).to_bytes(2) + reply)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
