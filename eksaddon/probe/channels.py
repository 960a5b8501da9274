"""Sockets of a probe: one for each UDP lookup or one for all, and a few TCP connections."""

import contextlib
import errno
import os
import random
import selectors
import socket
import sys
from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Protocol

from eksaddon.domain.probing.lookup import PortMode
from eksaddon.frozen import dataclass
from eksaddon.probe.ports import bind_next, walk

MOST_DATAGRAM = 65_535
DATAGRAMS_AT_ONCE = 64
CONNECTIONS = 4
"""Number of TCP connections; lookups are pipelined on them (source: RFC 7766, 6.2.1.1)."""

LENGTH_BYTES = 2
COUNT_BYTES = 4
SO_RXQ_OVFL = 40
"""socket(7); Python has no name for it."""

BUFFER_BYTES = 4 * 1024 * 1024
"""Of the one socket of a kept port, cut to the system's limit; in the other modes each lookup has its own."""

UNDER_WAY = frozenset({errno.EINPROGRESS, errno.EWOULDBLOCK})


@dataclass(slots=True, eq=False)
class Pending:
    """A lookup without an answer yet; times use the monotonic clock.

    Attributes:
        number: Id of its packets.
        sent: When the last packet was sent.
        first: When the first packet was sent.
        tries: Tries so far, with those whose packet could not be sent.
        packets: Packets that were sent.
        done: It was counted; one that timed out may still be answered.
    """

    number: int
    sent: float
    late: float
    first: float
    tries: int = 1
    packets: int = 0
    done: bool = False
    channel: "Channel | None" = None


class Channel(Protocol):
    """A socket and its pending lookups, by id; and replies that were dropped here, see `Datagrams`."""

    pending: dict[int, Pending]
    dropped: int

    def fileno(self) -> int: ...
    def send(self, packet: bytes) -> None:
        """Send a packet.

        Raises:
            OSError: It cannot be sent, or an earlier packet was rejected.
        """
        ...

    def receive(self) -> Sequence[bytes]:
        """Receive complete packets.

        Raises:
            OSError: The port is closed, or the connection is lost.
        """
        ...

    def blame(self, error: OSError) -> Sequence[Pending]:
        """Lookups that fail because of a socket error."""
        ...

    def close(self) -> None: ...


class Channels(Protocol):
    """Source of the engine's sockets."""

    def take(self, selector: selectors.BaseSelector) -> Channel | OSError:
        """Return a channel for the next lookup, registered for reading."""
        ...

    def again(self, channel: Channel | None, selector: selectors.BaseSelector) -> Channel | OSError:
        """Return a channel for another try of a lookup.

        Args:
            channel: That of the try before; None if there was none.
        """
        ...

    def release(self, channel: Channel, selector: selectors.BaseSelector) -> None:
        """A lookup of the channel has finished."""
        ...

    def broken(self, channel: Channel, selector: selectors.BaseSelector) -> None:
        """The channel's socket reported an error."""
        ...

    def overdue(self, channel: Channel) -> None:
        """A lookup of the channel timed out."""
        ...

    def close(self, selector: selectors.BaseSelector) -> None: ...


