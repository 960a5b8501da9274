"""Maintenance windows: when a rollout may start updates."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from eksaddon.domain.rollout.time_zone import time_zone
from eksaddon.frozen import dataclass

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In the order of `datetime.weekday`."""

_SEARCH_DAYS = 8
"""Today and the next seven days: today's span may be over, and a window of one day opens again in a week."""
_HOUR, _DAY = 60, 24 * 60


@dataclass(frozen=True, slots=True)
class Window:
    """A daily time span on given weekdays.

    Attributes:
        days: Weekdays on which it begins; 0 is Monday.
        begins: Minutes after midnight.
        ends: Minutes after midnight, exclusive; at or before `begins` for a span over midnight.
        zone: IANA time zone, such as Europe/Berlin.
    """

    days: frozenset[int]
    begins: int
    ends: int
    zone: str = "UTC"

    def is_open(self, at: float) -> bool:
        """Whether updates may start at `at`, in seconds since the epoch."""
        local = datetime.fromtimestamp(at, time_zone(self.zone))
        minute, today = local.hour * _HOUR + local.minute, local.weekday()
        if self.begins < self.ends:
            return today in self.days and self.begins <= minute < self.ends
        began_today = today in self.days and minute >= self.begins
        return began_today or ((today - 1) % len(DAYS) in self.days and minute < self.ends)

    def opens_at(self, at: float) -> float:
        """When it opens next, in seconds since the epoch; `at` if it is open."""
        if self.is_open(at):
            return at
        zone = time_zone(self.zone)
        today = datetime.fromtimestamp(at, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        for number in range(_SEARCH_DAYS):
            day = today + timedelta(days=number)
            opening = day.replace(hour=self.begins // _HOUR, minute=self.begins % _HOUR)
            # an hour that summer time skips begins after the gap
            begins = opening.astimezone(UTC).timestamp()
            if day.weekday() in self.days and begins >= at:
                return begins
        raise AssertionError("a window must have at least one day")

    def __str__(self) -> str:
        days = ", ".join(DAYS[day] for day in sorted(self.days)) if len(self.days) < len(DAYS) else "daily"
        return f"{days} {_clock_time(self.begins)} to {_clock_time(self.ends)} {self.zone}"


def _clock_time(minutes: int) -> str:
    return f"{minutes % _DAY // _HOUR:02}:{minutes % _HOUR:02}"


def next_opening(windows: Iterable[Window], at: float) -> float | None:
    """When updates may start, in seconds since the epoch; None for now, also without windows."""
    openings = [window.opens_at(at) for window in windows]
    first = min(openings, default=at)
    return None if first <= at else first
