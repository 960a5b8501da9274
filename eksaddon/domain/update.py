"""An add-on update as recorded by EKS, and the meaning of its status."""

from enum import StrEnum

from eksaddon.domain.cause import Cause, Trouble, labelled
from eksaddon.frozen import dataclass

CONFIGURATION_VALUES, ADDON_VERSION = "ConfigurationValues", "AddonVersion"
"""The UpdateParamTypes that repeat the document and the version of an UpdateAddon (source: eks 2017-11-01
model)."""

_CANCELLED = "Cancelled"


class UpdatePhase(StrEnum):
    """Phase of an update; an unknown status counts as running."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class UpdateError:
    code: str
    message: str
    resources: tuple[str, ...] = ()

    def __str__(self) -> str:
        return labelled(self.code, self.message)


@dataclass(frozen=True, slots=True)
class UpdateRecord:
    """An add-on update as DescribeUpdate returns it.

    Attributes:
        status: InProgress, Successful, Failed, Cancelled; unknown values are kept.
        created_at: Seconds since the epoch, by EKS's clock.
        params: (type, value) of the parameters that the request set, no others.
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
        """The configurationValues of the request, verbatim; None if it had none."""
        return dict(self.params).get(CONFIGURATION_VALUES)

    @property
    def version(self) -> str:
        """The addonVersion of the request; empty if it had none."""
        return dict(self.params).get(ADDON_VERSION, "")

    @property
    def trouble(self) -> Trouble:
        """Why the update failed or was cancelled."""
        texts = "; ".join(map(str, self.errors))
        if self.status == _CANCELLED:
            return Trouble(
                Cause.UPDATE_CANCELLED, texts or "the update was cancelled", operation="UpdateAddon"
            )
        codes = {error.code for error in self.errors}
        cause = Cause.CONFLICT if "ConfigurationConflict" in codes else Cause.UPDATE_FAILED
        message = texts or f"the update ended as {self.status} without an error"
        return Trouble(cause, message, code=",".join(sorted(codes)), operation="UpdateAddon")


@dataclass(frozen=True, slots=True)
class HistoryNotRead:
    """The update history was not needed: the add-on is ACTIVE without issues, and no run left it open."""


@dataclass(frozen=True, slots=True)
class NoUpdate:
    """EKS lists no update of the add-on."""


UpdateSeen = UpdateRecord | NoUpdate | HistoryNotRead | Trouble
"""The relevant update; a Trouble says why it could not be read."""
