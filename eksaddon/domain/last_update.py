"""The newest update of an add-on, as EKS remembers it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LastUpdate:
    """What was sent, when, and how it ended; EKS does not keep who sent it (source: its Update type).

    Attributes:
        id: Empty where EKS remembers no update, or could not be asked.
        at: Seconds since the epoch; 0 where there is none.
        status: EKS's word; `none` for no update, `unknown` where EKS could not be asked.
        sent: Names of what the update carried, as `ConfigurationValues`.
        detail: What went wrong; empty as a rule.
    """

    id: str = ""
    at: float = 0.0
    status: str = "none"
    sent: tuple[str, ...] = ()
    detail: str = ""
