"""The verdict of an audit on one cluster, with reasons, worst first."""

from enum import StrEnum
from types import MappingProxyType

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.frozen import dataclass


class Level(StrEnum):
    """Weight of a reason; values are published in JSON output.

    `high`: an ordinary event, such as a node replacement, interrupts DNS, or blocks operations. `medium`:
    lookups are lost in such events, or a later update fails. `low`: deviates from advice, without effect yet.
    `note`: a fact that changes how to read the others; it does not count.
    """

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NOTE = "note"


WORST_FIRST = tuple(Level)

SEVERITIES = MappingProxyType(
    {
        Level.HIGH: Severity.ERROR,
        Level.MEDIUM: Severity.WARNING,
        Level.LOW: Severity.INFO,
        Level.NOTE: Severity.INFO,
    }
)
"""Severity of each level in formats that have three."""


class Grade(StrEnum):
    """A: no reason. B: low ones. C: one or two medium ones. D: one high or three medium ones. F: more."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    F = "F"


class AuditWord(StrEnum):
    """State of a target in an audit; values are published."""

    AT_RISK = "atRisk"
    WEAK = "weak"
    GOOD = "good"
    UNVERIFIED = "unverified"
    SKIPPED = "skipped"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a check comes from.

    Attributes:
        name: Such as `EKS best practices: cluster services`.
        url: Empty if it has no page of its own.
    """

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(Diagnostic):
    """A finding of an audit.

    Attributes:
        level: What `severity` is derived from.
        sources: At least one.
    """

    level: Level
    sources: tuple[Source, ...]

    @property
    def label(self) -> str:
        return self.level.value


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result for one cluster.

    Attributes:
        grade: None if not enough could be read to give one.
        reasons: Worst first.
        first: What to do first; empty if nothing is to be done.
        unread: What could not be read, one sentence each; the verdict may be worse.
    """

    word: AuditWord
    grade: Grade | None
    reasons: tuple[Reason, ...] = ()
    first: str = ""
    unread: tuple[str, ...] = ()
