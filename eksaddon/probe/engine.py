"""Sends lookups at fixed times and collects answers, on one thread, with raw packets.

Open loop: the times are fixed in advance, and neither slow answers nor outages delay the next lookup. If this
process is late, lookups are skipped and counted as missed, because a later burst would measure something
else.
"""

import selectors
import time
from collections import deque
from collections.abc import Callable
from dataclasses import field

from eksaddon.domain.probing.figures import Loss
from eksaddon.frozen import dataclass
from eksaddon.probe.channels import Channel, Channels, Pending
from eksaddon.probe.packets import Packets
from eksaddon.probe.samples import NoReply, Reply, Sample

TOO_LATE = 0.1
"""Delay in seconds after which a lookup is skipped."""

SPIN = 0.002
"""If the next lookup is due in fewer seconds, the thread sleeps instead of polling.

epoll counts in milliseconds; time.sleep hits 0.3 ms at p99 (measured on CPython 3.11).
"""


MOST_READS = 10_000
"""Reads in a row before overdue lookups are failed."""

LATE_SECONDS = 5.0
"""After the timeout, for which a late answer is waited for (source: resolv.conf(5), the timeout of glibc)."""

MOST_LATE = 256
"""Lookups that are waited for after their timeout; each keeps its socket open."""

STEP = 0.0005
"""Seconds of one sleep, between which answers are read."""


@dataclass(frozen=True, slots=True)
class Load:
    """Load of a probe.

    Attributes:
        rate: Lookups per second.
        timeout: Seconds for each try.
        tries: Packets per lookup; retries use the same port, like libc's resolvers.
    """

    rate: float = 10.0
    timeout: float = 1.0
    tries: int = 1

    def __post_init__(self) -> None:
        if self.rate <= 0 or self.timeout <= 0 or self.tries < 1:
            raise ValueError(f"impossible load: {self}")


