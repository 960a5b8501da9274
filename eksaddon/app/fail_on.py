"""What `drift` treats as a failure; a separate module to keep --help fast."""

from enum import StrEnum


class FailOn(StrEnum):
    DRIFT = "drift"
    UNHEALTHY = "unhealthy"
    UNREACHABLE = "unreachable"
    NEVER = "never"