@dataclass(slots=True, eq=False)
class Datagrams:
    """A connected UDP socket, because only these receive ICMP errors.

    Attributes:
        dropped: Replies that the kernel dropped because they were read too slowly; each is counted for one
            lookup that times out.
    """

    sock: socket.socket
    pending: dict[int, Pending] = field(default_factory=dict)
    dropped: int = 0
    _drops: int = 0

    def fileno(self) -> int:
        return self.sock.fileno()

    def send(self, packet: bytes) -> None:
        self.sock.send(packet)

    def receive(self) -> Sequence[bytes]:
        packets: list[bytes] = []
        with contextlib.suppress(BlockingIOError):
            while len(packets) < DATAGRAMS_AT_ONCE:
                packets.append(self._received())
        return packets

    def _received(self) -> bytes:
        """A packet, with the number of those that were dropped before it (source: socket(7))."""
        packet, extra, _, _ = self.sock.recvmsg(MOST_DATAGRAM, socket.CMSG_SPACE(COUNT_BYTES))
        for level, kind, data in extra:
            if (level, kind) == (socket.SOL_SOCKET, SO_RXQ_OVFL):
                count = int.from_bytes(data[:COUNT_BYTES], sys.byteorder)
                self.dropped += count - self._drops
                self._drops = count
        return packet

    def watch_drops(self) -> None:
        """Ask the kernel for its count of dropped packets, and for a larger buffer, if supported."""
        with contextlib.suppress(OSError):
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                self.sock.setsockopt(socket.SOL_SOCKET, SO_RXQ_OVFL, 1)

    def blame(self, _error: OSError) -> Sequence[Pending]:
        """The oldest lookup, because an ICMP error does not identify the packet."""
        oldest = next((each for each in self.pending.values() if not each.done), None)
        return () if oldest is None else (oldest,)

    def close(self) -> None:
        self.sock.close()


@dataclass(slots=True)
class UdpChannels:
    """One socket for each lookup, or one for all.

    Args:
        address: Address and port of the server.
        dice: Chooses the first port of the walk.
    """

    address: tuple[str, int]
    mode: PortMode
    dice: random.Random
    _ports: Iterator[int] = field(init=False)
    _kept: Datagrams | None = field(init=False, default=None)
    _open: set[Datagrams] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._ports = walk(self.dice)

    def take(self, selector: selectors.BaseSelector) -> Channel | OSError:
        if self._kept is not None:
            return self._kept
        try:
            channel = self._opened()
        except OSError as error:
            return error
        self._open.add(channel)
        selector.register(channel, selectors.EVENT_READ, channel)
        if self.mode is PortMode.KEPT:
            channel.watch_drops()
            self._kept = channel
        return channel

    def again(self, channel: Channel | None, selector: selectors.BaseSelector) -> Channel | OSError:
        """The same port, as libc's resolvers."""
        return channel if isinstance(channel, Datagrams) and channel in self._open else self.take(selector)

    def _opened(self) -> Datagrams:
        family = socket.AF_INET6 if ":" in self.address[0] else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_DGRAM)
        try:
            sock.setblocking(False)  # noqa: FBT003 - as socket has it
            if self.mode is PortMode.WALKED:
                bind_next(sock, self._ports)
            sock.connect(self.address)
        except OSError:
            sock.close()
            raise
        return Datagrams(sock)

    def release(self, channel: Channel, selector: selectors.BaseSelector) -> None:
        if channel is not self._kept and isinstance(channel, Datagrams):
            self._shut(channel, selector)

    def broken(self, channel: Channel, selector: selectors.BaseSelector) -> None:
        """No-op: a UDP socket works after an ICMP error."""

    def overdue(self, channel: Channel) -> None:
        """No-op: a UDP socket has no connection that could be stale."""

    def _shut(self, channel: Datagrams, selector: selectors.BaseSelector) -> None:
        if channel in self._open:
            self._open.discard(channel)
            selector.unregister(channel)
            channel.close()

    def close(self, selector: selectors.BaseSelector) -> None:
        for channel in tuple(self._open):
            self._shut(channel, selector)
        self._kept = None


