"""When a rollout may start something new."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from eksaddon.domain.rollout.time_zone import time_zone

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As datetime.weekday counts."""

_WEEK = 8
_HOUR, _DAY = 60, 24 * 60


@dataclass(frozen=True, slots=True)
class Window:
    """A span of hours on some days.

    Attributes:
        days: On which it begins, 0 for Monday.
        begins: Minutes after midnight.
        ends: Likewise, not in it any more; not after `begins` for a span over midnight.
        zone: IANA time zone, such as Europe/Berlin.
    """

    days: frozenset[int]
    begins: int
    ends: int
    zone: str = "UTC"

    def is_open(self, at: float) -> bool:
        """Args: at: Seconds since the epoch."""
        local = datetime.fromtimestamp(at, time_zone(self.zone))
        minute, today = local.hour * _HOUR + local.minute, local.weekday()
        if self.begins < self.ends:
            return today in self.days and self.begins <= minute < self.ends
        begun_today = today in self.days and minute >= self.begins
        return begun_today or ((today - 1) % len(DAYS) in self.days and minute < self.ends)

    def opens_at(self, at: float) -> float:
        """When it is open next, in seconds since the epoch; the moment itself where it is."""
        if self.is_open(at):
            return at
        zone = time_zone(self.zone)
        today = datetime.fromtimestamp(at, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        for number in range(_WEEK):
            day = today + timedelta(days=number)
            opening = day.replace(hour=self.begins // _HOUR, minute=self.begins % _HOUR)
            begins = opening.astimezone(
                UTC
            ).timestamp()  # an hour that summer time leaves out begins after it
            if day.weekday() in self.days and begins >= at:
                return begins
        raise AssertionError("a window must have at least one day")

    def __str__(self) -> str:
        days = ", ".join(DAYS[day] for day in sorted(self.days)) if len(self.days) < len(DAYS) else "daily"
        return f"{days} {_clock(self.begins)} to {_clock(self.ends)} {self.zone}"


def _clock(minutes: int) -> str:
    return f"{minutes % _DAY // _HOUR:02}:{minutes % _HOUR:02}"


def next_opening(windows: Iterable[Window], at: float) -> float | None:
    """When something new may start; None for at once, as where there are no windows."""
    openings = [window.opens_at(at) for window in windows]
    first = min(openings, default=at)
    return None if first <= at else first
