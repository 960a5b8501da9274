"""How a run ended for one target."""

from dataclasses import dataclass

from eksaddon.domain.cause import Trouble


@dataclass(frozen=True, slots=True)
class Changed:
    """The change is in force.

    Attributes:
        note: What could not be proven beside it; empty as a rule.
    """

    update_id: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The target was as desired; nothing was written."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Deliberately left alone: not installed, Auto Mode, blocked by a rule, not started."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stale:
    """The target moved between plan and write; nothing was written."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The write was refused, or did not lead where it should.

    Attributes:
        update_id: Empty where no update was accepted.
    """

    trouble: Trouble
    update_id: str = ""


@dataclass(frozen=True, slots=True)
class Unreached:
    """Not known how it stands: it could not be read, or its update did not end before the deadline."""

    trouble: Trouble
    update_id: str = ""


@dataclass(frozen=True, slots=True)
class RolledBack:
    update_id: str


Outcome = Changed | Unchanged | Skipped | Stale | Failed | Unreached | RolledBack
