"""The newest update of an add-on, as EKS remembers it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LastUpdate:
    """What was sent, when, and how it ended; EKS does not keep who sent it (source: its Update type).

    Attributes:
        id: Empty if EKS knows no update or could not be read.
        at: Seconds since the epoch; 0 where there is none.
        status: Status from EKS; `none` for no update, `unknown` if EKS could not be read.
        sent: Names of what the update carried, as `ConfigurationValues`.
        detail: What went wrong; empty as a rule.
    """

    id: str = ""
    at: float = 0.0
    status: str = "none"
    sent: tuple[str, ...] = ()
    detail: str = ""
