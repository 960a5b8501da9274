"""What `drift` and `audit` treat as a failure; a separate module to keep --help fast."""

from enum import StrEnum


class FailOn(StrEnum):
    DRIFT = "drift"
    UNHEALTHY = "unhealthy"
    UNREACHABLE = "unreachable"
    NEVER = "never"


class AuditFailOn(StrEnum):
    """Level of a reason; `never` ignores unreachable targets too."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NEVER = "never"
