"""Predicts a shutdown and, with a real CoreDNS, measures it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from eksaddon.app.coredns_binary import find_coredns
from eksaddon.app.runtime import SystemClock
from eksaddon.config.flags import read_flags
from eksaddon.config.fleet import GRACE, PRE_STOP, PROPAGATION
from eksaddon.corefile.meaning.durations import NotADuration, parse_duration
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import Json
from eksaddon.domain.propagation import DEFAULT_NS
from eksaddon.domain.termination import Measured, TerminationSettings

LONGEST_SECONDS = 3600


def settings(
    lameducks: Sequence[str], grace: str, pre_stop: str, propagation: str | None = None
) -> TerminationSettings:
    """Parse the settings of a timeline.

    Args:
        propagation: None for the default.

    Raises:
        EksdnsError: Invalid duration, or longer than an hour.
    """
    flags = read_flags(grace=grace, pre_stop=pre_stop, propagation=propagation)
    values = {one.keys[0]: one.value for one in flags}
    numbers = {name: value for name, value in values.items() if isinstance(value, int)}
    for name, value in numbers.items():
        if value > LONGEST_SECONDS:
            raise EksdnsError(
                f"{name} {value}s is longer than an hour", hint="check for a typo", exit_code=ExitCode.USAGE
            )
    return TerminationSettings(
        pre_stop_seconds=numbers.get(PRE_STOP, 0),
        lameducks_ns=tuple(_nanoseconds(text) for text in lameducks),
        grace_seconds=numbers.get(GRACE, 0),
        propagation_ns=_propagation(values.get(PROPAGATION)),
    )


def propagation_ns(text: str | None) -> int:
    """Parse a propagation; None for the default.

    Raises:
        EksdnsError: Invalid duration.
    """
    found = read_flags(propagation=text)
    return _propagation(found[0].value if found else None)


def _propagation(text: Json) -> int:
    found = parse_duration(text) if isinstance(text, str) else DEFAULT_NS
    return DEFAULT_NS if isinstance(found, NotADuration) else found


def _nanoseconds(text: str) -> int:
    found = parse_duration(text)
    if isinstance(found, NotADuration):
        hint = f"use {text}s" if text.isascii() and text.isdigit() else "example: 20s"
        message = f"--lameduck: invalid duration {text!r}: {found.reason}"
        raise EksdnsError(message, hint=hint, exit_code=ExitCode.USAGE)
    if found > LONGEST_SECONDS * 1_000_000_000:
        raise EksdnsError(
            f"--lameduck {text} is longer than an hour", hint="check for a typo", exit_code=ExitCode.USAGE
        )
    return found


def measured_shutdown(chosen: TerminationSettings, coredns: Path | None) -> Measured:
    """Measure the shutdown; takes as long as the real one.

    Raises:
        EksdnsError: CoreDNS is not found or does not start.
    """
    from eksaddon.probe.measure import measure  # noqa: PLC0415  # dnspython, needed here only

    binary = find_coredns(coredns, "to measure with")
    return asyncio.run(measure(chosen, binary, SystemClock()))