@dataclass(slots=True)
class Engine:
    """One run of a probe.

    Attributes:
        seen: Called with each completed lookup, on the engine's thread.
        late: Called for each lookup that was answered after it was counted as timed out, on that thread.
        scheduled: Number of lookups due so far.
        missed: Number of skipped ones among these.
    """

    packets: Packets
    channels: Channels
    load: Load
    seen: Callable[[Sample], None]
    late: Callable[[], None] = lambda: None
    scheduled: int = 0
    missed: int = 0
    _selector: selectors.BaseSelector = field(init=False, default_factory=selectors.DefaultSelector)
    _waiting: deque[tuple[float, Pending]] = field(init=False, default_factory=deque)
    _again: deque[Pending] = field(init=False, default_factory=deque)
    _timed_out: deque[tuple[float, Pending]] = field(init=False, default_factory=deque)
    _open: int = field(init=False, default=0)
    _number: int = field(init=False, default=0)
    _offset: float = field(init=False, default_factory=lambda: time.time() - time.monotonic())

    def run(self, is_over: Callable[[], bool]) -> None:
        """Probe until `is_over`, then wait for the last answers; blocks this thread.

        Args:
            is_over: Called before every lookup.
        """
        began = time.monotonic()
        try:
            while not is_over():
                self._turn(began)
            while self._open:
                self._collect(0.01)
        finally:
            self.channels.close(self._selector)
            self._selector.close()

    def _turn(self, began: float) -> None:
        """Send everything due, then wait for the next lookup."""
        now = time.monotonic()
        due = began + self.scheduled / self.load.rate
        if due > now:
            rest = due - now
            self._collect(rest - SPIN / 2 if rest > SPIN else 0.0)
            if 0 < (rest := due - time.monotonic()) <= SPIN:
                time.sleep(min(rest, STEP))
            return
        self.scheduled += 1
        if now - due > TOO_LATE:
            self.missed += 1
        else:
            self._send(due)
        self._collect(0.0)

    def _send(self, due: float) -> None:
        number = self._number
        self._number = (number + 1) % 65_536
        now = time.monotonic()
        pending = Pending(number, sent=now, late=now - due, first=now)
        self._open += 1
        self._transmit(self.channels.take(self._selector), pending)

    def _transmit(self, channel: Channel | OSError, pending: Pending) -> None:
        """Send one try."""
        if isinstance(channel, OSError):
            self._failed(pending, _unsent(channel))
            return
        pending.channel = channel
        if (error := self._put(channel, pending)) is not None:
            self._drop(channel, pending)
            self._failed(pending, _unsent(error))
            self.channels.broken(channel, self._selector)
            return
        pending.packets += 1
        channel.pending[pending.number] = pending
        self._waiting.append((pending.sent, pending))

    def _put(self, channel: Channel, pending: Pending) -> OSError | None:
        """Send a packet; a socket first reports the error of an earlier packet, and is then asked again."""
        packet = self.packets.query(pending.number)
        try:
            channel.send(packet)
        except OSError as earlier:
            self._blame(channel, earlier, retried=pending)
        else:
            return None
        try:
            channel.send(packet)
        except OSError as error:
            return error
        return None

    def _blame(self, channel: Channel, error: OSError, retried: Pending | None = None) -> None:
        """Fail the lookups affected by a socket error, except one that is tried again just now."""
        for each in channel.blame(error):
            if each is not retried:
                channel.pending.pop(each.number, None)
                self._failed(each, _rejected(error))

    def _failed(self, pending: Pending, result: NoReply) -> None:
        """Try again, if tries are left: immediately, as libc does after a refusal."""
        if pending.tries >= self.load.tries:
            self._finish(pending, result)
            return
        pending.tries += 1
        pending.sent = time.monotonic()
        self._again.append(pending)

    def _retry(self) -> None:
        """Send the tries that are due, each once."""
        for _ in range(len(self._again)):
            pending = self._again.popleft()
            self._transmit(self.channels.again(pending.channel, self._selector), pending)

    def _collect(self, seconds: float) -> None:
        """Read answers for the given seconds, and fail overdue lookups."""
        self._read_all(0.0 if self._again else seconds)
        now = time.monotonic()
        if self._is_overdue(now):  # after a pause of this process, answers may be waiting to be read
            for _ in range(MOST_READS):
                if not self._read_all(0.0):
                    break
        while self._waiting and (self._is_settled() or self._is_overdue(now)):
            is_settled = self._is_settled()
            _, pending = self._waiting.popleft()
            if not is_settled:
                self._overdue(pending, now)
        while self._timed_out and (self._timed_out[0][0] <= now or len(self._timed_out) > MOST_LATE):
            self._forget(self._timed_out.popleft()[1])
        self._retry()

    def _is_settled(self) -> bool:
        """Whether the try that has waited longest has an answer, or was followed by another one."""
        sent, pending = self._waiting[0]
        return pending.done or pending.sent != sent

    def _is_overdue(self, now: float) -> bool:
        return bool(self._waiting) and now - self._waiting[0][0] >= self.load.timeout

    def _read_all(self, seconds: float) -> bool:
        """Whether anything was to be read."""
        events = self._selector.select(max(0.0, seconds))
        for key, _ in events:
            self._read(key.data)
        return bool(events)

    def _overdue(self, pending: Pending, now: float) -> None:
        channel = pending.channel
        if channel is not None and pending.tries < self.load.tries:
            pending.tries += 1
            pending.sent = now
            self._transmit(channel, pending)
            return
        loss = Loss.TIMEOUT
        if channel is not None:
            if channel.dropped:
                channel.dropped -= 1
                loss = Loss.DROPPED
            self.channels.overdue(channel)
            if loss is Loss.TIMEOUT:
                self._timed_out.append((now + LATE_SECONDS, pending))
            else:
                self._drop(channel, pending)
        self._finish(pending, NoReply(loss))

    def _forget(self, pending: Pending) -> None:
        """Wait no longer; its id may belong to another lookup by now."""
        channel = pending.channel
        if channel is not None and channel.pending.get(pending.number) is pending:
            self._drop(channel, pending)

    def _read(self, channel: Channel) -> None:
        try:
            replies = channel.receive()
        except OSError as error:
            self._blame(channel, error)
            self.channels.broken(channel, self._selector)
            if not any(each.channel is channel for each in self._again):
                self.channels.release(channel, self._selector)
            return
        for reply in replies:
            number = int.from_bytes(reply[:2])
            pending = channel.pending.get(number)
            if pending is not None and self.packets.is_ours(reply):
                self._drop(channel, pending)
                if pending.done:
                    self.late()
                else:
                    self._finish(pending, self.packets.read(reply))

    def _drop(self, channel: Channel, pending: Pending) -> None:
        channel.pending.pop(pending.number, None)
        self.channels.release(channel, self._selector)

    def _finish(self, pending: Pending, result: Reply | NoReply) -> None:
        pending.done = True
        self._open -= 1
        took = time.monotonic() - pending.first
        self.seen(Sample(pending.first + self._offset, took, result, pending.late, pending.packets))


def _unsent(error: OSError) -> NoReply:
    """Why a packet could not be sent; a refusal comes from the server, the rest from this host."""
    if isinstance(error, ConnectionError):
        return _rejected(error)
    return NoReply(Loss.NOT_SENT, str(error))


def _rejected(error: OSError) -> NoReply:
    """What became of a packet that was sent."""
    match error:
        case ConnectionRefusedError():
            return NoReply(Loss.REFUSED, str(error))
        case ConnectionError():
            return NoReply(Loss.BROKEN, str(error))
        case TimeoutError():
            return NoReply(Loss.TIMEOUT, str(error))
        case _:  # ICMP: no route to the host or the network, or forbidden
            return NoReply(Loss.UNREACHABLE, str(error))
