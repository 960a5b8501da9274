"""Validators for single values of the fleet file; each raises WordError."""

import difflib
import re
from collections.abc import Sequence
from datetime import date

from eksaddon.corefile.meaning.durations import NotADuration, parse_duration
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.rollout.time_zone import time_zone
from eksaddon.domain.versions.desired import EXACT, read_desired_version

FORMAT = 1
"""Version of the fleet file format."""

MAX_PODS = 2**31 - 1
"""Numbers of pods are int32 in the Kubernetes API (source: IntOrString, k8s.io/apimachinery)."""

SECOND = 1_000_000_000
DURATION = r"^[+]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$"
SECONDS = r"^(0|([0-9]+[hms])+)$"
PERCENT = r"^(100|[0-9]{1,2})%$"
NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
TIME = r"([01][0-9]|2[0-3]):([0-5][0-9])"


class WordError(Exception):
    """An invalid value, with a summary of the fault and a hint.

    Args:
        below: The affected key inside the value; empty for the whole value.
    """

    def __init__(self, summary: str, hint: str = "", below: str = "") -> None:
        super().__init__(summary)
        self.summary = summary
        self.hint = hint
        self.below = below


def shown(value: object) -> str:
    """Format a value as YAML, shortened for messages."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return repr(value[:60])
        case []:
            return "an empty list"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return str(value)


def text_of(value: object, what: str, example: str) -> str:
    if isinstance(value, str):
        return value
    raise WordError(f"{shown(value)} is not a {what}", f"use {example}")


def nanoseconds(value: object) -> int:
    """Read a Go duration that is not negative.

    Raises:
        WordError: With the missing unit, or Go's error message.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise WordError(f"missing unit in duration {value}", f"use {value}s")
    text = text_of(value, "duration", "a number with a unit (example: 20s)")
    found = parse_duration(text)
    if isinstance(found, NotADuration):
        reason = "" if found.reason == "invalid duration" else f": {found.reason}"
        raise WordError(f"invalid duration {text!r}{reason}", _duration_hint(text))
    if text.startswith("-"):
        raise WordError(f"negative duration {text!r}", "use 0s to disable")
    return found


def _duration_hint(text: str) -> str:
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return f"use {text}s"
    if found := re.fullmatch(r"([0-9]{1,6})d", text):
        return f"Go durations have no days; use {int(found[1]) * 24}h"
    return "use a number with a unit (examples: 20s, 1m30s, 500ms)"


