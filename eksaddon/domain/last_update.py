"""The newest update of an add-on, as recorded by EKS."""

from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class LastUpdate:
    """Content, time and result of an update; EKS does not record its sender (source: its Update type).

    Attributes:
        id: Empty if EKS lists no update or could not be read.
        at: Seconds since the epoch; 0 for no update.
        status: Status from EKS; `none` for no update, `unknown` if EKS could not be read.
        sent: Types of the update's parameters, such as `ConfigurationValues`.
        detail: Error text; usually empty.
    """

    id: str = ""
    at: float = 0.0
    status: str = "none"
    sent: tuple[str, ...] = ()
    detail: str = ""
