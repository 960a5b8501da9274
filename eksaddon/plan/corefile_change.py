"""Determines the Corefile that a plan stores: its base, and the lameduck set in it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from eksaddon.corefile.editing.edits import Edited, Refused
from eksaddon.corefile.editing.lameduck import set_lameduck
from eksaddon.domain.basis import CorefileBase
from eksaddon.domain.desired import CorefileSource, Lameduck
from eksaddon.domain.diagnostic import Diagnostic, Location, Severity
from eksaddon.domain.json import JsonObject
from eksaddon.domain.workload import Workload, WorkloadState
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


def with_lameduck(start: Start, lameduck: Lameduck) -> str | Diagnostic:
    """Set the lameduck; returns the unchanged text if it is set already."""
    return with_lameduck_text(start, lameduck.text)


@lru_cache(maxsize=512)  # a fleet shares texts between versions
def with_lameduck_text(start: Start, lameduck: str) -> str | Diagnostic:
    """Like `with_lameduck`, for a value as written in a Corefile."""
    answer = set_lameduck(start.text, lameduck)
    match answer:
        case Edited(text=text):
            return text
        case Refused() as refused:
            return Diagnostic(
                Severity.ERROR,
                "corefile-refused",
                f"lameduck {lameduck} cannot be set safely: {refused.message}",
                refused.hint,
                Location("corefile", refused.line, refused.column),
            )
        case _:
            assert_never(answer)
