"""Time zones of the IANA database, which small container images and Windows may lack."""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from eksaddon.domain.errors import EksdnsError

_ALWAYS_PRESENT = "Europe/London"
"""Present in every edition of the database; if it is missing, there is no database."""


def time_zone(name: str) -> tzinfo:
    """Look up a time zone; UTC works without a database.

    Raises:
        EksdnsError: There is no such zone, or this machine has no time zone data.
    """
    if name in {"UTC", "Etc/UTC"}:
        return UTC
    found = _find(name)
    if found is not None:
        return found
    if _find(_ALWAYS_PRESENT) is None:
        raise EksdnsError(
            f"cannot look up time zone {name!r}: this machine has no time zone data",
            hint="install the system package tzdata, or `pip install tzdata`, or use UTC",
        )
    raise EksdnsError(
        f"unknown time zone {name!r}", hint="write UTC or an IANA name, for example Europe/Berlin"
    )


def _find(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