@dataclass(slots=True, eq=False)
class Stream:
    """A TCP connection with several pending lookups; data is buffered until it is established.

    Attributes:
        is_stale: A lookup timed out, so the next one gets a new connection.
    """

    sock: socket.socket
    selector: selectors.BaseSelector
    pending: dict[int, Pending] = field(default_factory=dict)
    dropped: int = 0
    is_stale: bool = False
    _connecting: bool = True
    _received: bytearray = field(default_factory=bytearray)
    _unsent: bytearray = field(default_factory=bytearray)

    def fileno(self) -> int:
        return self.sock.fileno()

    def send(self, packet: bytes) -> None:
        self._unsent += len(packet).to_bytes(LENGTH_BYTES) + packet
        if not self._connecting:
            self._flush()

    def _flush(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._unsent:
                del self._unsent[: self.sock.send(self._unsent)]
        writes = selectors.EVENT_WRITE if self._unsent else 0
        self.selector.modify(self, selectors.EVENT_READ | writes, self)

    def receive(self) -> Sequence[bytes]:
        if self._connecting:
            if code := self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise OSError(code, os.strerror(code))
            self._connecting = False
        if self._unsent:
            self._flush()
        with contextlib.suppress(BlockingIOError):
            data = self.sock.recv(MOST_DATAGRAM)
            if not data:
                raise ConnectionResetError("the server closed the connection")
            self._received += data
        return tuple(self._packets())

    def _packets(self) -> Iterator[bytes]:
        while len(self._received) >= LENGTH_BYTES:
            end = LENGTH_BYTES + int.from_bytes(self._received[:LENGTH_BYTES])
            if len(self._received) < end:
                return
            yield bytes(self._received[LENGTH_BYTES:end])
            del self._received[:end]

    def blame(self, _error: OSError) -> Sequence[Pending]:
        return tuple(each for each in self.pending.values() if not each.done)

    def close(self) -> None:
        self.sock.close()


def _start_connecting(sock: socket.socket, address: tuple[str, int]) -> None:
    """Start a non-blocking connect; raises OSError if it fails immediately."""
    code = sock.connect_ex(address)
    if code and code not in UNDER_WAY:
        raise OSError(code, os.strerror(code))


@dataclass(slots=True)
class TcpChannels:
    """A few connections in turn; a lost or stale one is reopened for the next lookup."""

    address: tuple[str, int]
    _streams: list[Stream | None] = field(init=False, default_factory=lambda: [None] * CONNECTIONS)
    _stale: set[Stream] = field(init=False, default_factory=set)
    _next: int = field(init=False, default=0)

    def take(self, selector: selectors.BaseSelector) -> Channel | OSError:
        place = self._next
        self._next = (place + 1) % CONNECTIONS
        stream = self._streams[place]
        if stream is not None and not stream.is_stale:
            return stream
        if stream is not None:
            self._stale.add(stream)
        try:
            self._streams[place] = opened = self._opened(selector)
        except OSError as error:
            self._streams[place] = None
            return error
        return opened

    def again(self, _channel: Channel | None, selector: selectors.BaseSelector) -> Channel | OSError:
        """Another connection: that of the try before failed."""
        return self.take(selector)

    def _opened(self, selector: selectors.BaseSelector) -> Stream:
        family = socket.AF_INET6 if ":" in self.address[0] else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.setblocking(False)  # noqa: FBT003 - as socket has it
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _start_connecting(sock, self.address)
        except OSError:
            sock.close()
            raise
        stream = Stream(sock, selector)
        selector.register(stream, selectors.EVENT_READ | selectors.EVENT_WRITE, stream)
        return stream

    def release(self, channel: Channel, selector: selectors.BaseSelector) -> None:
        """Keep the connection; a stale one is closed after its last lookup."""
        if isinstance(channel, Stream) and channel in self._stale and not channel.pending:
            self._shut(channel, selector)

    def broken(self, channel: Channel, selector: selectors.BaseSelector) -> None:
        if isinstance(channel, Stream):
            self._shut(channel, selector)

    def overdue(self, channel: Channel) -> None:
        """Mark the connection as stale: its endpoint may be gone without a reset."""
        if isinstance(channel, Stream):
            channel.is_stale = True

    def _shut(self, stream: Stream, selector: selectors.BaseSelector) -> None:
        if stream not in self._stale and stream not in self._streams:
            return
        self._stale.discard(stream)
        self._streams = [None if each is stream else each for each in self._streams]
        selector.unregister(stream)
        stream.close()

    def close(self, selector: selectors.BaseSelector) -> None:
        for stream in (*self._streams, *self._stale):
            if stream is not None:
                self._shut(stream, selector)
