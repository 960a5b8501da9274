"""Determines the Corefile that a plan stores: its base, and the lameduck set in it."""

from functools import lru_cache
from typing import assert_never

from eksaddon.corefile.desired.apply import SETTINGS, apply_desired
from eksaddon.corefile.diff.difference import Difference, compare
from eksaddon.corefile.editing.edits import Edited, Reason, Refused
from eksaddon.corefile.editing.lameduck import set_lameduck
from eksaddon.domain.basis import CorefileBase
from eksaddon.domain.corefile.desired import NO_COREFILE, DesiredCorefile
from eksaddon.domain.desired import CorefileSource
from eksaddon.domain.diagnostic import Diagnostic, Location, Severity
from eksaddon.domain.json import JsonObject
from eksaddon.domain.workload import Workload, WorkloadState
from eksaddon.frozen import dataclass
from eksaddon.schema import Certainty, DefaultCorefile, NoDefault, default_corefile, parse_version


@dataclass(frozen=True, slots=True)
class Start:
    """The Corefile in force."""

    text: str
    base: CorefileBase


@dataclass(frozen=True, slots=True)
class NoStart:
    """The Corefile in force is unknown."""

    reason: str


def corefile_in_force(
    version: str,
    stored: JsonObject,
    wanted: JsonObject,
    workload: WorkloadState,
    chosen: CorefileSource | None = None,
) -> Start | NoStart:
    """The fleet file's Corefile, else the add-on's, else the live one, else EKS's default for the version.

    Args:
        chosen: `live` prefers the live one to the add-on's.
    """
    if chosen is CorefileSource.LIVE and isinstance(workload, Workload) and workload.corefile:
        stored = {}
    for tree, base in ((wanted, CorefileBase.DESIRED), (stored, CorefileBase.STORED)):
        text = tree.get("corefile")
        if isinstance(text, str) and text.strip():
            return Start(text, base)
    match workload:
        case Workload(corefile=str() as live):
            return Start(live, CorefileBase.LIVE)
        case _:
            pass
    default = default_corefile(parse_version(version))
    match default:
        case DefaultCorefile(text=text, certainty=certainty):
            is_known = certainty is Certainty.DOCUMENTED
            return Start(text, CorefileBase.PACKAGED if is_known else CorefileBase.INFERRED)
        case NoDefault(reason=reason):
            return NoStart(f"the add-on's configuration has no Corefile, and {reason}")
        case _:
            assert_never(default)


def with_lameduck_text(start: Start, lameduck: str) -> str | Diagnostic:
    """Set the lameduck as written in a Corefile; returns the unchanged text if it is set already."""
    return with_desired(start.text, lameduck, NO_COREFILE)


@lru_cache(maxsize=512)  # a fleet shares texts between versions
def with_desired(text: str, lameduck: str | None, desired: DesiredCorefile) -> str | Diagnostic:
    """Set everything that is desired of a Corefile; returns the text unchanged if it has the same meaning.

    Args:
        text: The Corefile in force.
        lameduck: As written in a Corefile; None if not managed.
    """
    given = text if desired.text is None else desired.text
    result = given if lameduck is None else _with_lameduck(given, lameduck)
    if isinstance(result, str) and not desired.is_empty:
        result = _with_settings(result, desired)
    if isinstance(result, Diagnostic):
        return result
    if lameduck is not None and _with_lameduck(result, lameduck) != result:
        summary = f"lameduck {lameduck} contradicts a setting of health in {SETTINGS}"
        return Diagnostic(Severity.ERROR, REFUSED, summary, "keep one of them", Location("corefile"))
    if desired.text is not None and same_meaning(text, result):
        return text
    return result


def same_meaning(one: str, other: str) -> bool:
    """Whether two Corefiles mean the same to CoreDNS; two that it refuses only if they are equal."""
    return one == other or _have_no_difference(one, other)


@lru_cache(maxsize=512)  # a plan compares the live text with two others, and a fleet shares texts
def _have_no_difference(one: str, other: str) -> bool:
    difference = compare(one, other)
    return isinstance(difference, Difference) and difference.is_empty


REFUSED, MISMATCH = "corefile-refused", "corefile-mismatch"
"""Rules of desired values that cannot be set; a mismatch is about the Corefile of one cluster."""

_OF_ONE_CLUSTER = frozenset(
    {
        Reason.NO_SUCH_BLOCK,
        Reason.AMBIGUOUS,
        Reason.NOT_OWNED,
        Reason.FROM_SNIPPET,
        Reason.FROM_FILE,
        Reason.FROM_ENVIRONMENT,
    }
)
_BY_HAND = "edit it with `eksdns corefile set --in-snippet`, and use the result as corefile.text"


def _with_lameduck(text: str, lameduck: str) -> str | Diagnostic:
    answer = set_lameduck(text, lameduck)
    match answer:
        case Edited(text=edited):
            return edited
        case Refused() as refused:
            return _refused(f"lameduck {lameduck}", refused, REFUSED)
        case _:
            assert_never(answer)


def _with_settings(text: str, desired: DesiredCorefile) -> str | Diagnostic:
    found = apply_desired(text, desired)
    if isinstance(found, str):
        return found
    is_of_cluster = found.refused.reason in _OF_ONE_CLUSTER and desired.text is None
    return _refused(found.path, found.refused, MISMATCH if is_of_cluster else REFUSED)


def _refused(what: str, refused: Refused, rule: str) -> Diagnostic:
    return Diagnostic(
        Severity.ERROR,
        rule,
        f"{what} cannot be set safely: {refused.message}",
        _BY_HAND if refused.reason is Reason.FROM_SNIPPET else refused.hint,
        Location("corefile", refused.line, refused.column),
    )
