"""What an API server says to a server-side apply, a dry run or the real one."""

from eksaddon.domain.kube.not_checked import NotChecked
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Applied:
    """The object has the requested values."""


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """Another manager owns a field and set it to another value.

    Attributes:
        field: As `.spec.template.spec.terminationGracePeriodSeconds`.
    """

    manager: str
    field: str


@dataclass(frozen=True, slots=True)
class ApplyConflict:
    """Another manager owns a field, or the object changed meanwhile.

    Attributes:
        conflicts: Empty if the API server named none, as of an object that changed meanwhile.
    """

    conflicts: tuple[FieldConflict, ...]

    @property
    def owners(self) -> str:
        """Who manages which field, or that the API server does not say."""
        named = (f"{each.field} is managed by {each.manager}" for each in self.conflicts)
        return "; ".join(named) or "the API server reports a conflict and names no field"

    @property
    def remedy(self) -> str:
        return "use --force-conflicts to take over the fields" if self.conflicts else "run again"


@dataclass(frozen=True, slots=True)
class WriteRefused:
    """Validation, an admission webhook, a policy or a quota rejects the object; nothing was written.

    Attributes:
        is_invalid: By the API server's own validation, which is the same for every caller.
    """

    reason: str
    hint: str = ""
    is_invalid: bool = False


@dataclass(frozen=True, slots=True)
class WriteForbidden:
    """The credentials may not write the object; others may."""

    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """A field that admission set to another value than the requested one.

    Attributes:
        field: As in a plan's changes: `terminationGracePeriodSeconds`.
    """

    field: str
    requested: int
    actual: int

    def __str__(self) -> str:
        return f"{self.field} becomes {self.actual} instead of {self.requested}"


@dataclass(frozen=True, slots=True)
class Overridden:
    """A mutating webhook or policy changed what was requested; at a real apply, its values were written."""

    overrides: tuple[Override, ...]

    def __str__(self) -> str:
        return "; ".join(map(str, self.overrides))


@dataclass(frozen=True, slots=True)
class WriteNotSent:
    """No attempt could send the write, so that nothing was written."""

    reason: str
    hint: str = ""


ApplyAnswer = Applied | ApplyConflict | WriteRefused | WriteForbidden | Overridden | WriteNotSent | NotChecked
