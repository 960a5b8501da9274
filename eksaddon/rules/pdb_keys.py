"""pdb-keys: the schemas accept misspelt keys and wrong types in a PodDisruptionBudget."""

import difflib
import re
from collections.abc import Iterator

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import Json
from eksaddon.regex import regex
from eksaddon.rules.facts import Facts, Finding

RULE = "pdb-keys"
KEY = "podDisruptionBudget"
LIMITS = ("maxUnavailable", "minAvailable")
KNOWN = ("enabled", *LIMITS)
PERCENT = regex(r"(100|\d{1,2})%", re.ASCII)


def pdb_keys(facts: Facts) -> Iterator[Finding]:
    budget = facts.group(KEY)
    for key, value in budget.items():
        if key not in KNOWN:
            yield _finding(f"{KEY}.{key}", f"unknown key {key!r} in {KEY}", _nearest(key))
        elif key == "enabled" and not isinstance(value, bool):
            yield _finding(f"{KEY}.enabled", f"invalid {KEY}.enabled {value!r}", "set it to true or false")
        elif key != "enabled" and not _is_amount(value):
            yield _finding(
                f"{KEY}.{key}",
                f"invalid {KEY}.{key} {value!r}",
                "use a number of pods or a percentage (example: '33%')",
            )
    if all(limit in budget for limit in LIMITS):
        yield Finding(two_limits(), (KEY, KEY))


def two_limits() -> Diagnostic:
    """Finding for a budget with both limits."""
    summary = f"{KEY} has both minAvailable and maxUnavailable, Kubernetes allows only one"
    return Diagnostic(
        Severity.ERROR, RULE, summary, "remove one, in the fleet file with `minAvailable: null`"
    )


def _nearest(key: str) -> str:
    matches = difflib.get_close_matches(key, KNOWN, n=1)
    return f"did you mean {matches[0]!r}?" if matches else f"known keys: {', '.join(KNOWN)}"


def _is_amount(value: Json) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return value >= 0
    return isinstance(value, str) and PERCENT.fullmatch(value) is not None


def _finding(path: str, summary: str, detail: str) -> Finding:
    return Finding(Diagnostic(Severity.ERROR, RULE, summary, detail), (path, KEY))
