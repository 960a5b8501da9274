"""Fields of the desired state that are given on the command line; they win over every file."""

from collections.abc import Callable

from eksaddon.config.fleet import (
    BUDGET,
    GRACE,
    LAMEDUCK,
    PRE_STOP,
    REPLICAS,
    RESOLVE_CONFLICTS,
    Setting,
    Settings,
)
from eksaddon.config.model.scalars import WordError, duration, pods, whole_seconds
from eksaddon.domain.desired import Origin, ResolveConflicts
from eksaddon.domain.diagnostic import Location
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import Json

LAYER = "flag"


def read_flags(
    *,
    lameduck: str | None = None,
    replicas: int | None = None,
    pdb_max_unavailable: str | None = None,
    grace: str | None = None,
    pre_stop: str | None = None,
    resolve_conflicts: ResolveConflicts | None = None,
) -> Settings:
    """Those that are given, as the last layer.

    Args:
        grace: Seconds with or without unit, as 45 or 45s; so is pre_stop.

    Raises:
        EksdnsError: With the flag, what is wrong with it, and the way out.
    """
    given: tuple[tuple[tuple[str, ...], str, Json], ...] = (
        ((REPLICAS,), "--replicas", replicas),
        (
            (BUDGET, "maxUnavailable"),
            "--pdb-max-unavailable",
            _read(_pods, "--pdb-max-unavailable", pdb_max_unavailable),
        ),
        ((LAMEDUCK,), "--lameduck", _read(duration, "--lameduck", lameduck)),
        ((GRACE,), "--grace", _read(_seconds, "--grace", grace)),
        ((PRE_STOP,), "--pre-stop", _read(_seconds, "--pre-stop", pre_stop)),
        ((RESOLVE_CONFLICTS,), "--resolve-conflicts", resolve_conflicts and resolve_conflicts.value),
    )
    return tuple(
        Setting(keys, value, Origin(Location(f"flag {flag}"), LAYER))
        for keys, flag, value in given
        if value is not None
    )


def _read(read: Callable[[str], Json], flag: str, text: str | None) -> Json:
    if text is None:
        return None
    try:
        return read(text.strip())
    except WordError as error:
        raise EksdnsError(f"{flag}: {error.summary}", hint=error.hint, exit_code=ExitCode.USAGE) from None


def _seconds(text: str) -> int:
    return whole_seconds(f"{text}s" if text.isascii() and text.isdigit() else text)


def _pods(text: str) -> int | str:
    return pods(int(text) if text.isascii() and text.isdigit() else text)