def version(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value == FORMAT:
        return value
    raise WordError(f"unsupported version {shown(value)}", f"this eksdns supports version {FORMAT}")


ADDON_VERSION = rf"^(default|latest|(>= ?)?{EXACT})$"


def addon_version(value: object) -> str:
    """Read a desired add-on version."""
    text = text_of(value, "version of the add-on", "default, latest, a version or >= and a version")
    found = read_desired_version(text)
    if found is None:
        hint = "use default, latest, a version (example: v1.11.4-eksbuild.33) or >=v1.11.4-eksbuild.33"
        raise WordError(f"invalid add-on version {text!r}", hint)
    return str(found)


def duration(value: object) -> str:
    nanoseconds(value)
    return str(value)


LONGEST_PROPAGATION = 300
"""Seconds; the longest published figure, of 5,000 nodes that restart (source: kubernetes#82364)."""


def propagation(value: object) -> str:
    """Read a propagation: more than nothing, and no typo of minutes for seconds."""
    found = nanoseconds(value)
    if not 0 < found <= LONGEST_PROPAGATION * SECOND:
        raise WordError(f"invalid propagation {value}", f"use more than 0s, up to {LONGEST_PROPAGATION}s")
    return str(value)


def whole_seconds(value: object) -> int:
    """Read a duration of whole seconds, the resolution of Kubernetes."""
    found = nanoseconds(value)
    if not re.fullmatch(SECONDS, str(value), re.ASCII):
        raise WordError(
            f"{value!r} is not a whole number of seconds", "use whole seconds (examples: 45s, 1m30s)"
        )
    return found // SECOND


def pod_seconds(value: object) -> int:
    """Read whole seconds of a pod's field, which Kubernetes writes without a unit."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    return whole_seconds(value)


def positive_seconds(value: object) -> int:
    """Read a duration of whole seconds above zero."""
    found = whole_seconds(value)
    if not found:
        raise WordError(f"{value!r} is too short", "use 1s or more")
    return found


def pods(value: object) -> int | str:
    """Read a number of pods or a percentage, as in a PodDisruptionBudget."""
    if isinstance(value, int) and value > MAX_PODS:
        raise WordError(f"{value} is above {MAX_PODS}, the largest number of pods", "check for a typo")
    return _amount(value, least=0, what="number of pods")


def _amount(value: object, *, least: int, what: str) -> int | str:
    match value:
        case bool():
            pass
        case int() if value >= least:
            return value
        case str() if re.fullmatch(PERCENT, value, re.ASCII):
            return value
        case str() if re.fullmatch(r"[0-9]+", value, re.ASCII):
            raise WordError(f"{value!r} is text, not a number or a percentage", f"use {value} or {value}%")
    raise WordError(f"{shown(value)} is not a {what}", "use a number or a percentage (examples: 1, 25%)")


def width(value: object) -> int | str:
    return _amount(value, least=1, what="number of targets above zero")


def tolerance(value: object) -> int | str:
    return _amount(value, least=0, what="number of targets")


def globs(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    if not items:
        raise WordError("the list is empty", "remove the key to match everything")
    return [_glob(each) for each in items]


def _glob(value: object) -> str:
    if isinstance(value, str) and value:
        return value
    raise WordError(
        f"{shown(value)} is not a name or glob", "use text; quote it if it is a number or contains a *"
    )


def label(value: object) -> str:
    if isinstance(value, str):
        return value
    raise WordError(f"{shown(value)} is not a label value", f'put it in quotes: "{_bare(value)}"')


def _bare(value: object) -> str:
    return "" if value is None or isinstance(value, (list, dict)) else shown(value)


def name(value: object) -> str:
    text = text_of(value, "name", "letters, digits, dots, - or _")
    if re.fullmatch(NAME, text, re.ASCII):
        return text
    raise WordError(
        f"invalid name {text!r}",
        "use up to 63 letters, digits, dots, - and _, starting with a letter or digit",
    )


def day(value: object) -> str:
    text = text_of(value, "date", "a date (example: 2030-12-31)")
    try:
        return date.fromisoformat(text if re.fullmatch(DATE, text, re.ASCII) else "").isoformat()
    except ValueError:
        raise WordError(f"invalid date {text!r}", "use year-month-day (example: 2030-12-31)") from None


def time_of_day(value: object) -> int:
    """Read a time of day as minutes after midnight."""
    text = text_of(value, "time of day", 'a quoted time (example: "22:00")')
    found = re.fullmatch(TIME, text, re.ASCII)
    if found is None:
        raise WordError(f"invalid time of day {text!r}", 'use hours and minutes (example: "22:00")')
    return int(found[1]) * 60 + int(found[2])


def zone(value: object) -> str:
    text = text_of(value, "time zone", "a name (example: Europe/Berlin)")
    try:
        time_zone(text)
    except EksdnsError as error:
        raise WordError(error.message, error.hint) from None
    return text


def filled(value: object) -> str:
    return _filled(value, "write a value, or remove the key")


def described(value: object) -> str:
    return _filled(value, "describe who or why; this is shown in plans")


def _filled(value: object, hint: str) -> str:
    text = text_of(value, "string", "text")
    if text.strip():
        return text
    raise WordError("is empty", hint)


OWN_KEYS = (
    "addonVersion",
    "replicaCount",
    "podDisruptionBudget",
    "lameduck",
    "terminationGracePeriod",
    "preStop",
    "resolveConflicts",
    "workload",
    "propagation",
    "readinessProbe",
    "configuration",
)
"""Keys next to `configuration`, so that each value has a single place."""


_OWN_KEY_OF = {
    "replicas": "replicaCount",
    "pdb": "podDisruptionBudget",
    "gracePeriod": "terminationGracePeriod",
    "terminationGracePeriodSeconds": "terminationGracePeriod",
    "lifecycle": "preStop",
    "preStopSeconds": "preStop",
}
"""Names used by Kubernetes and other tools for fields with their own key; not part of any add-on schema."""


def other_keys(value: object) -> dict[str, object]:
    """Read keys of the add-on's schema that do not have their own field."""
    if not isinstance(value, dict):
        raise WordError(
            f"configuration is {shown(value)}, not a mapping",
            "put keys of the add-on's schema below it",
        )
    for key in value:
        if (own := _OWN_KEY_OF.get(key)) is not None:
            hint = f"write {own} one level up, next to `configuration`"
            raise WordError(f"{key} is set by {own}", hint, key)
        if key in OWN_KEYS:
            raise WordError(
                f"{key} does not belong below `configuration`", "move it one level up, below `coredns`", key
            )
    return value


def nearest(word: str, known: Sequence[str]) -> str:
    """A "did you mean" question with the closest word; empty if none is close."""
    lowered = {each.lower(): each for each in known}
    found = difflib.get_close_matches(word.lower().replace("_", ""), lowered, n=1, cutoff=0.7)
    return f"did you mean {lowered[found[0]]!r}?" if found else ""
