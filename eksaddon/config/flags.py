"""Command line options that set fields of the desired state; they take precedence over the fleet file."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from eksaddon.config.fleet import (
    ADDON_VERSION,
    ALLOW_DOWNGRADE,
    ALLOW_UNVERIFIED,
    ALLOW_WEAKEN,
    BUDGET,
    COREFILE_BASE,
    GRACE,
    LAMEDUCK,
    PRE_STOP,
    PROPAGATION,
    READINESS,
    REMOVE_BUDGET,
    REPLICAS,
    RESOLVE_CONFLICTS,
    SETTINGS,
    WORKLOAD,
    Setting,
    Settings,
)
from eksaddon.config.model.scalars import (
    MAX_PODS,
    WordError,
    addon_version,
    duration,
    pods,
    propagation,
    whole_seconds,
)
from eksaddon.corefile.desired.address import AddressError, assignment, desired_setting
from eksaddon.domain.desired import Origin
from eksaddon.domain.diagnostic import Location
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import Json
from eksaddon.domain.kube.readiness import FAILURES, PERIOD, TIMEOUT
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

LAYER = "flag"
_NUMBER = regex(r"[-+]?[0-9.]+", re.ASCII)


def _seconds(text: str) -> int:
    return whole_seconds(f"{text}s" if _NUMBER.fullmatch(text) else text)


def _pods(text: str) -> int | str:
    return pods(int(text) if text.isascii() and text.isdigit() else text)


def _seconds_above_0(text: str) -> int:
    return _above_0(_seconds(text))


def _above_0(value: int) -> int:
    if value > 0:
        return value
    raise WordError(f"invalid number {value}", "use 1 or more")


def _replicas(value: int) -> int:
    if abs(value) <= MAX_PODS:  # what the add-on accepts of these is said by its schema and the rules
        return value
    raise WordError(f"{value} is not a number of pods that the Kubernetes API can hold", "use 2 to 1000")


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag and the field that it sets.

    Attributes:
        keys: Path of the field in the fleet file's `coredns`.
        read: Converts the argument; raises WordError.
    """

    name: str
    keys: tuple[str, ...]
    read: Callable[[Any], Json]


FLAGS: Mapping[str, Flag] = {
    "addon_version": Flag("--addon-version", (ADDON_VERSION,), addon_version),
    "replicas": Flag("--replicas", (REPLICAS,), _replicas),
    "pdb_max_unavailable": Flag("--pdb-max-unavailable", (BUDGET, "maxUnavailable"), _pods),
    "lameduck": Flag("--lameduck", (LAMEDUCK,), duration),
    "grace": Flag("--grace", (GRACE,), _seconds),
    "pre_stop": Flag("--pre-stop", (PRE_STOP,), _seconds),
    "readiness_period": Flag("--readiness-period", (READINESS, PERIOD), _seconds_above_0),
    "readiness_failures": Flag("--readiness-failures", (READINESS, FAILURES), _above_0),
    "readiness_timeout": Flag("--readiness-timeout", (READINESS, TIMEOUT), _seconds_above_0),
    "propagation": Flag("--propagation", (PROPAGATION,), propagation),
    "remove_disabled_budget": Flag("--remove-disabled-budget", (WORKLOAD, REMOVE_BUDGET), bool),
    "corefile_base": Flag("--corefile-base", (COREFILE_BASE,), str),
    "allow_unverified_workload": Flag("--allow-unverified-workload", (ALLOW_UNVERIFIED,), bool),
    "allow_weaken": Flag("--allow-weaken", (ALLOW_WEAKEN,), bool),
    "allow_downgrade": Flag("--allow-downgrade", (ALLOW_DOWNGRADE,), bool),
    "resolve_conflicts": Flag("--resolve-conflicts", (RESOLVE_CONFLICTS,), str),
}
"""By the option's name in a request."""


def read_flags(*, corefile_set: Sequence[str] = (), **given: str | int | None) -> Settings:
    """Read the given flags as the last layer, in the order of FLAGS.

    Args:
        corefile_set: Arguments of `--corefile-set`, such as `cache.ttl=60`; they follow the others.
        given: By names of FLAGS; None for a flag that is not set. `grace` and `pre_stop` are seconds with or
            without unit, such as 45 or 45s.

    Raises:
        EksdnsError: Invalid value; with the flag and a hint.
    """
    set_flags = {name: value for name, value in given.items() if value is not None and value is not False}
    found = [_setting(flag, set_flags[name]) for name, flag in FLAGS.items() if name in set_flags]
    return (*found, *_corefile_settings(corefile_set))


COREFILE_SET = "--corefile-set"


def _corefile_settings(texts: Sequence[str]) -> Iterator[Setting]:
    """Read each place once.

    Raises:
        EksdnsError: Two values for one place.
    """
    given: dict[tuple[str, ...], tuple[str, Setting]] = {}
    for text in texts:
        setting = _corefile_setting(text)
        earlier, same = given.setdefault(setting.keys, (text, setting))
        if same.value != setting.value:
            raise EksdnsError(
                f"{COREFILE_SET} {earlier} and {COREFILE_SET} {text} set the same value",
                hint="give one of them",
                exit_code=ExitCode.USAGE,
            )
        if same is setting:
            yield setting


def _corefile_setting(text: str) -> Setting:
    try:
        path, value = assignment(text)
        setting = desired_setting(path, value)
    except AddressError as error:
        raise EksdnsError(f"{COREFILE_SET}: {error}", hint=error.hint, exit_code=ExitCode.USAGE) from None
    return Setting((SETTINGS, setting.path), value, Origin(Location(f"flag {COREFILE_SET}"), LAYER))


def _setting(flag: Flag, given: str | int | None) -> Setting:
    try:
        value = flag.read(given.strip() if isinstance(given, str) else given)
    except WordError as error:
        raise EksdnsError(
            f"{flag.name}: {error.summary}", hint=error.hint, exit_code=ExitCode.USAGE
        ) from None
    return Setting(flag.keys, value, Origin(Location(f"flag {flag.name}"), LAYER))
