"""An add-on update as EKS remembers it, and what its status word means."""

from dataclasses import dataclass
from enum import StrEnum

from eksaddon.domain.cause import Cause, Trouble

CONFIGURATION_VALUES = "ConfigurationValues"
"""The UpdateParamType that repeats the document of an UpdateAddon (source: eks 2017-11-01 model)."""

_CANCELLED = "Cancelled"


class UpdatePhase(StrEnum):
    """Where an update stands. A status word that this version does not know counts as running."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class UpdateError:
    code: str
    message: str
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdateRecord:
    """An add-on update as DescribeUpdate returns it.

    Attributes:
        status: InProgress, Successful, Failed, Cancelled; new words are data.
        created_at: Seconds since the epoch, by EKS's clock.
        params: Only what the request carried, as (type, value).
    """

    id: str
    status: str
    created_at: float = 0.0
    params: tuple[tuple[str, str], ...] = ()
    errors: tuple[UpdateError, ...] = ()

    @property
    def phase(self) -> UpdatePhase:
        match self.status:
            case "Successful":
                return UpdatePhase.SUCCEEDED
            case "Failed" | "Cancelled":
                return UpdatePhase.FAILED
            case _:
                return UpdatePhase.RUNNING

    @property
    def text(self) -> str | None:
        """The configurationValues that it carried, verbatim; None where it carried none."""
        return dict(self.params).get(CONFIGURATION_VALUES)

    @property
    def trouble(self) -> Trouble:
        """Why an update that failed or was cancelled did not succeed."""
        texts = "; ".join(f"{error.code}: {error.message}" for error in self.errors)
        if self.status == _CANCELLED:
            return Trouble(
                Cause.UPDATE_CANCELLED, texts or "the update was cancelled", operation="UpdateAddon"
            )
        codes = {error.code for error in self.errors}
        cause = Cause.CONFLICT if "ConfigurationConflict" in codes else Cause.UPDATE_FAILED
        message = texts or f"the update ended as {self.status} without an error"
        return Trouble(cause, message, code=",".join(sorted(codes)), operation="UpdateAddon")


@dataclass(frozen=True, slots=True)
class NotLookedAt:
    """Nothing asked for the update history: the add-on is ACTIVE without issues, and no run left it open."""


@dataclass(frozen=True, slots=True)
class NoUpdate:
    """EKS knows no update of the add-on."""


UpdateSeen = UpdateRecord | NoUpdate | NotLookedAt | Trouble
"""What is known of the update that counts; a Trouble says why it could not be read."""
